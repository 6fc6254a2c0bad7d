//! What an op can say: one form per kind, versioned.
//!
//! Fields are only ever added, with a default; a field never changes its meaning. When a kind's
//! form has to change beyond that, `kv` rises and [`OpBody::read`] lifts the old form to the new
//! one, here and nowhere else. A kind this build does not know is kept as [`OpBody::Unknown`]: an
//! older server must still store what a newer phone recorded.

use super::office::{DutyDeparted, DutyPlanned, ProblemAct};
use crate::{
    catalog::Scale,
    geo::Fix,
    hash::Digest,
    ids::{PhotoId, ProblemId, SiteId, TaskId, UnitId, VisitId},
    photo::{Origin, PhotoSubject, Shot},
    time::Stamp,
};
use serde::{Deserialize, Serialize};

/// The body of an op.
#[derive(Clone, Debug, PartialEq)]
pub enum OpBody {
    /// A visit began.
    VisitStarted(VisitStarted),
    /// One item was looked at.
    ObservationRecorded(ObservationRecorded),
    /// A visit ended.
    VisitFinished(VisitFinished),
    /// A photo was taken or imported.
    PhotoAdded(PhotoAdded),
    /// A problem was handed over.
    ProblemFiled(ProblemFiled),
    /// 补充: something was added to a problem.
    ProblemAmended(ProblemAmended),
    /// 撤回: the inspector takes a problem back.
    ProblemWithdrawn(ProblemWithdrawn),
    /// The office planned a duty (city log).
    DutyPlanned(DutyPlanned),
    /// A team set out, and learned its sites (city log).
    DutyDeparted(DutyDeparted),
    /// The office moved a problem (city log).
    ProblemAct(ProblemAct),
    /// A kind or version this build does not know, kept as it came.
    Unknown {
        /// The head's kind.
        kind: String,
        /// The head's kind version.
        kv: u16,
        /// The body's text.
        text: String,
    },
}

/// A body that does not have the form its kind demands.
#[derive(Debug, thiserror::Error)]
#[error("the body is not a {kind}: {why}")]
pub struct BodyError {
    kind: String,
    why: String,
}

macro_rules! kinds {
    ($($kind:literal => $variant:ident),* $(,)?) => {
        impl OpBody {
            /// The version bodies are written in.
            pub const VERSION: u16 = 1;

            /// The kinds this build knows.
            pub const KINDS: &'static [&'static str] = &[$($kind),*];

            /// The kind's name, as in the head.
            #[must_use]
            pub fn kind(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $kind,)*
                    Self::Unknown { kind, .. } => kind,
                }
            }

            /// The text to store and hash.
            #[must_use]
            pub fn to_json(&self) -> String {
                match self {
                    $(Self::$variant(body) => serde_json::to_string(body).unwrap_or_default(),)*
                    Self::Unknown { text, .. } => text.clone(),
                }
            }

            /// Reads a body by its kind and version.
            ///
            /// # Errors
            /// [`BodyError`] when a known kind does not have its form.
            pub fn read(kind: &str, kv: u16, text: &str) -> Result<Self, BodyError> {
                let bad = |why: serde_json::Error| BodyError {
                    kind: kind.to_owned(),
                    why: why.to_string(),
                };
                match (kind, kv) {
                    $(($kind, 1) => serde_json::from_str(text).map(Self::$variant).map_err(bad),)*
                    _ => Ok(Self::Unknown {
                        kind: kind.to_owned(),
                        kv,
                        text: text.to_owned(),
                    }),
                }
            }
        }
    };
}

kinds! {
    "visit.started" => VisitStarted,
    "observation.recorded" => ObservationRecorded,
    "visit.finished" => VisitFinished,
    "photo.added" => PhotoAdded,
    "problem.filed" => ProblemFiled,
    "problem.amended" => ProblemAmended,
    "problem.withdrawn" => ProblemWithdrawn,
    "duty.planned" => DutyPlanned,
    "duty.departed" => DutyDeparted,
    "problem.act" => ProblemAct,
}

/// Day or night: items of the other mode are 未观察.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VisitMode {
    /// 白天
    Day,
    /// 夜间
    Night,
}

/// One phone scores a task, the others help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VisitRole {
    /// 主记
    Lead,
    /// 协助: problems and photos, no scores
    Assist,
}

/// A visit began. No place: a start is not a check-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitStarted {
    /// The visit.
    pub visit: VisitId,
    /// Its task; `None` for 随手拍.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// The site visited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
    /// Day or night.
    pub mode: VisitMode,
    /// 主记 or 协助.
    pub role: VisitRole,
    /// Edition of the manual the visit is held against, for instance `v1`.
    pub manual: String,
}

