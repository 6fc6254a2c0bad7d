//! From an op's bytes to its effect: plain functions on a transaction.
//!
//! [`op`] takes one op: it checks size, hash and signature, stores the exact bytes, moves the log's
//! end as far as there is no gap, and applies what the op says ([`apply`]). The answer is a receipt
//! or a refusal, and a refusal is only ever given to what can never be taken: bad signature,
//! malformed, over the size limit, from a phone nobody knows. What an op *leads to* is its verdict.
//!
//! Everything is idempotent and independent of order: the same op again gets the first receipt; an
//! op whose parent is not here yet is parked under the parent's name and applied when it comes.
//! When an op makes the server fail, the caller's savepoint is undone and [`park_faulty`] keeps the
//! bytes, so the phone is answered and its neighbours pass.

mod apply;
mod log;

use crate::store::{StoreError, Tx};
use zhicha_domain::{
    ops::{OpBody, OpError, OpHead, Receipt, Received, SignedOp, Verdict, VerdictStatus},
    wire::ChangeBody,
};

/// Takes one op.
///
/// # Errors
/// [`StoreError`]: nothing of the op was kept.
pub fn op(tx: &Tx<'_>, op: &SignedOp, now_ms: i64) -> Result<Received, StoreError> {
    let head = match checked(tx, op)? {
        Ok(head) => head,
        Err(refused) => return Ok(refused),
    };
    if tx.log(head.log, head.device)?.device != head.device {
        return Ok(foreign_log(&head));
    }
    if let Some(receipt) = tx.receipt(head.op)? {
        if receipt.hash != op.hash() {
            tx.mark_forked(head.log)?;
        }
        return Ok(Received::Received(receipt));
    }
    let receipt = stored(tx, op, &head, now_ms)?;
    apply::apply(tx, op, &head, now_ms)?;
    Ok(Received::Received(receipt))
}

/// Keeps an op whose effect made the server fail: its bytes are durable, its verdict is parked.
///
/// # Errors
/// [`StoreError`].
pub fn park_faulty(tx: &Tx<'_>, op: &SignedOp, now_ms: i64) -> Result<Received, StoreError> {
    let head = match checked(tx, op)? {
        Ok(head) => head,
        Err(refused) => return Ok(refused),
    };
    if tx.log(head.log, head.device)?.device != head.device {
        return Ok(foreign_log(&head));
    }
    if let Some(receipt) = tx.receipt(head.op)? {
        return Ok(Received::Received(receipt));
    }
    let receipt = stored(tx, op, &head, now_ms)?;
    let verdict = Verdict {
        op: head.op,
        status: VerdictStatus::Parked,
        code: "server_fault".into(),
        detail: String::new(),
    };
    say(tx, &head, verdict, None, now_ms)?;
    Ok(Received::Received(receipt))
}

fn stored(tx: &Tx<'_>, op: &SignedOp, head: &OpHead, now_ms: i64) -> Result<Receipt, StoreError> {
    let receipt = tx.insert_op(op, head, now_ms)?;
    log::extend(tx, head, receipt.hash)?;
    Ok(receipt)
}

/// Writes a verdict down and tells the author.
fn say(
    tx: &Tx<'_>,
    head: &OpHead,
    verdict: Verdict,
    waits_for: Option<&str>,
    now_ms: i64,
) -> Result<(), StoreError> {
    tx.set_verdict(&verdict, waits_for)?;
    let audience = crate::store::changes::account(head.author);
    tx.publish(&audience, &ChangeBody::Verdict(verdict), now_ms)?;
    Ok(())
}

/// The head of an op that holds, or the refusal of one that never can.
fn checked(tx: &Tx<'_>, op: &SignedOp) -> Result<Result<OpHead, Received>, StoreError> {
    let head = match op.read_head() {
        Ok(head) => head,
        Err(e) => return Ok(Err(refusal(None, &e))),
    };
    let device = tx.device(head.device)?;
    let Some(device) = device.filter(|d| d.account == head.author) else {
        return Ok(Err(Received::Refused {
            op: Some(head.op),
            code: "unknown_device".into(),
            zh: "服务器不认识签名的手机，记录还在本机。请联系管理员，或导出到文件".into(),
            en: "the signing phone is unknown here; the record stays on the phone".into(),
        }));
    };
    let Ok(key) = device.key.verifying() else {
        return Err(StoreError::Stored("device key".into()));
    };
    if let Err(e) = op.verify(&key) {
        return Ok(Err(refusal(Some(&head), &e)));
    }
    if let Some(body) = &op.body
        && let Err(e) = OpBody::read(&head.kind, head.kv, body)
    {
        return Ok(Err(refusal(Some(&head), &OpError::Head(e.to_string()))));
    }
    Ok(Ok(head))
}

/// A log belongs to the phone that began it; nobody else can write in it or show it as forked.
fn foreign_log(head: &OpHead) -> Received {
    Received::Refused {
        op: Some(head.op),
        code: "foreign_log".into(),
        zh: "这个日志属于另一部手机。记录还在本机，可以另存为新记录".into(),
        en: "this log belongs to another phone; the record stays on the phone".into(),
    }
}

fn refusal(head: Option<&OpHead>, error: &OpError) -> Received {
    let zh = match error {
        OpError::Head(_) => {
            "这一条的格式不对，服务器读不懂。记录还在本机，可以导出到文件或另存为新记录"
        }
        OpError::BodyHash => "这一条的内容和它的校验值不一致。记录还在本机，可以另存为新记录",
        OpError::Signature => "这一条的签名不对。记录还在本机，可以另存为新记录",
        OpError::TooLarge { .. } => "这一条太长，超过 64 KiB。记录还在本机，请缩短后另存为新记录",
    };
    Received::Refused {
        op: head.map(|h| h.op),
        code: error.code().into(),
        zh: zh.into(),
        en: format!("{error}; the record stays on the phone"),
    }
}

#[cfg(test)]
mod tests;
