//! What can happen to a problem.

use crate::rights::Act;
use serde::{Deserialize, Serialize};

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident $key:literal $zh:literal $act:ident,)*) => {
        /// One step of a problem's life.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Event { $($(#[$doc])* $name,)* }

        impl Event {
            /// All events.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The key in paths, columns and JSON.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// The words on screens.
            #[must_use]
            pub fn zh(self) -> &'static str {
                match self { $(Self::$name => $zh,)* }
            }

            /// The right it needs.
            #[must_use]
            pub fn act(self) -> Act {
                match self { $(Self::$name => Act::$act,)* }
            }

            /// Reads [`Event::key`].
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$name),)* _ => None }
            }
        }
    };
}

events! {
    /// The inspector hands over, or hands over again.
    Submit "submit" "提交" Field,
    /// The inspector takes it back.
    Withdraw "withdraw" "撤回" Field,
    /// The reviewer files it.
    Accept "accept" "立案" Review,
    /// The reviewer asks for more.
    Return "return" "退回补充" Review,
    /// The reviewer does not file it.
    Reject "reject" "不予立案" Review,
    /// The reviewer joins it to another.
    Merge "merge" "并案" Review,
    /// It was put right on the spot; a recheck confirms.
    OnsiteFixed "onsite_fixed" "现场已整改" Review,
    /// A review decision is undone.
    Reopen "reopen" "撤销审核决定" Review,
    /// It goes to a unit.
    Assign "assign" "交办" Dispatch,
    /// The office takes a dispatch back within ten minutes.
    Recall "recall" "撤回交办" Dispatch,
    /// The unit signs for it.
    Sign "sign" "签收" Rectify,
    /// The unit says it is not its business.
    Refuse "refuse" "申请退办" Rectify,
    /// The office gives it to another unit.
    Reassign "reassign" "改派" Dispatch,
    /// The office says it is the unit's business all the same.
    Uphold "uphold" "维持原交办" Dispatch,
    /// The unit reports that it is done.
    Feedback "feedback" "反馈" Rectify,
    /// The unit asks for more time.
    ExtendRequest "extend_request" "申请延期" Rectify,
    /// More time is given.
    Approve "approve" "同意延期" Dispatch,
    /// More time is not given.
    Deny "deny" "不同意延期" Dispatch,
    /// It goes on the books.
    Suspend "suspend" "挂账" Dispatch,
    /// It comes off the books.
    Resume "resume" "恢复整改" Dispatch,
    /// The recheck finds it done: closed.
    Pass "pass" "复查通过销号" Recheck,
    /// The recheck finds it not done.
    Fail "fail" "复查不通过" Recheck,
    /// The recheck finds part of it done.
    Partial "partial" "部分整改" Recheck,
    /// The recheck could not be made.
    NotCheckable "not_checkable" "查不了" Recheck,
    /// Back to the unit after a failed recheck.
    SendBack "send_back" "退回重改" Recheck,
    /// Done once, watched from now on.
    KeepWatch "keep_watch" "转长期坚持" Recheck,
    /// A closed problem is chosen for another look.
    LookBack "look_back" "回头看" Recheck,
    /// The other look finds it still good.
    #[serde(rename = "ok")]
    StillGood "ok" "回头看合格" Recheck,
    /// It is back: a new problem is linked, or the watched one is put right again.
    Relapse "relapse" "反弹" Recheck,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back() {
        for e in Event::ALL {
            assert_eq!(Event::from_key(e.key()), Some(*e));
        }
    }
}
