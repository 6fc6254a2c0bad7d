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
    ids::{DispatchId, OpId, PhotoId, ProblemId, UnitId},
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

/// What is to happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// 立案, under this category or the one it has.
    Accept {
        /// Category's code.
        category: Option<String>,
    },
    /// 退回补充
    Return {
        /// One of [`REASONS`].
        reason: String,
    },
    /// 不予立案
    Reject {
        /// One of [`REASONS`].
        reason: String,
    },
    /// 并案
    Merge {
        /// The problem that stays.
        main: ProblemId,
    },
    /// 交办 or 改派: the notice stands already.
    Dispatch {
        /// [`Event::Assign`] or [`Event::Reassign`].
        event: Event,
        /// The notice.
        dispatch: DispatchId,
        /// Official number.
        no: String,
        /// To whom.
        unit: UnitId,
        /// Until when, milliseconds since 1970 UTC.
        deadline_ms: i64,
        /// Class of the deadline.
        class: String,
    },
    /// 反馈 or 代录.
    Feedback {
        /// What was done.
        measure: String,
        /// What came of it.
        result: String,
        /// After-photos.
        photos: Vec<PhotoId>,
        /// How it reached the office.
        via: FeedbackVia,
    },
    /// 同意延期
    Approve {
        /// The new deadline, milliseconds since 1970 UTC.
        deadline_ms: i64,
    },
    /// 复查
    Recheck {
        /// [`Event::Pass`], [`Event::Fail`], [`Event::Partial`], [`Event::NotCheckable`] or
        /// [`Event::KeepWatch`].
        event: Event,
        /// Photos of the recheck.
        photos: Vec<PhotoId>,
    },
    /// A step that carries nothing but its note.
    Plain(Event),
}

impl Ask {
    fn event(&self) -> Event {
        match self {
            Self::Accept { .. } => Event::Accept,
            Self::Return { .. } => Event::Return,
            Self::Reject { .. } => Event::Reject,
            Self::Merge { .. } => Event::Merge,
            Self::Feedback { .. } => Event::Feedback,
            Self::Approve { .. } => Event::Approve,
            Self::Dispatch { event, .. } | Self::Recheck { event, .. } | Self::Plain(event) => {
                *event
            }
        }
    }
}

