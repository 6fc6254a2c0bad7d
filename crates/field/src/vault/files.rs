//! Files of the vault, written so that a name always stands for whole, synced bytes:
//! temporary file in the same folder, sync, rename, sync of the folder.
//!
//! After a sync that failed nothing is believed: the caller writes the file anew under another name.

use super::keys::Key;
use crate::FieldError;
use std::{
    fs::{self, File},
    io::{BufWriter, Read as _, Write as _},
    path::{Path, PathBuf},
};
use zhicha_domain::seal::stream::{Purpose, SealReader, SealWriter, read_header};

/// Writes `bytes` as `folder/name`, whole or not at all.
pub(super) fn write_durably(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), FieldError> {
    place(folder, name, |file| file.write_all(bytes))
}

/// Seals `bytes` as `folder/name`; `header` is what a rebuild needs to know of them.
pub(super) fn write_sealed(
    folder: &Path,
    name: &str,
    key: &Key,
    salt: [u8; 16],
    header: &[u8],
    bytes: &[u8],
) -> Result<(), FieldError> {
    place(folder, name, |file| {
        let out = BufWriter::with_capacity(256 * 1024, file);
        let mut seal = SealWriter::new(out, key, Purpose::Photo, salt, header)
            .map_err(std::io::Error::other)?;
        seal.write_all(bytes)?;
        seal.finish().map_err(std::io::Error::other)?.flush()
    })
}

fn place(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut File) -> std::io::Result<()>,
) -> Result<(), FieldError> {
    let temporary = folder.join(format!("{name}.tmp"));
    let at = |e| FieldError::io(&temporary, e);
    let written = (|| {
        let mut file = File::create(&temporary)?;
        write(&mut file)?;
        file.sync_all()
    })();
    if let Err(e) = written {
        // The bytes of a failed write or sync are not trusted, so they go.
        let _ = fs::remove_file(&temporary);
        return Err(at(e));
    }
    fs::rename(&temporary, folder.join(name)).map_err(at)?;
    File::open(folder)
        .and_then(|dir| dir.sync_all())
        .map_err(|e| FieldError::io(folder, e))
}

/// The whole plaintext of a sealed file.
pub(super) fn read_sealed(path: &Path, key: &Key) -> Result<Vec<u8>, FieldError> {
    let file = File::open(path).map_err(|e| FieldError::io(path, e))?;
    let mut reader = SealReader::new(file, key, Purpose::Photo)?;
    let mut plain = Vec::new();
    reader.read_to_end(&mut plain).map_err(|e| {
        if e.kind() == std::io::ErrorKind::InvalidData {
            FieldError::Seal(zhicha_domain::seal::SealError::Broken)
        } else {
            FieldError::io(path, e)
        }
    })?;
    Ok(plain)
}

/// The header of a sealed file.
pub(super) fn header_of(path: &Path, key: &Key) -> Result<Vec<u8>, FieldError> {
    let file = File::open(path).map_err(|e| FieldError::io(path, e))?;
    Ok(read_header(file, key, Purpose::Photo)?)
}

/// Names in a folder.
pub(super) fn names(folder: &Path) -> Result<Vec<(String, PathBuf)>, FieldError> {
    let at = |e| FieldError::io(folder, e);
    fs::read_dir(folder)
        .map_err(at)?
        .map(|entry| {
            let entry = entry.map_err(at)?;
            Ok((
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            ))
        })
        .collect()
}
