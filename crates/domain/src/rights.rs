//! Presets of rights: four for the city's people and one administrator.
//!
//! A right is a reach: how far an act goes, from nowhere to the whole city. The server puts the
//! reach into each query; nothing is fetched first and hidden later. The finer roles of the field
//! (督查组长, 街长, 纪委 …) are later bundles of the same acts.

use crate::ids::{AccountId, UnitId};
use serde::{Deserialize, Serialize};

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// 巡查员: the phone.
    Inspector,
    /// 审核员 at 文明办: review, dispatch, close, plan.
    Reviewer,
    /// 责任单位联络员: its own dispatched problems, nothing else.
    Unit,
    /// 只读: leaders and 两办督查室.
    Reader,
    /// 管理员: people, units, sites; no problem's content.
    Admin,
}

impl Preset {
    /// All presets.
    pub const ALL: [Self; 5] = [
        Self::Inspector,
        Self::Reviewer,
        Self::Unit,
        Self::Reader,
        Self::Admin,
    ];

    /// The word in columns and commands.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Inspector => "inspector",
            Self::Reviewer => "reviewer",
            Self::Unit => "unit",
            Self::Reader => "reader",
            Self::Admin => "admin",
        }
    }

    /// Reads [`Preset::key`].
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.key() == key)
    }

    /// The word on screens.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Inspector => "巡查员",
            Self::Reviewer => "审核员",
            Self::Unit => "责任单位",
            Self::Reader => "只读",
            Self::Admin => "管理员",
        }
    }
}

/// Who acts: what the server knows of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// Its preset.
    pub preset: Preset,
    /// Its unit, for [`Preset::Unit`].
    pub unit: Option<UnitId>,
}

/// What can be asked of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// See areas, units and sites by name (without any tie to a duty).
    ReadDirectory,
    /// Change areas, units, sites.
    EditDirectory,
    /// See and change people, hand out enrolment codes.
    ManagePeople,
    /// Plan duties and see planned ones.
    PlanDuty,
    /// Set out on a duty.
    Depart,
    /// See problems and their photos.
    ReadProblem,
    /// See who inspected, where exactly, and the office's notes.
    ReadProvenance,
    /// 立案, 退回, 不予立案, 并案, and undoing them.
    Review,
    /// 交办, 撤回交办, 改派, 延期, 挂账.
    Dispatch,
    /// 签收, 反馈, 退办, 申请延期; for the office: 代录.
    Rectify,
    /// 复查, 销号, 回头看.
    Recheck,
    /// Export lists.
    Export,
    /// Use the phone's routes (push, pull, have).
    Field,
}

impl Act {
    /// All acts.
    pub const ALL: [Self; 13] = [
        Self::ReadDirectory,
        Self::EditDirectory,
        Self::ManagePeople,
        Self::PlanDuty,
        Self::Depart,
        Self::ReadProblem,
        Self::ReadProvenance,
        Self::Review,
        Self::Dispatch,
        Self::Rectify,
        Self::Recheck,
        Self::Export,
        Self::Field,
    ];
}

/// How far an act reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Not at all: the answer is the one 404.
    Nowhere,
    /// What the account itself recorded, and duties it is on.
    Own,
    /// What is dispatched to the account's unit.
    Unit,
    /// The whole city from dispatch on: what a leader learns cannot reach a unit before the office's
    /// own notice does.
    Dispatched,
    /// The whole city.
    City,
}

/// The table of rights.
#[must_use]
pub fn reach(preset: Preset, act: Act) -> Reach {
    use Act as A;
    use Preset as P;
    match (preset, act) {
        (P::Inspector, A::Depart | A::ReadProblem | A::ReadProvenance | A::Field) => Reach::Own,
        (P::Inspector, A::ReadDirectory) => Reach::City,
        (P::Reviewer, A::Field | A::ManagePeople | A::EditDirectory) => Reach::Nowhere,
        (P::Reviewer, _) => Reach::City,
        (P::Unit, A::ReadProblem | A::Rectify) => Reach::Unit,
        (P::Reader, A::ReadProblem | A::Export) => Reach::Dispatched,
        (P::Reader, A::ReadDirectory) => Reach::City,
        (P::Admin, A::ReadDirectory | A::EditDirectory | A::ManagePeople) => Reach::City,
        _ => Reach::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_reaches_its_own_and_never_who_inspected() {
        for act in Act::ALL {
            let reach = reach(Preset::Unit, act);
            match act {
                Act::ReadProblem | Act::Rectify => assert_eq!(reach, Reach::Unit),
                _ => assert_eq!(reach, Reach::Nowhere, "{act:?}"),
            }
        }
    }

    #[test]
    fn the_administrator_sees_no_problem() {
        assert_eq!(reach(Preset::Admin, Act::ReadProblem), Reach::Nowhere);
        assert_eq!(reach(Preset::Admin, Act::Export), Reach::Nowhere);
    }

    #[test]
    fn nobody_but_the_reviewer_knows_planned_duties() {
        for preset in Preset::ALL {
            let expected = if preset == Preset::Reviewer {
                Reach::City
            } else {
                Reach::Nowhere
            };
            assert_eq!(reach(preset, Act::PlanDuty), expected, "{preset:?}");
        }
    }

    #[test]
    fn a_reader_sees_problems_from_dispatch_on_and_changes_nothing() {
        for act in Act::ALL {
            let expected = match act {
                Act::ReadProblem | Act::Export => Reach::Dispatched,
                Act::ReadDirectory => Reach::City,
                _ => Reach::Nowhere,
            };
            assert_eq!(reach(Preset::Reader, act), expected, "{act:?}");
        }
    }

    #[test]
    fn keys_read_back() {
        for preset in Preset::ALL {
            assert_eq!(Preset::from_key(preset.key()), Some(preset));
        }
    }
}
