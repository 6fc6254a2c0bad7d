//! Changes down. A page and its cursor are stored in one transaction.
//!
//! A kind of change this version does not know is passed over and noted. A later version finds the
//! note and pulls from the start, so that nothing it would have understood stays missing.

use super::{Door, Line};
use crate::{FieldError, Vault, capture::json, clock::Clock, net::Request, vault::set_meta};
use rusqlite::{Transaction, params};
use zhicha_domain::wire::{ChangeBody, HaveAnswer, HaveRequest, PullPage};

/// Pulls until there is no more; gives the number of changes.
pub(super) fn all(
    door: &mut impl Door,
    line: &mut Line<'_>,
    clock: &dyn Clock,
) -> Result<usize, FieldError> {
    door.enter(|v| forget_passed_over(v, VERSION))?;
    let mut count = 0;
    let mut restarted = false;
    loop {
        let cursor = door.enter(|v| v.meta("cursor"))?.unwrap_or_default();
        let path = if cursor.is_empty() {
            "/v1/sync/pull?limit=500".to_owned()
        } else {
            format!("/v1/sync/pull?limit=500&after={cursor}")
        };
        let answer = line.send(&Request::new("GET", path))?;
        if answer.status == 409 && !restarted {
            // The server's history is another one: it may lack what it once confirmed.
            restarted = true;
            // The cursor goes last: a recheck that is cut off is made again.
            recheck(door, line)?;
            door.enter(|v| v.set_meta("cursor", ""))?;
            continue;
        }
        if !answer.ok() {
            return Err(answer.failure().into());
        }
        let page: PullPage = answer.read()?;
        let offset = page.now_ms.saturating_sub(clock.now_ms());
        door.enter(|v| {
            v.transact(|tx| {
                for change in &page.changes {
                    if let ChangeBody::Unknown(_) = change.body {
                        set_meta(tx, PASSED_OVER, VERSION)?;
                    }
                    apply(tx, &change.body)?;
                }
                set_meta(tx, "cursor", &page.next)?;
                set_meta(tx, "server_off_ms", &offset.to_string())?;
                set_meta(tx, "pulled_ms", &clock.now_ms().to_string())
            })
        })?;
        count += page.changes.len();
        if !page.more {
            return Ok(count);
        }
    }
}

/// The version that passed over what it did not know.
const PASSED_OVER: &str = "passed_over_by";
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn forget_passed_over(vault: &mut Vault, version: &str) -> Result<(), FieldError> {
    let by = vault.meta(PASSED_OVER)?.unwrap_or_default();
    if by.is_empty() || by == version {
        return Ok(());
    }
    vault.transact(|tx| {
        set_meta(tx, "cursor", "")?;
        set_meta(tx, PASSED_OVER, "")
    })
}

fn apply(tx: &Transaction<'_>, change: &ChangeBody) -> Result<(), FieldError> {
    match change {
        ChangeBody::Duty(duty) => {
            tx.execute(
                "INSERT INTO duties (duty_id, date, lead) VALUES ($1, $2, $3)
                 ON CONFLICT (duty_id) DO UPDATE SET date = excluded.date, lead = excluded.lead",
                params![duty.duty.to_string(), duty.date.as_str(), duty.lead],
            )?;
        }
        ChangeBody::Task(card) => {
            tx.execute(
                "INSERT INTO tasks (task_id, duty_id, card) VALUES ($1, $2, $3)
                 ON CONFLICT (task_id) DO UPDATE SET card = excluded.card",
                params![card.task.to_string(), card.duty.to_string(), json(card)?],
            )?;
        }
        ChangeBody::TaskWithdrawn(task) => {
            tx.execute(
                "UPDATE tasks SET withdrawn = 1 WHERE task_id = $1",
                [task.task.to_string()],
            )?;
        }
        ChangeBody::Verdict(verdict) => {
            tx.execute(
                "UPDATE ops SET verdict = $1 WHERE op_id = $2",
                params![json(verdict)?, verdict.op.to_string()],
            )?;
        }
        ChangeBody::Problem(notice) => {
            tx.execute(
                "UPDATE problems SET state = $1, no = $2, reason = $3 WHERE problem_id = $4",
                params![
                    notice.state.key(),
                    notice.no,
                    notice.reason,
                    notice.problem.to_string()
                ],
            )?;
            crate::browse::index(tx, &notice.problem.to_string())?;
        }
        ChangeBody::FileComplete {
            photo,
            rendition,
            sha256,
        } => {
            // Confirmed only when the server names the hash of our own bytes.
            tx.execute(
                "UPDATE photo_files SET stage = 'confirmed'
                 WHERE photo_id = $1 AND rendition = $2 AND sha256 = $3",
                params![photo.to_string(), rendition.key(), sha256.to_string()],
            )?;
        }
        ChangeBody::Gone(gone) => {
            if gone.of == "duty" {
                tx.execute("DELETE FROM duties WHERE duty_id = $1", [&gone.id])?;
            }
        }
        ChangeBody::Unknown(_) => {}
    }
    Ok(())
}

