//! Pictures for whoever may not have originals: made by this server, so that nothing but pixels is
//! in them, whatever a phone or a unit sent.
//!
//! A made picture is kept under the hash of what it was made from; losing one loses nothing.

use crate::{
    objects::Objects,
    store::{StoreError, cases::Scope, photos},
};
use rusqlite::Connection;
use std::{
    io::{self, Read as _},
    path::PathBuf,
};
use zhicha_domain::{
    hash::Digest,
    ids::{CityId, PhotoId},
    photo::Rendition,
};

/// A picture to be shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The JPEG.
    pub path: PathBuf,
    /// Names these bytes; tells nothing of the original's hash.
    pub tag: Digest,
}

/// The server's own picture of a photo within a scope: made from the original or, while that is
/// still on the phone, from the phone's preview. `None` where there is nothing to show.
///
/// # Errors
/// [`StoreError`].
pub fn shown(
    db: &Connection,
    city: CityId,
    objects: &Objects,
    scope: &Scope,
    (photo, wanted): (PhotoId, Rendition),
) -> Result<Option<Shown>, StoreError> {
    for source in [Rendition::Original, Rendition::Preview] {
        let Some(held) = photos::held_file(db, city, scope, photo, source)? else {
            continue;
        };
        let made =
            clean(objects, held.sha256, wanted).map_err(|e| StoreError::Stored(e.to_string()))?;
        if let Some(path) = made {
            let source = held.sha256.to_string();
            let tag = Digest::of_parts(&[
                b"zhicha-made-v1\0",
                source.as_bytes(),
                wanted.key().as_bytes(),
            ]);
            return Ok(Some(Shown { path, tag }));
        }
    }
    Ok(None)
}

/// Preview or thumbnail of the picture with this hash, as a JPEG file; `None` when it cannot be
/// shown, and for the original, which is never made.
fn clean(objects: &Objects, source: Digest, wanted: Rendition) -> io::Result<Option<PathBuf>> {
    if wanted == Rendition::Original {
        return Ok(None);
    }
    let path = objects.made(source, wanted.key());
    if path.exists() {
        return Ok(Some(path));
    }
    let mut bytes = Vec::new();
    objects.read(source)?.read_to_end(&mut bytes)?;
    let Ok(Ok(made)) = zhicha_photo::inspect(&bytes).map(|seen| seen.renditions) else {
        return Ok(None);
    };
    objects.keep_made(source, Rendition::Preview.key(), &made.preview)?;
    objects.keep_made(source, Rendition::Thumbnail.key(), &made.thumbnail)?;
    Ok(Some(path))
}
