//! Uploads, and which bytes lie complete in the object store.

use super::{StoreError, Tx, changes, read};
use rusqlite::{Connection, OptionalExtension as _, params};
use zhicha_domain::{
    hash::Digest,
    ids::{AccountId, CityId, PhotoId, UploadId},
    photo::Rendition,
    wire::ChangeBody,
};

/// One upload.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its id.
    pub upload: UploadId,
    /// Whose it is.
    pub account: AccountId,
    /// The photo it belongs to.
    pub photo: PhotoId,
    /// Which of its files.
    pub rendition: Rendition,
    /// Hash the whole must have.
    pub sha256: Digest,
    /// Length of the whole, bytes.
    pub len: u64,
    /// When it was complete, server clock.
    pub complete_ms: Option<i64>,
}

impl Tx<'_> {
    /// Notes a new upload.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_upload(&self, u: &Upload, now_ms: i64) -> Result<(), StoreError> {
        self.db.execute(
            "INSERT INTO uploads (city_id, upload_id, account_id, photo_id, rendition, sha256,
                                  len, created_ms, complete_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                self.city.to_string(),
                u.upload.to_string(),
                u.account.to_string(),
                u.photo.to_string(),
                u.rendition.key(),
                u.sha256.to_string(),
                i64::try_from(u.len).unwrap_or(i64::MAX),
                now_ms,
                u.complete_ms
            ],
        )?;
        Ok(())
    }

    /// Forgets an upload that will not go on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn delete_upload(&self, id: UploadId) -> Result<(), StoreError> {
        self.db.execute(
            "DELETE FROM uploads WHERE city_id = $1 AND upload_id = $2",
            params![self.city.to_string(), id.to_string()],
        )?;
        Ok(())
    }

    /// [`Tx::complete_upload`], and tells the account of each file that is complete by it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn finish_upload(&self, u: &Upload, now_ms: i64) -> Result<(), StoreError> {
        let audience = changes::account(u.account);
        for (photo, rendition) in self.complete_upload(u, now_ms)? {
            let body = ChangeBody::FileComplete {
                photo,
                rendition,
                sha256: u.sha256,
            };
            self.publish(&audience, &body, now_ms)?;
        }
        Ok(())
    }

    /// The bytes lie durable in the object store: notes it for the account, and completes every file
    /// of its photos that names this hash. Gives those files.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn complete_upload(
        &self,
        u: &Upload,
        now_ms: i64,
    ) -> Result<Vec<(PhotoId, Rendition)>, StoreError> {
        let city = self.city.to_string();
        let (account, sha256) = (u.account.to_string(), u.sha256.to_string());
        self.db.execute(
            "INSERT INTO objects (city_id, sha256, len, created_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (city_id, sha256) DO NOTHING",
            params![
                city,
                sha256,
                i64::try_from(u.len).unwrap_or(i64::MAX),
                now_ms
            ],
        )?;
        self.db.execute(
            "INSERT INTO holdings (city_id, account_id, sha256) VALUES ($1, $2, $3)
             ON CONFLICT (city_id, account_id, sha256) DO NOTHING",
            params![city, account, sha256],
        )?;
        self.db.execute(
            "UPDATE uploads SET complete_ms = $1 WHERE city_id = $2 AND upload_id = $3",
            params![now_ms, city, u.upload.to_string()],
        )?;
        let rows: Vec<(String, String)> = self
            .db
            .prepare_cached(
                "UPDATE photo_files SET complete_ms = $1
                 WHERE city_id = $2 AND sha256 = $3 AND complete_ms IS NULL
                   AND photo_id IN (SELECT photo_id FROM photos
                                    WHERE city_id = $2 AND author_id = $4)
                 RETURNING photo_id, rendition",
            )?
            .query_map(params![now_ms, city, sha256, account], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        rows.iter()
            .map(|(photo, rendition)| Ok((read(photo)?, rendition_of(rendition)?)))
            .collect()
    }
}

/// An upload of this account.
///
/// # Errors
/// [`StoreError`].
pub fn upload(
    db: &Connection,
    city: CityId,
    account: AccountId,
    upload: UploadId,
) -> Result<Option<Upload>, StoreError> {
    let row: Option<(String, String, String, i64, Option<i64>)> = db
        .prepare_cached(
            "SELECT photo_id, rendition, sha256, len, complete_ms FROM uploads
             WHERE city_id = $1 AND upload_id = $2 AND account_id = $3",
        )?
        .query_row(
            params![city.to_string(), upload.to_string(), account.to_string()],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
        )
        .optional()?;
    row.map(|(photo, rendition, sha256, len, complete_ms)| {
        Ok(Upload {
            upload,
            account,
            photo: read(&photo)?,
            rendition: rendition_of(&rendition)?,
            sha256: read(&sha256)?,
            len: u64::try_from(len).unwrap_or(0),
            complete_ms,
        })
    })
    .transpose()
}

/// Of `asked`, the files this account has sent whole.
///
/// # Errors
/// [`StoreError`].
pub fn held_files(
    db: &Connection,
    city: CityId,
    account: AccountId,
    asked: &[Digest],
) -> Result<Vec<Digest>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM holdings WHERE city_id = $1 AND account_id = $2 AND sha256 = $3",
    )?;
    let mut held = Vec::new();
    for sha256 in asked {
        if find.exists(params![
            city.to_string(),
            account.to_string(),
            sha256.to_string()
        ])? {
            held.push(*sha256);
        }
    }
    Ok(held)
}

fn rendition_of(key: &str) -> Result<Rendition, StoreError> {
    Rendition::from_key(key).ok_or_else(|| StoreError::Stored(format!("rendition {key}")))
}
