//! The states, with the keys of `data/workflow_states.csv` plus `withdrawn`.
//!
//! Two rows of that table are no states here: 待同步 is how far a record has travelled
//! ([`crate::sync::SyncStage`]) and 逾期 is a flag beside the state.

use serde::{Deserialize, Serialize};

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident $key:literal $zh:literal,)*) => {
        /// Where a problem stands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum State { $($(#[$doc])* $name,)* }

        impl State {
            /// All states.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The key in columns and JSON.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// The words on screens and lists.
            #[must_use]
            pub fn zh(self) -> &'static str {
                match self { $(Self::$name => $zh,)* }
            }

            /// Reads [`State::key`].
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$name),)* _ => None }
            }
        }
    };
}

states! {
    /// On the phone, not handed over.
    Draft "draft" "草稿",
    /// Handed over, waiting for a reviewer.
    Submitted "submitted" "待审核",
    /// Something is missing; back to the inspector.
    Returned "returned" "退回补充",
    /// Not filed, with a reason.
    Rejected "rejected" "不予立案",
    /// Joined to another problem.
    Merged "merged" "并案",
    /// Filed, not dispatched yet.
    Accepted "accepted" "已立案待交办",
    /// Dispatched, not signed for.
    Assigned "assigned" "已交办待签收",
    /// The unit says it is not its business.
    Refused "refused" "申请退办",
    /// Being put right.
    Rectifying "rectifying" "整改中",
    /// The unit asks for more time.
    Extending "extending" "申请延期",
    /// On the books until money or ownership is settled.
    Suspended "suspended" "挂账",
    /// Put right once, watched from then on.
    LongTerm "long_term" "长期坚持",
    /// The unit says it is done.
    Feedback "feedback" "已反馈待复查",
    /// A recheck found it is not.
    Failed "failed" "复查不通过",
    /// Done.
    Closed "closed" "已销号",
    /// A closed problem is looked at again.
    LookBack "look_back" "回头看",
    /// Taken back by the inspector.
    Withdrawn "withdrawn" "已撤回",
}

impl State {
    /// Whether a unit may know of the problem: from dispatch on.
    #[must_use]
    pub fn is_dispatched(self) -> bool {
        use State as S;
        !matches!(
            self,
            S::Draft
                | S::Submitted
                | S::Returned
                | S::Rejected
                | S::Merged
                | S::Accepted
                | S::Withdrawn
        )
    }

    /// Whether the deadline's clock runs: somebody still owes an answer.
    #[must_use]
    pub fn is_owed(self) -> bool {
        use State as S;
        matches!(
            self,
            S::Assigned | S::Refused | S::Rectifying | S::Extending | S::Failed
        )
    }

    /// 逾期 is a flag beside the state: something is still owed and its time has passed. Gives the
    /// days begun since then, `None` when it is not overdue. Both times in milliseconds since 1970
    /// UTC.
    #[must_use]
    pub fn overdue_days(self, deadline_ms: Option<i64>, now_ms: i64) -> Option<u32> {
        let late = now_ms.saturating_sub(deadline_ms.filter(|_| self.is_owed())?);
        let days = late.max(0).unsigned_abs().div_ceil(24 * 3_600_000);
        u32::try_from(days).ok().filter(|days| *days > 0)
    }

    /// 整改情况 as the lists print it.
    #[must_use]
    pub fn rectification_zh(self) -> &'static str {
        use State as S;
        match self {
            S::Closed | S::LookBack => "已完成",
            S::LongTerm => "长期坚持",
            S::Suspended => "挂账",
            S::Rectifying | S::Extending | S::Feedback | S::Failed => "整改中",
            _ => "未整改",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_words_are_those_of_the_table() {
        let table = include_str!("../../data/workflow_states.csv");
        let mut rows: Vec<(String, String)> = csv::Reader::from_reader(table.as_bytes())
            .records()
            .map(|r| r.unwrap())
            .map(|r| (r[0].to_owned(), r[1].to_owned()))
            .filter(|(key, _)| key != "queued" && key != "overdue")
            .collect();
        rows.push(("withdrawn".into(), "已撤回".into()));
        let ours: Vec<(String, String)> = State::ALL
            .iter()
            .map(|s| (s.key().into(), s.zh().into()))
            .collect();
        assert_eq!(ours, rows);
    }

    #[test]
    fn a_day_begun_is_a_day_overdue_and_what_was_answered_is_not() {
        let hour = 3_600_000;
        assert_eq!(State::Rectifying.overdue_days(Some(0), 0), None);
        assert_eq!(State::Rectifying.overdue_days(Some(0), 1), Some(1));
        assert_eq!(State::Failed.overdue_days(Some(0), 25 * hour), Some(2));
        assert_eq!(State::Feedback.overdue_days(Some(0), 25 * hour), None);
        assert_eq!(State::Assigned.overdue_days(None, 25 * hour), None);
    }

    #[test]
    fn keys_read_back_and_match_json() {
        for s in State::ALL {
            assert_eq!(State::from_key(s.key()), Some(*s));
            assert_eq!(serde_json::to_value(s).unwrap(), s.key());
        }
    }
}
