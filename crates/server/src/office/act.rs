//! One step of a problem by somebody of the office or of a unit.
//!
//! [`perform`] is the only way a problem moves after it arrived, [`crate::accept`] aside. The order
//! matters for what an answer gives away: right and reach first (the one 404), then the revision,
//! then the workflow, then the input.

use super::{Fault, said, text};
use crate::{
    city::CityKeys,
    store::{
        Tx,
        cases::{Case, Scope},
        changes,
        facts::TimelineLine,
    },
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use zhicha_domain::{
    catalog::category,
    ids::{OpId, PhotoId, ProblemId},
    ops::{
        OpBody,
        office::{ActDetail, FeedbackVia, ProblemAct},
    },
    rights::{Actor, Preset},
    wire::{ChangeBody, ProblemNotice},
    workflow::{Event, State, step},
};

/// Why a problem is sent back or not filed: the office's list.
pub const REASONS: [&str; 8] = [
    "missing_near",
    "missing_wide",
    "place_unclear",
    "vague",
    "out_of_scope",
    "duplicate",
    "weak_evidence",
    "other",
];

/// A step as asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The problem.
    pub problem: ProblemId,
    /// The revision it was read at; `None` where the caller has just read it itself.
    pub rev: Option<i64>,
    /// What is to happen.
    pub event: Event,
    /// What it carries; 立案 without a category keeps the one the problem has.
    pub detail: Option<ActDetail>,
    /// In words.
    pub note: String,
}

/// A step made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Acted {
    /// The problem.
    pub problem: ProblemId,
    /// Where it stands now.
    pub state: State,
    /// Its revision now.
    pub rev: i64,
}

/// Makes one step.
///
/// # Errors
/// [`Fault`].
pub fn perform(
    tx: &Tx<'_>,
    keys: &CityKeys,
    actor: &Actor,
    wanted: Wanted,
    id: &mut dyn FnMut() -> Uuid,
    now_ms: i64,
) -> Result<Acted, Fault> {
    let event = wanted.event;
    let scope = Scope::of(actor, event.act()).ok_or(Fault::NotFound)?;
    let mut case = tx.case(wanted.problem, &scope)?.ok_or(Fault::NotFound)?;
    if wanted.rev.is_some_and(|rev| rev != case.rev) {
        return Err(Fault::Stale);
    }
    let from = case.state;
    let to = step(from, event, actor, &case.facts(), now_ms)?;
    let detail = wanted.detail.or_else(|| {
        (event == Event::Accept).then(|| ActDetail::Accepted {
            category: case.category.clone(),
        })
    });
    let note = note(event, detail.as_ref(), &wanted.note)?;
    if let Some(detail) = &detail {
        check(tx, actor, &case, detail, now_ms)?;
    }
    let op: OpId = id().into();
    let body = OpBody::ProblemAct(ProblemAct {
        problem: case.problem,
        from,
        event,
        to,
        note: note.clone(),
        detail: detail.clone(),
    });
    tx.append_city_op(keys, actor.account, op, &body, now_ms)?;
    change(&mut case, event, detail.as_ref(), actor, now_ms);
    case.state = to;
    let rev = tx.save_case(&case)?.ok_or(Fault::Stale)?;
    let detail = detail
        .map(|d| serde_json::to_string(&d))
        .transpose()
        .map_err(|e| crate::store::StoreError::Stored(e.to_string()))?
        .unwrap_or_default();
    let line = TimelineLine {
        op,
        problem: case.problem,
        actor: actor.account,
        event: event.key(),
        from,
        to,
        note: &note,
        detail: &detail,
    };
    tx.add_line(&line, now_ms)?;
    let notice = ProblemNotice {
        problem: case.problem,
        state: to,
        no: case.no,
        reason: case.reason,
        category: case.category,
    };
    let audience = changes::account(case.reporter);
    tx.publish(&audience, &ChangeBody::Problem(notice), now_ms)?;
    Ok(Acted {
        problem: case.problem,
        state: to,
        rev,
    })
}

/// The note, where some steps are nothing without one.
fn note(event: Event, detail: Option<&ActDetail>, given: &str) -> Result<String, Fault> {
    let other = matches!(detail, Some(ActDetail::Refused { reason }) if reason == "other");
    let needed = matches!(
        event,
        Event::Refuse
            | Event::Fail
            | Event::Partial
            | Event::NotCheckable
            | Event::Suspend
            | Event::ExtendRequest
            | Event::Deny
    );
    if other || needed {
        said(given, "说明", "the note")
    } else {
        text(given)
    }
}

fn reason(given: &str) -> Result<(), Fault> {
    if REASONS.contains(&given) {
        return Ok(());
    }
    Err(Fault::invalid(
        "reason",
        "请从列表里选一个原因",
        format!("reason is one of {}", REASONS.join(", ")),
    ))
}

