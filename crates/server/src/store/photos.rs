//! Photos to be shown: which file of which photo, within somebody's reach.

use super::{StoreError, Tx, cases::Scope, read};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use utoipa::ToSchema;
use zhicha_domain::{
    geo::Fix,
    hash::Digest,
    ids::{AccountId, CityId, PhotoId, ProblemId},
    ops::body::PhotoAdded,
    photo::{Origin, Rendition, Shot},
};

/// A file that lies whole on the server.
#[derive(Clone, Debug)]
pub struct HeldFile {
    /// Its hash.
    pub sha256: Digest,
    /// Its length, bytes.
    pub len: u64,
    /// Its media type as stated when it was recorded.
    pub mime: String,
}

/// A photo of a problem.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PhotoCard {
    /// Its id.
    pub photo: PhotoId,
    /// Which view.
    pub shot: Shot,
    /// Where its bytes came from.
    pub origin: Origin,
    /// `before`: as found; `after`: as put right or rechecked.
    pub side: String,
    /// When it was added at the server, milliseconds since 1970 UTC.
    pub added_ms: i64,
    /// Its files.
    pub files: Vec<FileCard>,
    /// Why it cannot be shown; empty when it can.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub no_preview: String,
    /// Where it was taken; for whoever may know where exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// Where the camera says it was; for the same people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exif_fix: Option<Fix>,
    /// When the camera says it was taken; for the same people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub exif_taken: String,
}

/// A file of a photo.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FileCard {
    /// Which.
    pub rendition: Rendition,
    /// Its hash.
    pub sha256: Digest,
    /// Its length, bytes.
    pub len: u64,
    /// It lies whole on the server.
    pub complete: bool,
}

/// The photo's file, if it is whole and the photo lies within the scope. Photos of a visit are for
/// the whole city's readers and for whoever took them.
///
/// # Errors
/// [`StoreError`].
pub fn held_file(
    db: &Connection,
    city: CityId,
    scope: &Scope,
    photo: PhotoId,
    rendition: Rendition,
) -> Result<Option<HeldFile>, StoreError> {
    let row: Option<(String, i64, String)> = db
        .prepare_cached(
            "SELECT f.sha256, f.len, f.mime
             FROM photo_files f
             JOIN photos ph ON ph.city_id = f.city_id AND ph.photo_id = f.photo_id
             LEFT JOIN problems p ON p.city_id = ph.city_id AND p.problem_id = ph.problem_id
             WHERE f.city_id = $1 AND ($2 IS NULL OR p.unit_id = $2)
               AND ($3 IS NULL OR p.reporter_id = $3 OR ph.author_id = $3)
               AND (NOT $4 OR p.unit_id IS NOT NULL)
               AND f.photo_id = $5 AND f.rendition = $6 AND f.complete_ms IS NOT NULL",
        )?
        .query_row(
            params![
                city.to_string(),
                scope.unit,
                scope.reporter,
                scope.dispatched,
                photo.to_string(),
                rendition.key()
            ],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
        )
        .optional()?;
    row.map(|(sha256, len, mime)| {
        Ok(HeldFile {
            sha256: read(&sha256)?,
            len: u64::try_from(len).unwrap_or(0),
            mime,
        })
    })
    .transpose()
}

/// A problem's photos in the order they were added, with where and when they were taken.
///
/// # Errors
/// [`StoreError`].
pub fn of_problem(
    db: &Connection,
    city: CityId,
    problem: ProblemId,
) -> Result<Vec<PhotoCard>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT photo_id, side, facts, added_ms FROM photos
         WHERE city_id = $1 AND problem_id = $2 ORDER BY added_ms, photo_id",
    )?;
    let mut rows = find.query(params![city.to_string(), problem.to_string()])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let id: String = r.get(0)?;
        let facts: PhotoAdded = serde_json::from_str(&r.get::<_, String>(2)?)
            .map_err(|e| StoreError::Stored(e.to_string()))?;
        found.push(PhotoCard {
            photo: read(&id)?,
            shot: facts.shot,
            origin: facts.origin,
            side: r.get(1)?,
            added_ms: r.get(3)?,
            files: files(db, city, &id)?,
            no_preview: facts.no_preview,
            fix: facts.fix,
            exif_fix: facts.exif_fix,
            exif_taken: facts.exif_taken,
        });
    }
    Ok(found)
}

fn files(db: &Connection, city: CityId, photo: &str) -> Result<Vec<FileCard>, StoreError> {
    let rows: Vec<(String, String, i64, bool)> = db
        .prepare_cached(
            "SELECT rendition, sha256, len, complete_ms IS NOT NULL FROM photo_files
             WHERE city_id = $1 AND photo_id = $2 ORDER BY rendition",
        )?
        .query_map(params![city.to_string(), photo], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
        })?
        .collect::<Result<_, _>>()?;
    rows.into_iter()
        .map(|(rendition, sha256, len, complete)| {
            Ok(FileCard {
                rendition: Rendition::from_key(&rendition)
                    .ok_or_else(|| StoreError::Stored(format!("rendition {rendition}")))?,
                sha256: read(&sha256)?,
                len: u64::try_from(len).unwrap_or(0),
                complete,
            })
        })
        .collect()
}

impl Tx<'_> {
    /// Of `asked`, how many are photos of this problem as put right.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn after_photos(&self, problem: ProblemId, asked: &[PhotoId]) -> Result<usize, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT 1 FROM photos
             WHERE city_id = $1 AND problem_id = $2 AND photo_id = $3 AND side = 'after'",
        )?;
        let mut found = 0;
        for photo in asked {
            let mine = params![
                self.city.to_string(),
                problem.to_string(),
                photo.to_string()
            ];
            found += usize::from(find.exists(mine)?);
        }
        Ok(found)
    }

    /// Notes bytes that this server stored itself for an account, so that a photo that names them is
    /// complete at once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn hold(
        &self,
        account: AccountId,
        sha256: Digest,
        len: u64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let (city, hash) = (self.city.to_string(), sha256.to_string());
        self.db.execute(
            "INSERT INTO objects (city_id, sha256, len, created_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (city_id, sha256) DO NOTHING",
            params![city, hash, i64::try_from(len).unwrap_or(i64::MAX), now_ms],
        )?;
        self.db.execute(
            "INSERT INTO holdings (city_id, account_id, sha256) VALUES ($1, $2, $3)
             ON CONFLICT (city_id, account_id, sha256) DO NOTHING",
            params![city, account.to_string(), hash],
        )?;
        Ok(())
    }
}