/// What was seen of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    /// 符合/基本符合/不符合 (scale G3)
    Grade {
        /// The grade.
        grade: Grade,
    },
    /// 是/否 (scale O)
    YesNo {
        /// Whether the standard holds.
        ok: bool,
    },
    /// A quantity against the standard (scale Q)
    Quantity {
        /// How many were found.
        found: u32,
    },
    /// m of n (scale R)
    Ratio {
        /// How many passed.
        passed: u32,
        /// How many were looked at.
        sampled: u32,
    },
    /// Occurrences (scale C)
    Count {
        /// How many occurred.
        count: u32,
    },
    /// 不适用
    NotApplicable,
    /// 未观察, which is never 符合
    Unobserved,
}

/// Three steps of compliance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 符合
    Compliant,
    /// 基本符合
    Mostly,
    /// 不符合
    NonCompliant,
}

impl Outcome {
    /// Whether this outcome can be given on an item of `scale`.
    #[must_use]
    pub fn fits(&self, scale: Scale) -> bool {
        match self {
            Self::NotApplicable | Self::Unobserved => true,
            Self::Grade { .. } => scale == Scale::G3,
            Self::YesNo { .. } => scale == Scale::O,
            Self::Quantity { .. } => scale == Scale::Q,
            Self::Ratio { passed, sampled } => scale == Scale::R && passed <= sampled,
            Self::Count { .. } => scale == Scale::C,
        }
    }
}

/// One item's result in a visit. A later one of the same item replaces it on screen; both stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservationRecorded {
    /// The visit.
    pub visit: VisitId,
    /// The item's code, for instance `BJXX-07`.
    pub item: String,
    /// What was seen.
    pub outcome: Outcome,
    /// 备注
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A visit ended. Untouched items are listed, so that nobody can later call them compliant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitFinished {
    /// The visit.
    pub visit: VisitId,
    /// Codes of the items nobody looked at.
    pub unobserved: Vec<String>,
}

/// One stored file of a photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileFact {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Length in bytes.
    pub len: u64,
    /// Media type, `image/jpeg`.
    pub mime: String,
}

/// A photo was taken or imported. Its files travel by themselves, each found by its hash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhotoAdded {
    /// The photo.
    pub photo: PhotoId,
    /// What it shows.
    pub of: PhotoSubject,
    /// 近景, 远景 …
    pub shot: Shot,
    /// 现场拍摄 or 导入.
    pub origin: Origin,
    /// The untouched bytes.
    pub original: FileFact,
    /// 1600 px rendition, where one could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<FileFact>,
    /// 320 px rendition, where one could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<FileFact>,
    /// Why there is no preview: the code of `zhicha_photo::NoPreview`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub no_preview: String,
    /// Shutter time of a picture taken in the app; `None` for an imported one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Stamp>,
    /// The one fix kept with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// The place its EXIF states, kept beside the fix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exif_fix: Option<Fix>,
    /// The local time its EXIF states, as written there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exif_taken: String,
    /// Make and model its EXIF states.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exif_camera: String,
}

/// How the place of a problem is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Place {
    /// In words: 六道街与二道街交叉口向西15米路南.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The best fix of its photos.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// A place pointed out by hand, kept beside the fix and never instead of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<Fix>,
}

/// Where a problem came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// 巡查
    #[default]
    Inspection,
    /// 群众
    Public,
    /// 12345
    Hotline,
    /// 上级反馈
    Superior,
    /// 媒体
    Media,
}

/// 问题等级
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 一般
    #[default]
    Normal,
    /// 较重
    Serious,
    /// 严重(安全)
    Safety,
}

/// A problem was handed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemFiled {
    /// The problem.
    pub problem: ProblemId,
    /// The number it has until dispatch: 临-A7-0305-03.
    pub temp_no: String,
    /// The visit it was found in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitId>,
    /// The site it was found at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
    /// The item it breaks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub item: String,
    /// Where it came from.
    #[serde(default)]
    pub source: Source,
    /// Category code, `B01`.
    pub category: String,
    /// How grave.
    #[serde(default)]
    pub severity: Severity,
    /// Where it is.
    #[serde(default)]
    pub place: Place,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Its photos, in order; each has an op of its own before this one.
    pub photos: Vec<PhotoId>,
    /// Why 近景 or 远景 is missing, if one is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub missing_shot: String,
    /// A suggestion; the reviewer decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested_unit: Option<UnitId>,
    /// Suggested class of deadline, `L0`…`L5`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suggested_class: String,
}

/// 补充: adds, never replaces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemAmended {
    /// The problem.
    pub problem: ProblemId,
    /// What is added in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Photos added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<PhotoId>,
    /// A better place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// 撤回
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemWithdrawn {
    /// The problem.
    pub problem: ProblemId,
    /// Why.
    pub reason: String,
}