/// Whether what the step carries holds.
fn check(
    tx: &Tx<'_>,
    actor: &Actor,
    case: &Case,
    detail: &ActDetail,
    now_ms: i64,
) -> Result<(), Fault> {
    match detail {
        ActDetail::Accepted { category: c } if category(c).is_none() => Err(Fault::invalid(
            "category",
            format!("没有问题类别「{c}」，请从目录里选"),
            "there is no such category; choose from the catalog",
        )),
        ActDetail::Refused { reason: r } => reason(r),
        ActDetail::MergedInto { main } => {
            let all = Scope::of(actor, Event::Merge.act()).ok_or(Fault::NotFound)?;
            let main = tx.case(*main, &all)?;
            let stays = main.is_some_and(|m| {
                let gone = matches!(
                    m.state,
                    State::Merged | State::Rejected | State::Withdrawn | State::Draft
                );
                m.problem != case.problem && !gone
            });
            if stays {
                return Ok(());
            }
            Err(Fault::invalid(
                "main",
                "并入的问题不存在、已不立案，或就是它自己，请另选一条",
                "the main problem is not there, not filed any more, or this one itself",
            ))
        }
        ActDetail::Feedback {
            measure,
            result,
            photos,
            via,
        } => {
            said(measure, "整改措施", "what was done")?;
            text(result)?;
            let by_unit = actor.preset == Preset::Unit;
            if by_unit != (*via == FeedbackVia::Unit) {
                return Err(Fault::invalid(
                    "via",
                    "请选反馈是怎样到的：单位自己填写，或代录（电话、微信、纸质）",
                    "via: `unit` for the unit itself; `phone`, `chat` or `paper` for the office",
                ));
            }
            known_photos(tx, case.problem, photos)
        }
        ActDetail::Recheck { photos } => known_photos(tx, case.problem, photos),
        ActDetail::Extended { deadline_ms } => {
            if *deadline_ms <= now_ms.max(case.deadline_ms.unwrap_or(0)) {
                return Err(Fault::invalid(
                    "deadline",
                    "新的时限要晚于现在和原来的时限",
                    "the new deadline has to be later than now and than the old one",
                ));
            }
            Ok(())
        }
        ActDetail::Accepted { .. } | ActDetail::Dispatched { .. } => Ok(()),
    }
}

fn known_photos(tx: &Tx<'_>, problem: ProblemId, photos: &[PhotoId]) -> Result<(), Fault> {
    if tx.after_photos(problem, photos)? == photos.len() {
        return Ok(());
    }
    Err(Fault::invalid(
        "photos",
        "有的照片不是这条问题的整改后照片，请重新上传",
        "a photo is not one of this problem as put right; upload it again",
    ))
}

/// What the step changes besides the state.
fn change(case: &mut Case, event: Event, detail: Option<&ActDetail>, actor: &Actor, now_ms: i64) {
    match detail {
        Some(ActDetail::Accepted { category }) => {
            case.reason.clear();
            category.clone_into(&mut case.category);
        }
        Some(ActDetail::Refused { reason }) => reason.clone_into(&mut case.reason),
        Some(ActDetail::MergedInto { main }) => case.merged_into = Some(*main),
        Some(ActDetail::Dispatched {
            dispatch,
            no,
            unit,
            deadline_ms,
            class,
        }) => {
            case.dispatch = Some(*dispatch);
            no.clone_into(&mut case.no);
            case.unit = Some(*unit);
            case.deadline_ms = Some(*deadline_ms);
            class.clone_into(&mut case.class);
            case.assigned_ms = Some(now_ms);
            case.signed_ms = None;
        }
        Some(ActDetail::Feedback {
            measure, result, ..
        }) => {
            measure.clone_into(&mut case.measure);
            result.clone_into(&mut case.result);
            case.feedback_ms = Some(now_ms);
            case.feedback_by = Some(actor.account);
            // A unit that answers without signing has signed.
            case.signed_ms.get_or_insert(now_ms);
        }
        Some(ActDetail::Extended { deadline_ms }) => {
            case.deadline_ms = Some(*deadline_ms);
            case.extended = true;
        }
        Some(ActDetail::Recheck { .. }) => {
            case.recheck_ms = Some(now_ms);
            case.recheck_by = Some(actor.account);
            event.key().clone_into(&mut case.recheck_result);
            if event == Event::Pass {
                case.closed_ms = Some(now_ms);
            }
        }
        None => plain(case, event, now_ms),
    }
}

/// Steps that carry nothing.
fn plain(case: &mut Case, event: Event, now_ms: i64) {
    match event {
        Event::Sign => case.signed_ms = Some(now_ms),
        Event::Reopen => {
            case.reason.clear();
            case.merged_into = None;
        }
        Event::Recall => {
            // As if it had never been dispatched; its number is not given out again.
            case.no.clear();
            case.dispatch = None;
            case.unit = None;
            case.deadline_ms = None;
            case.class.clear();
            case.assigned_ms = None;
        }
        _ => {}
    }
}
