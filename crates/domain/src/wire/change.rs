//! What the server tells a phone by pull. Each audience gets its own changes, and nothing in them
//! or in the cursor tells of others.

use crate::{
    catalog::Item,
    ids::{DutyId, ProblemId, SiteId, TaskId},
    ops::Verdict,
    photo::Rendition,
    time::Day,
    workflow::State,
};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// When it was made, server clock, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// What changed.
    #[serde(flatten)]
    pub body: ChangeBody,
}

/// A kind that is known has to have its form; one that is not becomes [`ChangeBody::Unknown`], so that
/// an older phone goes on with everything else.
impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            at_ms: i64,
            kind: String,
            #[serde(default)]
            body: serde_json::Value,
        }
        let Raw { at_ms, kind, body } = Raw::deserialize(from)?;
        let body = if ChangeBody::KINDS.contains(&kind.as_str()) {
            let whole = serde_json::json!({"kind": kind, "body": body});
            serde_json::from_value(whole).map_err(D::Error::custom)?
        } else {
            ChangeBody::Unknown(kind)
        };
        Ok(Self { at_ms, body })
    }
}

/// What changed. A kind a phone does not know is skipped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum ChangeBody {
    /// There is duty on a date; nothing more is said before departure.
    Duty(DutyNotice),
    /// A task, after departure.
    Task(Box<TaskCard>),
    /// A task was taken back by the office; the visit's records stay.
    TaskWithdrawn(TaskWithdrawn),
    /// What an op led to.
    Verdict(Verdict),
    /// Where one of one's own problems stands.
    Problem(ProblemNotice),
    /// A photo's file is complete at the server.
    FileComplete {
        /// The photo.
        photo: crate::ids::PhotoId,
        /// Which file.
        rendition: Rendition,
        /// Its hash.
        sha256: crate::hash::Digest,
    },
    /// Something is gone.
    Gone(Tombstone),
    /// A kind of a newer server, by its name; never sent.
    #[serde(skip)]
    Unknown(String),
}

impl ChangeBody {
    /// The kinds this build knows.
    pub const KINDS: [&'static str; 7] = [
        "duty",
        "task",
        "task_withdrawn",
        "verdict",
        "problem",
        "file_complete",
        "gone",
    ];
}

/// Duty on a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DutyNotice {
    /// The duty.
    pub duty: DutyId,
    /// The date.
    pub date: Day,
    /// Whether this account is the lead, who presses 出发.
    pub lead: bool,
}

/// A site as a team sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SiteCard {
    /// The site.
    pub site: SiteId,
    /// 道北市场
    pub name: String,
    /// `JMSC`
    pub site_type: String,
    /// Its area's name.
    pub area: String,
    /// Where it is, in words.
    pub address: String,
    /// Latitude, degrees, WGS-84, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Longitude, degrees, WGS-84, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
}

/// A task with all that is needed to work offline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskCard {
    /// The task.
    pub task: TaskId,
    /// Its duty.
    pub duty: DutyId,
    /// The date.
    pub date: Day,
    /// The site.
    pub site: SiteCard,
    /// Edition of the manual.
    pub manual: String,
    /// The site type's items.
    pub items: Vec<Item>,
}

/// A task the office took back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskWithdrawn {
    /// The task.
    pub task: TaskId,
}

/// Where a problem stands, for whoever recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemNotice {
    /// The problem.
    pub problem: ProblemId,
    /// Its state.
    pub state: State,
    /// Official number, from dispatch on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub no: String,
    /// The reviewer's reason, when returned or not filed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Category after review.
    pub category: String,
}

/// Something is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tombstone {
    /// `duty`, `task`, `problem`.
    pub of: String,
    /// Its id.
    pub id: String,
}