/// A step as asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The problem.
    pub problem: ProblemId,
    /// The revision it was read at; `None` where the caller has just read it itself.
    pub rev: Option<i64>,
    /// What is to happen.
    pub ask: Ask,
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
    let event = wanted.ask.event();
    let scope = Scope::of(actor, event.act()).ok_or(Fault::NotFound)?;
    let mut case = tx.case(wanted.problem, &scope)?.ok_or(Fault::NotFound)?;
    if wanted.rev.is_some_and(|rev| rev != case.rev) {
        return Err(Fault::Stale);
    }
    let from = case.state;
    let to = step(from, event, actor, &case.facts(), now_ms)?;
    let note = note(event, &wanted.ask, &wanted.note)?;
    check(tx, actor, &case, &wanted.ask, now_ms)?;
    let detail = detail(&case, &wanted.ask)?;
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
    change(&mut case, wanted.ask, actor, now_ms)?;
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
fn note(event: Event, ask: &Ask, given: &str) -> Result<String, Fault> {
    let other = matches!(ask, Ask::Return { reason } | Ask::Reject { reason } if reason == "other");
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
fn check(tx: &Tx<'_>, actor: &Actor, case: &Case, ask: &Ask, now_ms: i64) -> Result<(), Fault> {
    match ask {
        Ask::Accept { category: Some(c) } if category(c).is_none() => Err(Fault::invalid(
            "category",
            format!("没有问题类别「{c}」，请从目录里选"),
            "there is no such category; choose from the catalog",
        )),
        Ask::Return { reason: r } | Ask::Reject { reason: r } => reason(r),
        Ask::Merge { main } => {
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
        Ask::Feedback {
            measure,
            photos,
            via,
            ..
        } => {
            said(measure, "整改措施", "what was done")?;
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
        Ask::Recheck { photos, .. } => known_photos(tx, case.problem, photos),
        Ask::Approve { deadline_ms } => {
            if *deadline_ms <= now_ms.max(case.deadline_ms.unwrap_or(0)) {
                return Err(Fault::invalid(
                    "deadline",
                    "新的时限要晚于现在和原来的时限",
                    "the new deadline has to be later than now and than the old one",
                ));
            }
            Ok(())
        }
        Ask::Accept { .. } | Ask::Dispatch { .. } | Ask::Plain(_) => Ok(()),
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

fn detail(case: &Case, ask: &Ask) -> Result<Option<ActDetail>, Fault> {
    Ok(match ask {
        Ask::Accept { category } => Some(ActDetail::Accepted {
            category: category.clone().unwrap_or_else(|| case.category.clone()),
        }),
        Ask::Return { reason } | Ask::Reject { reason } => Some(ActDetail::Refused {
            reason: reason.clone(),
        }),
        Ask::Merge { main } => Some(ActDetail::MergedInto { main: *main }),
        Ask::Dispatch {
            dispatch,
            no,
            unit,
            deadline_ms,
            class,
            ..
        } => Some(ActDetail::Dispatched {
            dispatch: *dispatch,
            no: no.clone(),
            unit: *unit,
            deadline_ms: *deadline_ms,
            class: class.clone(),
        }),
        Ask::Feedback {
            measure,
            result,
            photos,
            via,
        } => Some(ActDetail::Feedback {
            measure: text(measure)?,
            result: text(result)?,
            photos: photos.clone(),
            via: *via,
        }),
        Ask::Approve { deadline_ms } => Some(ActDetail::Extended {
            deadline_ms: *deadline_ms,
        }),
        Ask::Recheck { photos, .. } => Some(ActDetail::Recheck {
            photos: photos.clone(),
        }),
        Ask::Plain(_) => None,
    })
}

/// What the step changes besides the state.
fn change(case: &mut Case, ask: Ask, actor: &Actor, now_ms: i64) -> Result<(), Fault> {
    match ask {
        Ask::Accept { category } => {
            case.reason.clear();
            if let Some(category) = category {
                case.category = category;
            }
        }
        Ask::Return { reason } | Ask::Reject { reason } => case.reason = reason,
        Ask::Merge { main } => case.merged_into = Some(main),
        Ask::Dispatch {
            dispatch,
            no,
            unit,
            deadline_ms,
            class,
            ..
        } => {
            case.dispatch = Some(dispatch);
            case.no = no;
            case.unit = Some(unit);
            case.deadline_ms = Some(deadline_ms);
            case.class = class;
            case.assigned_ms = Some(now_ms);
            case.signed_ms = None;
        }
        Ask::Feedback {
            measure, result, ..
        } => {
            case.measure = text(&measure)?;
            case.result = text(&result)?;
            case.feedback_ms = Some(now_ms);
            case.feedback_by = Some(actor.account);
            // A unit that answers without signing has signed.
            case.signed_ms.get_or_insert(now_ms);
        }
        Ask::Approve { deadline_ms } => {
            case.deadline_ms = Some(deadline_ms);
            case.extended = true;
        }
        Ask::Recheck { event, .. } => {
            case.recheck_ms = Some(now_ms);
            case.recheck_by = Some(actor.account);
            event.key().clone_into(&mut case.recheck_result);
            if event == Event::Pass {
                case.closed_ms = Some(now_ms);
            }
        }
        Ask::Plain(Event::Sign) => case.signed_ms = Some(now_ms),
        Ask::Plain(Event::Reopen) => {
            case.reason.clear();
            case.merged_into = None;
        }
        Ask::Plain(Event::Recall) => {
            // As if it had never been dispatched; its number is not given out again.
            case.no.clear();
            case.dispatch = None;
            case.unit = None;
            case.deadline_ms = None;
            case.class.clear();
            case.assigned_ms = None;
        }
        Ask::Plain(_) => {}
    }
    Ok(())
}