/// Asks about everything once confirmed; what the server lacks goes back into the queue.
fn recheck(door: &mut impl Door, line: &mut Line<'_>) -> Result<(), FieldError> {
    let texts = |vault: &Vault, sql: &str| -> Result<Vec<String>, FieldError> {
        Ok(vault
            .db
            .prepare(sql)?
            .query_map([], |r| r.get(0))?
            .collect::<Result<_, _>>()?)
    };
    let (ops, files) = door.enter(|v| {
        Ok((
            texts(
                v,
                "SELECT op_id FROM ops WHERE stage = 'confirmed' ORDER BY seq",
            )?,
            texts(
                v,
                "SELECT DISTINCT sha256 FROM photo_files WHERE stage = 'confirmed'",
            )?,
        ))
    })?;
    let (mut lost_ops, mut lost_files) = (Vec::new(), Vec::new());
    for part in ops.chunks(1000) {
        let ask = HaveRequest {
            ops: part.iter().filter_map(|o| o.parse().ok()).collect(),
            files: vec![],
        };
        let held = have(line, &ask)?;
        lost_ops.extend(ask.ops.into_iter().filter(|op| !held.ops.contains(op)));
    }
    for part in files.chunks(1000) {
        let ask = HaveRequest {
            ops: vec![],
            files: part.iter().filter_map(|f| f.parse().ok()).collect(),
        };
        let held = have(line, &ask)?;
        lost_files.extend(ask.files.into_iter().filter(|f| !held.files.contains(f)));
    }
    door.enter(|v| {
        v.transact(|tx| {
            for op in &lost_ops {
                tx.execute(
                    "UPDATE ops SET stage = 'queued', received_ms = NULL WHERE op_id = $1",
                    [op.to_string()],
                )?;
            }
            for sha256 in &lost_files {
                tx.execute(
                    "UPDATE photo_files SET stage = 'queued', upload = '' WHERE sha256 = $1",
                    [sha256.to_string()],
                )?;
            }
            Ok(())
        })
    })
}

fn have(line: &mut Line<'_>, ask: &HaveRequest) -> Result<HaveAnswer, FieldError> {
    let answer = line.send(&Request::new("POST", "/v1/sync/have").json(ask))?;
    if !answer.ok() {
        return Err(answer.failure().into());
    }
    Ok(answer.read()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_version_pulls_again_what_an_older_one_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let mut vault = Vault::create(dir.path(), b"428163", &mut rand::rng()).unwrap();
        vault.set_meta("cursor", "c9").unwrap();
        vault.set_meta(PASSED_OVER, "0.0.1").unwrap();
        forget_passed_over(&mut vault, "0.0.1").unwrap();
        assert_eq!(vault.meta("cursor").unwrap().as_deref(), Some("c9"));
        forget_passed_over(&mut vault, "0.0.2").unwrap();
        assert_eq!(vault.meta("cursor").unwrap().as_deref(), Some(""));
        assert_eq!(vault.meta(PASSED_OVER).unwrap().as_deref(), Some(""));
    }
}
