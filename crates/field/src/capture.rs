//! Photo bytes become sealed files and rows.
//!
//! The order of a save: each file is sealed under a temporary name, synced, renamed, the folder
//! synced; then one transaction writes the rows. Only then is the photo said to be there. The bytes
//! are never changed.

use crate::{FieldError, Vault, clock::Clock};
use rand_core::CryptoRng;
use rusqlite::params;
use serde::Serialize;
use zhicha_domain::{
    geo::{Datum, Fix},
    hash::Digest,
    ids::{PhotoId, ProblemId, uuid_v7},
    ops::body::{FileFact, PhotoAdded},
    photo::{Origin, PhotoSubject, Rendition, Shot},
    time::Stamp,
};
use zhicha_photo::{Inspected, inspect};

/// How the bytes came to the phone.
#[derive(Clone, Debug)]
pub struct Intake {
    origin: Origin,
    taken: Option<Stamp>,
}

impl Intake {
    /// From a file: 导入, whatever its EXIF says.
    #[must_use]
    pub fn import() -> Self {
        Self {
            origin: Origin::Import,
            taken: None,
        }
    }

    /// As if the app's own camera had just taken it. Exists in builds for tests and load alone.
    #[cfg(feature = "test-camera")]
    #[must_use]
    pub fn test_camera(at: Stamp) -> Self {
        Self {
            origin: Origin::Camera,
            taken: Some(at),
        }
    }
}

/// A photo to add to a problem.
pub struct NewPhoto<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// How they came here.
    pub intake: Intake,
    /// Which view it is.
    pub shot: Shot,
    /// The one fix kept with it.
    pub fix: Option<Fix>,
    /// Keep the bytes even when nothing can be shown of them.
    pub keep_as_attachment: bool,
}

/// What a sealed file says of itself, so that it can be found again without the database.
#[derive(Serialize)]
struct Header<'a> {
    v: u8,
    rendition: Rendition,
    file: &'a FileFact,
    photo: PhotoId,
    problem: ProblemId,
    shot: Shot,
    origin: Origin,
    taken: &'a Option<Stamp>,
    fix: &'a Option<Fix>,
}

struct Stored {
    rendition: Rendition,
    name: String,
    fact: FileFact,
}

impl Vault {
    /// Adds a photo to a problem that is still a draft.
    ///
    /// # Errors
    /// [`FieldError::UnusablePhoto`], [`FieldError::NeedsAttachment`], [`FieldError::Fix`],
    /// [`FieldError::DiskFull`]; nothing of the photo is kept then.
    pub fn add_photo(
        &mut self,
        problem: ProblemId,
        photo: &NewPhoto<'_>,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<PhotoId, FieldError> {
        if let Some(fix) = &photo.fix {
            fix.check()?;
        }
        let seen = inspect(photo.bytes).map_err(|e| FieldError::UnusablePhoto(e.message_zh()))?;
        let no_preview = match &seen.renditions {
            Err(why) if !photo.keep_as_attachment => {
                return Err(FieldError::NeedsAttachment {
                    code: why.code().into(),
                    zh: why.message_zh(),
                    en: why.message_en(),
                });
            }
            Err(why) => why.code().to_owned(),
            Ok(_) => String::new(),
        };
        let mut random = [0u8; 10];
        rng.fill_bytes(&mut random);
        let id: PhotoId = uuid_v7(clock.now_ms(), random).into();
        let files = self.seal_files(id, problem, photo, &seen, rng)?;
        let fact = |rendition| {
            files
                .iter()
                .find(|f| f.rendition == rendition)
                .map(|f| f.fact.clone())
        };
        let body = PhotoAdded {
            photo: id,
            of: PhotoSubject::Problem(problem),
            shot: photo.shot,
            origin: photo.intake.origin,
            original: fact(Rendition::Original)
                .ok_or_else(|| FieldError::NotHere("original".into()))?,
            preview: fact(Rendition::Preview),
            thumbnail: fact(Rendition::Thumbnail),
            no_preview,
            taken: photo.intake.taken.clone(),
            fix: photo.fix.clone(),
            exif_fix: exif_fix(&seen),
            exif_taken: seen.exif.taken_at.clone().unwrap_or_default(),
            exif_camera: camera(&seen),
        };
        let text = json(&body)?;
        let now = clock.now_ms();
        self.transact(|tx| {
            tx.prepare_cached(
                "INSERT INTO photos (photo_id, problem_id, position, fact)
                 SELECT $1, $2, count(*), $3 FROM photos WHERE problem_id = $2",
            )?
            .execute(params![id.to_string(), problem.to_string(), text])?;
            for file in &files {
                tx.prepare_cached(
                    "INSERT INTO photo_files (photo_id, rendition, file, sha256, len)
                     VALUES ($1, $2, $3, $4, $5)",
                )?
                .execute(params![
                    id.to_string(),
                    file.rendition.key(),
                    file.name,
                    file.fact.sha256.to_string(),
                    i64::try_from(file.fact.len).unwrap_or(i64::MAX)
                ])?;
            }
            tx.prepare_cached("UPDATE problems SET changed_ms = $1 WHERE problem_id = $2")?
                .execute(params![now, problem.to_string()])?;
            Ok(())
        })?;
        Ok(id)
    }

    fn seal_files(
        &self,
        id: PhotoId,
        problem: ProblemId,
        photo: &NewPhoto<'_>,
        seen: &Inspected,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<Stored>, FieldError> {
        let mut parts = vec![(
            Rendition::Original,
            photo.bytes,
            Digest(seen.sha256),
            seen.mime(),
        )];
        if let Ok(made) = &seen.renditions {
            for (rendition, bytes) in [
                (Rendition::Preview, made.preview.as_slice()),
                (Rendition::Thumbnail, made.thumbnail.as_slice()),
            ] {
                parts.push((rendition, bytes, Digest::of(bytes), "image/jpeg"));
            }
        }
        parts
            .into_iter()
            .map(|(rendition, bytes, sha256, mime)| {
                let fact = FileFact {
                    sha256,
                    len: bytes.len() as u64,
                    mime: mime.to_owned(),
                };
                let header = json(&Header {
                    v: 1,
                    rendition,
                    file: &fact,
                    photo: id,
                    problem,
                    shot: photo.shot,
                    origin: photo.intake.origin,
                    taken: &photo.intake.taken,
                    fix: &photo.fix,
                })?;
                Ok(Stored {
                    rendition,
                    name: self.store_file(header.as_bytes(), bytes, rng)?,
                    fact,
                })
            })
            .collect()
    }
}

fn exif_fix(seen: &Inspected) -> Option<Fix> {
    let gps = seen.exif.gps.as_ref()?;
    let fix = Fix {
        lat: gps.lat_deg,
        lon: gps.lon_deg,
        acc_m: gps.accuracy_m,
        datum: Datum::Wgs84,
        provider: "exif".into(),
        age_ms: 0,
        simulated: false,
    };
    fix.check().is_ok().then_some(fix)
}

fn camera(seen: &Inspected) -> String {
    let make = seen.exif.make.as_deref().unwrap_or_default();
    let model = seen.exif.model.as_deref().unwrap_or_default();
    format!("{make} {model}").trim().to_owned()
}

/// JSON of a value that always has some.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, FieldError> {
    serde_json::to_string(value).map_err(|e| FieldError::Unfit(e.to_string()))
}
