//! Identifiers, one type for each thing, so that a site can never be passed where a unit is meant.
//!
//! All are UUIDs. Those made where the fact is made (ops, problems, photos, visits) are version 7
//! and therefore sort roughly by creation, but no rule relies on that: device clocks order nothing.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

id! {
    /// The city that runs this server.
    CityId,
    /// 区划/街道/社区/网格: a node of the area tree.
    AreaId,
    /// 责任单位.
    UnitId,
    /// 点位.
    SiteId,
    /// A person's account.
    AccountId,
    /// One phone bound to one account.
    DeviceId,
    /// One signed log; a phone's vault has one, the city has one.
    LogId,
    /// One entry of a log.
    OpId,
    /// One team's duty on one date (the unit of secrecy: it says no more than the date).
    DutyId,
    /// 巡查任务: one site to visit within a duty.
    TaskId,
    /// 检查记录.
    VisitId,
    /// 问题.
    ProblemId,
    /// 照片.
    PhotoId,
    /// 交办.
    DispatchId,
    /// One resumable upload.
    UploadId,
}

/// Builds a version 7 UUID from a wall-clock time and 10 random bytes, both passed in.
///
/// `unix_ms` is milliseconds since 1970 (UTC); negative values count as 0.
#[must_use]
pub fn uuid_v7(unix_ms: i64, random: [u8; 10]) -> Uuid {
    let ms = u64::try_from(unix_ms).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_v7_id_carries_its_time_and_version() {
        let id = uuid_v7(1_772_700_000_123, [0xab; 10]);
        assert_eq!(id.get_version_num(), 7);
        let (secs, nanos) = id.get_timestamp().unwrap().to_unix();
        assert_eq!((secs, nanos / 1_000_000), (1_772_700_000, 123));
    }

    #[test]
    fn a_clock_before_1970_still_gives_an_id() {
        assert_eq!(uuid_v7(-5, [1; 10]).get_version_num(), 7);
    }
}
