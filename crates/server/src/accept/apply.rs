//! What an op leads to.

use super::say;
use crate::store::{
    StoreError, Tx, changes,
    facts::{self, ProblemFacts, TimelineLine},
};
use zhicha_domain::{
    catalog::{FALLBACK_CATEGORY, category},
    ids::ProblemId,
    ops::{
        OpBody, OpHead, SignedOp, Verdict, VerdictStatus,
        body::{ProblemAmended, ProblemFiled, ProblemWithdrawn},
    },
    wire::{ChangeBody, ProblemNotice},
    workflow::State,
};

/// What came of one op.
enum Effect {
    Applied {
        code: &'static str,
        detail: String,
    },
    Parked {
        code: &'static str,
        waits_for: Option<String>,
    },
}

impl Effect {
    fn plain() -> Self {
        Self::Applied {
            code: "",
            detail: String::new(),
        }
    }

    fn waits(thing: impl ToString) -> Self {
        Self::Parked {
            code: "waiting_for",
            waits_for: Some(thing.to_string()),
        }
    }
}

/// Applies an op that is stored, writes its verdict, and applies whatever waited for what it brought.
pub(super) fn apply(
    tx: &Tx<'_>,
    op: &SignedOp,
    head: &OpHead,
    now_ms: i64,
) -> Result<(), StoreError> {
    let mut todo = vec![(op.clone(), head.clone())];
    while let Some((op, head)) = todo.pop() {
        let Some(text) = &op.body else { continue };
        let body = OpBody::read(&head.kind, head.kv, text)
            .map_err(|e| StoreError::Stored(e.to_string()))?;
        let effect = effect(tx, &head, &body, now_ms)?;
        let (verdict, waits_for) = match effect {
            Effect::Applied { code, detail } => (
                Verdict {
                    op: head.op,
                    status: VerdictStatus::Applied,
                    code: code.into(),
                    detail,
                },
                None,
            ),
            Effect::Parked { code, waits_for } => (
                Verdict {
                    op: head.op,
                    status: VerdictStatus::Parked,
                    code: code.into(),
                    detail: waits_for.clone().unwrap_or_default(),
                },
                waits_for,
            ),
        };
        let applied = verdict.status == VerdictStatus::Applied;
        say(tx, &head, verdict, waits_for.as_deref(), now_ms)?;
        if applied && let Some(brought) = brings(&body) {
            for kept in tx.waiting_for(&brought)?.into_iter().rev() {
                let head = kept
                    .op
                    .read_head()
                    .map_err(|e| StoreError::Stored(e.to_string()))?;
                todo.push((kept.op, head));
            }
        }
    }
    Ok(())
}

/// What others may have waited for.
fn brings(body: &OpBody) -> Option<String> {
    match body {
        OpBody::VisitStarted(v) => Some(v.visit.to_string()),
        OpBody::ProblemFiled(p) => Some(p.problem.to_string()),
        _ => None,
    }
}

fn effect(tx: &Tx<'_>, head: &OpHead, body: &OpBody, now_ms: i64) -> Result<Effect, StoreError> {
    match body {
        OpBody::VisitStarted(v) => tx.insert_visit(head, v)?,
        OpBody::ObservationRecorded(o) => {
            if !tx.has_visit(o.visit)? {
                return Ok(Effect::waits(o.visit));
            }
            tx.insert_observation(head, o)?;
        }
        OpBody::VisitFinished(v) => {
            if !tx.has_visit(v.visit)? {
                return Ok(Effect::waits(v.visit));
            }
            tx.finish_visit(v.visit, head.at.best_ms())?;
        }
        OpBody::PhotoAdded(p) => {
            let audience = changes::account(head.author);
            for (rendition, sha256) in tx.insert_photo(head, p, now_ms)? {
                let body = ChangeBody::FileComplete {
                    photo: p.photo,
                    rendition,
                    sha256,
                };
                tx.publish(&audience, &body, now_ms)?;
            }
        }
        OpBody::ProblemFiled(p) => return filed(tx, head, p, now_ms),
        OpBody::ProblemAmended(p) => return amended(tx, head, p, now_ms),
        OpBody::ProblemWithdrawn(p) => return withdrawn(tx, head, p, now_ms),
        // The office's kinds have no effect from a phone's log.
        OpBody::DutyPlanned(_)
        | OpBody::DutyDeparted(_)
        | OpBody::ProblemAct(_)
        | OpBody::Unknown { .. } => {
            return Ok(Effect::Parked {
                code: "unknown_kind",
                waits_for: None,
            });
        }
    }
    Ok(Effect::plain())
}

