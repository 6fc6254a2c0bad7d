//! Words about photos that phone, office and lists share.

use crate::ids::{ProblemId, VisitId};
use serde::{Deserialize, Serialize};

/// What a photo shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", content = "id", rename_all = "snake_case")]
pub enum PhotoSubject {
    /// A problem.
    Problem(ProblemId),
    /// A visit as a whole.
    Visit(VisitId),
}

/// Which view it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Shot {
    /// 近景
    Near,
    /// 远景（带参照物）
    Wide,
    /// 整改后
    After,
    /// Any other.
    Other,
}

impl Shot {
    /// The word on screens and lists.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Near => "近景",
            Self::Wide => "远景",
            Self::After => "整改后",
            Self::Other => "其他",
        }
    }
}

/// How the bytes came to us. Only the app's own camera makes 现场拍摄.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// 现场拍摄
    Camera,
    /// 导入
    Import,
    /// 网页上传
    Web,
}

impl Origin {
    /// The word on screens and lists.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Camera => "现场拍摄",
            Self::Import => "导入",
            Self::Web => "网页上传",
        }
    }
}

/// The three files of a photo; each travels by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rendition {
    /// The camera's untouched bytes.
    Original,
    /// 1600 px long edge.
    Preview,
    /// 320 px long edge.
    Thumbnail,
}

impl Rendition {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Original, Self::Preview, Self::Thumbnail];

    /// The word in paths, metadata and columns.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Preview => "preview",
            Self::Thumbnail => "thumbnail",
        }
    }

    /// Reads [`Rendition::key`].
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.key() == key)
    }
}
