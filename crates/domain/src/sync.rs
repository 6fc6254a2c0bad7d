//! What a record may honestly say of itself while it travels.
//!
//! 已同步 is said of a record only when the server has confirmed its text and the SHA-256 of every
//! file of every one of its photos. These rules are pure, so that phone, command and test use the
//! same ones.

use serde::{Deserialize, Serialize};

/// How far one thing (a record's text, or one file of a photo) has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncStage {
    /// 已存本机: a draft, not handed over yet.
    Local,
    /// 待同步
    Queued,
    /// 正在上传
    Sending,
    /// 已发送，等服务器核对
    Sent,
    /// 服务器已核对
    Confirmed,
    /// 校验不一致, will be sent again
    Mismatch,
    /// 同步失败, will be tried again
    Failed,
    /// 服务器没收下: it can never be taken as it is
    Refused,
}

impl SyncStage {
    /// All stages.
    pub const ALL: [Self; 8] = [
        Self::Local,
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Confirmed,
        Self::Mismatch,
        Self::Failed,
        Self::Refused,
    ];

    /// The word in columns and JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Mismatch => "mismatch",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    /// Reads [`SyncStage::key`].
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// The words on screen.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Local => "已存本机",
            Self::Queued => "待同步",
            Self::Sending => "正在上传",
            Self::Sent => "等服务器核对",
            Self::Confirmed => "服务器已核对",
            Self::Mismatch => "校验不一致",
            Self::Failed => "同步失败",
            Self::Refused => "服务器没收下",
        }
    }
}

/// One photo of a record: the stage of each of its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoSync {
    /// The untouched bytes.
    pub original: SyncStage,
    /// Preview and thumbnail, as far as they exist.
    pub renditions: Vec<SyncStage>,
}

impl PhotoSync {
    /// Every file confirmed.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.original == SyncStage::Confirmed && self.previews_confirmed()
    }

    /// Preview and thumbnail confirmed, the original perhaps not yet.
    #[must_use]
    pub fn previews_confirmed(&self) -> bool {
        self.renditions.iter().all(|s| *s == SyncStage::Confirmed)
    }
}

/// What is shown of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSync {
    /// 已同步: text and every file of every photo confirmed.
    pub synced: bool,
    /// The stage that most needs to be known.
    pub stage: SyncStage,
    /// Photos with every file confirmed.
    pub photos_confirmed: usize,
    /// Photos in all.
    pub photos: usize,
    /// 记录和预览已核对 · 原图待 WLAN
    pub only_originals_wait: bool,
}

/// Sums up a record from the stage of its text and those of its photos.
#[must_use]
pub fn record(text: SyncStage, photos: &[PhotoSync]) -> RecordSync {
    use SyncStage as S;
    let files = || {
        photos
            .iter()
            .flat_map(|p| p.renditions.iter().copied().chain([p.original]))
    };
    let photos_confirmed = photos.iter().filter(|p| p.is_confirmed()).count();
    let synced = text == S::Confirmed && photos_confirmed == photos.len();
    let all = || files().chain([text]);
    // What needs a person comes first, then what moves, then what waits.
    let stage = [S::Refused, S::Mismatch, S::Failed, S::Sending, S::Sent]
        .into_iter()
        .find(|s| all().any(|f| f == *s))
        .unwrap_or(if synced {
            S::Confirmed
        } else if text == S::Local {
            S::Local
        } else {
            S::Queued
        });
    RecordSync {
        synced,
        stage,
        photos_confirmed,
        photos: photos.len(),
        only_originals_wait: !synced
            && text == S::Confirmed
            && photos.iter().all(PhotoSync::previews_confirmed),
    }
}

#[cfg(test)]
mod tests {
    use super::{SyncStage as S, *};
    use proptest::prelude::*;

    fn photo(original: S, rendition: S) -> PhotoSync {
        PhotoSync {
            original,
            renditions: vec![rendition, rendition],
        }
    }

    #[test]
    fn text_alone_is_not_synced() {
        let r = record(S::Confirmed, &[photo(S::Queued, S::Queued)]);
        assert!(!r.synced);
        assert_eq!((r.stage, r.photos_confirmed, r.photos), (S::Queued, 0, 1));
    }

    #[test]
    fn previews_without_originals_say_so() {
        let r = record(S::Confirmed, &[photo(S::Queued, S::Confirmed)]);
        assert!(r.only_originals_wait && !r.synced);
    }

    #[test]
    fn sent_is_not_confirmed() {
        let r = record(S::Confirmed, &[photo(S::Sent, S::Confirmed)]);
        assert_eq!((r.synced, r.stage), (false, S::Sent));
    }

    proptest! {
        #[test]
        fn synced_means_everything_is_confirmed(
            text in 0usize..8,
            files in proptest::collection::vec((0usize..8, 0usize..8), 0..5),
        ) {
            let photos: Vec<_> = files
                .iter()
                .map(|(a, b)| photo(S::ALL[*a], S::ALL[*b]))
                .collect();
            let r = record(S::ALL[text], &photos);
            let everything = S::ALL[text] == S::Confirmed
                && files.iter().all(|(a, b)| S::ALL[*a] == S::Confirmed && S::ALL[*b] == S::Confirmed);
            prop_assert_eq!(r.synced, everything);
            prop_assert_eq!(r.stage == S::Confirmed, everything);
        }
    }
}
