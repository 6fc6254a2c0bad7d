//! How far a log reaches.

use crate::store::{StoreError, Tx};
use zhicha_domain::{
    hash::Digest,
    ops::{OpHead, chain::follow},
};

/// Moves the log's end over the op just stored and over any that came before their turn. An op
/// that claims a place already taken, or does not name its predecessor, shows a fork: it is kept,
/// and the end stays.
pub(super) fn extend(tx: &Tx<'_>, head: &OpHead, hash: Digest) -> Result<(), StoreError> {
    let mut row = tx.log(head.log, head.device)?;
    if head.seq <= row.tip.seq {
        return tx.mark_forked(head.log);
    }
    if head.seq > row.tip.seq + 1 {
        return Ok(());
    }
    match follow(row.tip, head, hash) {
        Ok(tip) => row.tip = tip,
        Err(_) => return tx.mark_forked(head.log),
    }
    while let Some(next) = tx.op_at(head.log, row.tip.seq + 1)? {
        let Ok(next_head) = next.read_head() else {
            break;
        };
        match follow(row.tip, &next_head, next.hash()) {
            Ok(tip) => row.tip = tip,
            Err(_) => {
                tx.mark_forked(head.log)?;
                break;
            }
        }
    }
    tx.set_tip(row.tip)
}