fn filed(tx: &Tx<'_>, head: &OpHead, p: &ProblemFiled, now_ms: i64) -> Result<Effect, StoreError> {
    let known = category(&p.category).is_some();
    let lands = if known {
        p.category.as_str()
    } else {
        FALLBACK_CATEGORY
    };
    tx.insert_problem(head, p, lands, now_ms)?;
    let line = line(
        head,
        p.problem,
        facts::submit(),
        State::Draft,
        State::Submitted,
        "",
    );
    tx.add_line(&line, now_ms)?;
    notify(tx, p.problem, now_ms)?;
    Ok(if known {
        Effect::plain()
    } else {
        Effect::Applied {
            code: "category_retired",
            detail: p.category.clone(),
        }
    })
}

/// The problem, if it is the author's own; another's is as good as not there.
fn own(tx: &Tx<'_>, head: &OpHead, problem: ProblemId) -> Result<Option<ProblemFacts>, StoreError> {
    Ok(tx
        .problem_facts(problem)?
        .filter(|facts| facts.reporter == head.author))
}

fn amended(
    tx: &Tx<'_>,
    head: &OpHead,
    p: &ProblemAmended,
    now_ms: i64,
) -> Result<Effect, StoreError> {
    let Some(facts) = own(tx, head, p.problem)? else {
        return Ok(Effect::waits(p.problem));
    };
    tx.tie_photos(p.problem, &p.photos)?;
    if let Some(place) = &p.place {
        tx.amend_place(p.problem, place)?;
    }
    if facts.state == State::Returned {
        // What was asked for has come: the reviewer sees it again.
        tx.set_state(p.problem, State::Submitted)?;
        let line = line(
            head,
            p.problem,
            facts::submit(),
            facts.state,
            State::Submitted,
            &p.note,
        );
        tx.add_line(&line, now_ms)?;
        notify(tx, p.problem, now_ms)?;
    } else {
        tx.flag_amended(p.problem)?;
        let line = line(
            head,
            p.problem,
            facts::COMMENT,
            facts.state,
            facts.state,
            &p.note,
        );
        tx.add_line(&line, now_ms)?;
    }
    Ok(Effect::plain())
}

fn withdrawn(
    tx: &Tx<'_>,
    head: &OpHead,
    p: &ProblemWithdrawn,
    now_ms: i64,
) -> Result<Effect, StoreError> {
    let Some(facts) = own(tx, head, p.problem)? else {
        return Ok(Effect::waits(p.problem));
    };
    if matches!(facts.state, State::Submitted | State::Returned) {
        tx.set_state(p.problem, State::Withdrawn)?;
        let line = line(
            head,
            p.problem,
            "withdraw",
            facts.state,
            State::Withdrawn,
            &p.reason,
        );
        tx.add_line(&line, now_ms)?;
        notify(tx, p.problem, now_ms)?;
        return Ok(Effect::plain());
    }
    // Too late to take back: the wish is kept beside the case.
    let line = line(
        head,
        p.problem,
        facts::COMMENT,
        facts.state,
        facts.state,
        &p.reason,
    );
    tx.add_line(&line, now_ms)?;
    Ok(Effect::Applied {
        code: "landed_as_comment",
        detail: facts.state.key().into(),
    })
}

fn line<'a>(
    head: &OpHead,
    problem: ProblemId,
    event: &'a str,
    from: State,
    to: State,
    note: &'a str,
) -> TimelineLine<'a> {
    TimelineLine {
        op: head.op,
        problem,
        actor: head.author,
        event,
        from,
        to,
        note,
        detail: "",
    }
}

/// Tells whoever recorded the problem where it stands.
fn notify(tx: &Tx<'_>, problem: ProblemId, now_ms: i64) -> Result<(), StoreError> {
    let Some(facts) = tx.problem_facts(problem)? else {
        return Ok(());
    };
    let notice = ProblemNotice {
        problem,
        state: facts.state,
        no: facts.no,
        reason: facts.reason,
        category: facts.category,
    };
    let audience = changes::account(facts.reporter);
    tx.publish(&audience, &ChangeBody::Problem(notice), now_ms)?;
    Ok(())
}
