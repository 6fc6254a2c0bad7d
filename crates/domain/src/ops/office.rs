//! What the office decides, as ops of the city log.

use crate::{
    ids::{AccountId, DispatchId, DutyId, PhotoId, ProblemId, SiteId, TaskId, UnitId},
    time::Day,
    workflow::{Event, State},
};
use serde::{Deserialize, Serialize};

/// A duty was planned. It stays with the server: what travels to a phone is the date alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyPlanned {
    /// The duty.
    pub duty: DutyId,
    /// The date.
    pub date: Day,
    /// 组长
    pub lead: AccountId,
    /// The rest of the team.
    pub members: Vec<AccountId>,
    /// Sites, one task each.
    pub tasks: Vec<PlannedTask>,
}

/// One site of a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTask {
    /// The task.
    pub task: TaskId,
    /// The site.
    pub site: SiteId,
}

/// 出发: from here on the team may know its sites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyDeparted {
    /// The duty.
    pub duty: DutyId,
}

/// One step of a problem through the workflow, with who decided being the op's author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemAct {
    /// The problem.
    pub problem: ProblemId,
    /// State before.
    pub from: State,
    /// What happened.
    pub event: Event,
    /// State after.
    pub to: State,
    /// Reason or remark in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What the step carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<ActDetail>,
}

/// What a step carries beyond its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ActDetail {
    /// 立案: what the reviewer fixed.
    Accepted {
        /// Category after review.
        category: String,
    },
    /// 退回补充 or 不予立案: why, as a code of the office's list.
    Refused {
        /// `missing_near`, `missing_wide`, `place_unclear`, `vague`, `out_of_scope`, `duplicate`,
        /// `weak_evidence`, `other`.
        reason: String,
    },
    /// 并案: the problem that stays.
    MergedInto {
        /// The main problem.
        main: ProblemId,
    },
    /// 交办
    Dispatched {
        /// The notice.
        dispatch: DispatchId,
        /// Official number 年-期-序.
        no: String,
        /// Who is to act.
        unit: UnitId,
        /// Until when, milliseconds since 1970 UTC.
        deadline_ms: i64,
        /// Class of the deadline, `L0`…`L5`.
        class: String,
    },
    /// 反馈, entered by the unit or for it.
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
    /// 同意延期: the new deadline.
    Extended {
        /// Until when, milliseconds since 1970 UTC.
        deadline_ms: i64,
    },
    /// 复查: what the rechecker saw.
    Recheck {
        /// Photos of the recheck.
        photos: Vec<PhotoId>,
    },
}

/// How a unit's feedback reached the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FeedbackVia {
    /// The unit entered it.
    Unit,
    /// 代录: by telephone.
    Phone,
    /// 代录: by chat.
    Chat,
    /// 代录: on paper.
    Paper,
}
