//! Ops up, in the order of the log.

use super::{Door, Line, SyncReport};
use crate::{
    FieldError, Vault,
    clock::Clock,
    net::Request,
    vault::{log, set_meta},
};
use ed25519_dalek::VerifyingKey;
use rusqlite::params;
use std::io::Write as _;
use zhicha_domain::{
    hash::Digest,
    ops::{Received, SignedOp},
    wire::{PushAnswer, PushRequest},
};

const BATCH_OPS: usize = 500;
const BATCH_BYTES: usize = 1024 * 1024;

/// Pushes everything queued. A receipt counts only when it names the hash of our own bytes.
pub(super) fn all(
    door: &mut impl Door,
    line: &mut Line<'_>,
    clock: &dyn Clock,
    report: &mut SyncReport,
) -> Result<(), FieldError> {
    let mut most = BATCH_OPS;
    loop {
        let queued = door.enter(|v| log::ops(&v.db, 0, Some("queued"), most))?;
        let mut bytes = 0;
        let batch: Vec<SignedOp> = queued
            .into_iter()
            .map(|(_, op)| op)
            .take_while(|op| {
                let first = bytes == 0;
                bytes += op.size();
                first || bytes <= BATCH_BYTES
            })
            .collect();
        if batch.is_empty() {
            return Ok(());
        }
        let request = PushRequest { ops: batch };
        let json = serde_json::to_vec(&request).map_err(|e| FieldError::Unfit(e.to_string()))?;
        let packed = pack(&json).map_err(|e| FieldError::Unfit(e.to_string()))?;
        let mut ask = Request::new("POST", "/v1/sync/push")
            .header("content-type", "application/json")
            .header("content-encoding", "zstd");
        ask.body = packed;
        let answer = line.send(&ask)?;
        if answer.status == 413 && request.ops.len() > 1 {
            most = request.ops.len() / 2;
            continue;
        }
        if !answer.ok() {
            return Err(answer.failure().into());
        }
        let answer: PushAnswer = answer.read()?;
        if door.enter(|v| store(v, clock, &request.ops, &answer, report))? == 0 {
            // Only ones to be tried again are left; the next pass tries.
            return Ok(());
        }
    }
}

/// With a checksum, so that what changed on the way is noticed as a whole.
fn pack(json: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packer = zstd::Encoder::new(Vec::new(), 3)?;
    packer.include_checksum(true)?;
    packer.write_all(json)?;
    packer.finish()
}

/// The server could not read these bytes. Ours are good, so the first time they were damaged on the
/// way and go again; a second time it is the server's word, and the record shows it.
fn goes_again(op: &SignedOp, key: &VerifyingKey, code: &str, refused_before: bool) -> bool {
    let may_be_damage = matches!(code, "malformed" | "body_hash" | "bad_signature");
    may_be_damage && !refused_before && op.verify(key).is_ok()
}

/// Writes down what was answered; gives how many ops left the queue.
fn store(
    vault: &mut Vault,
    clock: &dyn Clock,
    sent: &[SignedOp],
    answer: &PushAnswer,
    report: &mut SyncReport,
) -> Result<usize, FieldError> {
    if answer.results.len() != sent.len() {
        return Err(crate::net::NetError::NotOurs(200).into());
    }
    let server_key = vault
        .enrolled()?
        .server_key
        .verifying()
        .map_err(|e| FieldError::Unfit(e.to_string()))?;
    let log = vault.who()?.log;
    let head = answer
        .heads
        .iter()
        .find(|signed| signed.verify(&server_key).is_ok_and(|head| head.log == log));
    let head = head.map(crate::capture::json).transpose()?;
    let offset = answer.now_ms.saturating_sub(clock.now_ms());
    let own_key = vault.device_key().verifying_key();
    let (taken, refused) = vault.transact(|tx| {
        let (mut taken, mut refused) = (0, 0);
        for (op, result) in sent.iter().zip(&answer.results) {
            match result {
                Received::Received(receipt) if receipt.hash == op.hash() => {
                    mark(tx, op.hash(), "confirmed", Some(receipt.received_ms), "")?;
                    taken += 1;
                }
                // The server holds other bytes under this id: ours are not confirmed, and stay.
                Received::Received(_) => {
                    mark(tx, op.hash(), "refused", None, "fork")?;
                    refused += 1;
                }
                Received::Refused { code, zh, .. } => {
                    let before: bool = tx
                        .prepare_cached("SELECT refusal <> '' FROM ops WHERE hash = $1")?
                        .query_row([op.hash().to_string()], |r| r.get(0))?;
                    let text = format!("{code} {zh}");
                    if goes_again(op, &own_key, code, before) {
                        mark(tx, op.hash(), "queued", None, &text)?;
                    } else {
                        mark(tx, op.hash(), "refused", None, &text)?;
                        refused += 1;
                    }
                }
            }
        }
        if let Some(head) = &head {
            set_meta(tx, "log_head", head)?;
        }
        set_meta(tx, "server_off_ms", &offset.to_string())?;
        Ok((taken, refused))
    })?;
    report.ops += taken;
    report.refused += refused;
    Ok(taken + refused)
}

fn mark(
    tx: &rusqlite::Transaction<'_>,
    hash: Digest,
    stage: &str,
    received_ms: Option<i64>,
    refusal: &str,
) -> Result<(), FieldError> {
    tx.prepare_cached("UPDATE ops SET stage = $1, received_ms = $2, refusal = $3 WHERE hash = $4")?
        .execute(params![stage, received_ms, refusal, hash.to_string()])?;
    Ok(())
}
