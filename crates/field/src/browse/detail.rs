//! One problem with its photos, and one picture.

use super::{ProblemRow, ROW};
use crate::{FieldError, Vault, problem::Draft, view::FileView};
use rusqlite::{OptionalExtension as _, params};
use serde::Serialize;
use zhicha_domain::{
    ids::{PhotoId, ProblemId},
    ops::body::PhotoAdded,
    photo::Rendition,
    wire::TaskCard,
};

/// A photo with what is known of it.
#[derive(Debug, Serialize)]
pub struct PhotoDetail {
    /// As it was recorded.
    pub fact: PhotoAdded,
    /// Its files and how far each has come.
    pub files: Vec<FileView>,
}

/// A problem's own page.
#[derive(Debug, Serialize)]
pub struct ProblemDetail {
    /// As in a list.
    pub row: ProblemRow,
    /// What its form holds.
    pub draft: Draft,
    /// Name of the site it was found at; empty for a free one.
    pub site: String,
    /// Its photos, in order.
    pub photos: Vec<PhotoDetail>,
}

impl Vault {
    /// A problem handed over.
    ///
    /// # Errors
    /// [`FieldError::NotHere`].
    pub fn problem_detail(&self, problem: ProblemId) -> Result<ProblemDetail, FieldError> {
        let id = problem.to_string();
        let mut find = self
            .db
            .prepare_cached(&format!("{ROW} AND problem_id = ?1"))?;
        let mut rows = find.query([&id])?;
        let missing = || FieldError::NotHere(format!("问题 {problem}"));
        let row = rows.next()?.ok_or_else(missing)?;
        let draft: String = row.get(5)?;
        let draft: Draft = serde_json::from_str(&draft).unwrap_or_default();
        let row = self.problem_row(row)?;
        let mut views = self.photo_views(&id)?;
        let photos = self.photo_facts(problem)?.into_iter().map(|fact| {
            let own = fact.photo.to_string();
            let files = views
                .iter_mut()
                .find(|view| view.photo == own)
                .map(|view| std::mem::take(&mut view.files))
                .unwrap_or_default();
            PhotoDetail { fact, files }
        });
        Ok(ProblemDetail {
            photos: photos.collect(),
            site: self.site_name(&draft)?,
            row,
            draft,
        })
    }

    /// The name of the site a problem was found at, where its task is on this phone.
    fn site_name(&self, draft: &Draft) -> Result<String, FieldError> {
        let Some(site) = draft.site else {
            return Ok(String::new());
        };
        let card: Option<String> = self
            .db
            .prepare_cached(
                "SELECT card FROM tasks WHERE json_extract(card, '$.site.site') = $1 LIMIT 1",
            )?
            .query_row([site.to_string()], |r| r.get(0))
            .optional()?;
        let card = card.and_then(|text| serde_json::from_str::<TaskCard>(&text).ok());
        Ok(card.map(|c| c.site.name).unwrap_or_default())
    }

    /// A file of a photo, opened and checked against its hash, with its media type.
    ///
    /// # Errors
    /// [`FieldError::NotHere`]; [`FieldError::Damaged`], [`FieldError::Seal`] when it no longer reads.
    pub fn picture(
        &self,
        photo: PhotoId,
        rendition: Rendition,
    ) -> Result<(Vec<u8>, String), FieldError> {
        let row: Option<(String, String, String)> = self
            .db
            .prepare_cached(
                "SELECT f.file, f.sha256, p.fact FROM photo_files f
                 JOIN photos p ON p.photo_id = f.photo_id
                 WHERE f.photo_id = $1 AND f.rendition = $2",
            )?
            .query_row(params![photo.to_string(), rendition.key()], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?))
            })
            .optional()?;
        let missing = || FieldError::NotHere(format!("照片 {photo}"));
        let (file, sha256, fact) = row.ok_or_else(missing)?;
        let sha256 = sha256.parse().map_err(|_| missing())?;
        let mime = match rendition {
            Rendition::Original => serde_json::from_str::<PhotoAdded>(&fact)
                .map_or_else(|_| "application/octet-stream".into(), |p| p.original.mime),
            _ => "image/jpeg".to_owned(),
        };
        Ok((self.read_file(&file, sha256)?, mime))
    }
}
