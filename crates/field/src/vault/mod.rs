//! The vault: one folder per server and account, and the only door to it.
//!
//! ```text
//! vault.lock   one program at a time
//! keys.json    wrapped keys
//! zhicha.db    SQLCipher: log, drafts, what the server sent
//! photos/      sealed files with random names
//! ballast      room kept free, so that a draft can still be stored on a full disk
//! ```
//!
//! Nothing in the folder shows what it is about: database, log and pictures are encrypted. A crash
//! between a photo file and its row leaves an orphan, which is swept when the vault is opened.

mod db;
mod files;
mod keys;
pub(crate) mod log;

pub use keys::RECOVERY_INFO;

use crate::{FieldError, clock::Clock};
use rand_core::CryptoRng;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::{
    collections::HashSet,
    fs::{self, File},
    path::{Path, PathBuf},
};
use zhicha_domain::{hash::Digest, seal::envelope::SealPublic, time::Stamp};

/// Bytes kept free for a draft on a full disk.
const BALLAST: usize = 1024 * 1024;

/// An open vault.
pub struct Vault {
    folder: PathBuf,
    keys: keys::Keys,
    photo_key: keys::Key,
    pub(crate) db: Connection,
    _lock: File,
}

impl Vault {
    /// Makes a vault in `folder`, which must not hold one.
    ///
    /// # Errors
    /// [`FieldError::AlreadyEnrolled`], [`FieldError::BadPin`], file errors.
    pub fn create(folder: &Path, pin: &[u8], rng: &mut impl CryptoRng) -> Result<Self, FieldError> {
        fs::create_dir_all(folder.join("photos")).map_err(|e| FieldError::io(folder, e))?;
        let lock = lock(folder)?;
        if folder.join("keys.json").exists() {
            return Err(FieldError::AlreadyEnrolled(folder.to_owned()));
        }
        let keys = keys::Keys::create(folder, pin, rng)?;
        Self::with(folder, keys, lock)
    }

    /// Opens a vault with its PIN.
    ///
    /// # Errors
    /// [`FieldError::NoVault`], [`FieldError::InUse`], [`FieldError::WrongPin`],
    /// [`FieldError::Newer`], [`FieldError::Damaged`].
    pub fn open(folder: &Path, pin: &[u8]) -> Result<Self, FieldError> {
        if !folder.join("keys.json").exists() {
            return Err(FieldError::NoVault(folder.to_owned()));
        }
        let lock = lock(folder)?;
        let keys = keys::Keys::open(folder, pin)?;
        Self::with(folder, keys, lock)
    }

    fn with(folder: &Path, keys: keys::Keys, lock: File) -> Result<Self, FieldError> {
        let db = db::open(&folder.join("zhicha.db"), &keys.derived(b"db")?)?;
        let mut vault = Self {
            folder: folder.to_owned(),
            photo_key: keys.derived(b"photos")?,
            keys,
            db,
            _lock: lock,
        };
        vault.sweep()?;
        vault.set_ballast();
        vault.index_missing()?;
        Ok(vault)
    }

    /// Where the vault lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The phone's signing key.
    pub(crate) fn device_key(&self) -> &ed25519_dalek::SigningKey {
        &self.keys.device
    }

    /// Seals the vault key to the city's recovery key.
    pub(crate) fn add_recovery(
        &self,
        to: &SealPublic,
        rng: &mut impl CryptoRng,
    ) -> Result<(), FieldError> {
        self.keys.add_recovery(&self.folder, to, rng)
    }

    /// A value kept in the vault.
    pub(crate) fn meta(&self, key: &str) -> Result<Option<String>, FieldError> {
        Ok(self
            .db
            .prepare_cached("SELECT value FROM meta WHERE key = $1")?
            .query_row([key], |r| r.get(0))
            .optional()?)
    }

    /// Keeps a value.
    pub(crate) fn set_meta(&self, key: &str, value: &str) -> Result<(), FieldError> {
        set_meta(&self.db, key, value)
    }

    /// Now, with the last known offset to the server's clock.
    pub(crate) fn stamp(&self, clock: &dyn Clock) -> Result<Stamp, FieldError> {
        let mut stamp = clock.stamp();
        stamp.server_off_ms = self.meta("server_off_ms")?.and_then(|v| v.parse().ok());
        Ok(stamp)
    }

    /// Seals bytes under a new random name, durably; gives the name.
    pub(crate) fn store_file(
        &self,
        header: &[u8],
        bytes: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<String, FieldError> {
        let mut random = [0u8; 32];
        rng.fill_bytes(&mut random);
        let (name, salt) = random.split_at(16);
        let name = data_encoding::HEXLOWER.encode(name);
        let salt: [u8; 16] = salt.try_into().unwrap_or_default();
        let folder = self.folder.join("photos");
        files::write_sealed(&folder, &name, &self.photo_key, salt, header, bytes)?;
        Ok(name)
    }

    /// The plaintext of a photo file by its name; its hash is checked.
    pub(crate) fn read_file(&self, name: &str, sha256: Digest) -> Result<Vec<u8>, FieldError> {
        let path = self.folder.join("photos").join(name);
        let bytes = files::read_sealed(&path, &self.photo_key)?;
        if Digest::of(&bytes) == sha256 {
            Ok(bytes)
        } else {
            Err(FieldError::Damaged(path, "SHA-256".into()))
        }
    }

    /// What a sealed photo file says of itself, for a rebuild without the database.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn file_header(&self, name: &str) -> Result<Vec<u8>, FieldError> {
        files::header_of(&self.folder.join("photos").join(name), &self.photo_key)
    }

    /// Runs `work` as one transaction. On a full disk the ballast is given up and the work tried
    /// once more.
    pub(crate) fn transact<T>(
        &mut self,
        work: impl Fn(&rusqlite::Transaction<'_>) -> Result<T, FieldError>,
    ) -> Result<T, FieldError> {
        let once = |db: &mut Connection| {
            let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let value = work(&tx)?;
            tx.commit()?;
            Ok(value)
        };
        match once(&mut self.db) {
            Err(FieldError::DiskFull) => {
                let _ = fs::remove_file(self.folder.join("ballast"));
                let value = once(&mut self.db)?;
                self.set_ballast();
                Ok(value)
            }
            done => done,
        }
    }

    /// Every value of every table, as text.
    ///
    /// # Errors
    /// [`FieldError`].
    #[cfg(feature = "audit")]
    pub fn every_value(&self) -> Result<Vec<String>, FieldError> {
        let tables: Vec<String> = self
            .db
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?
            .query_map([], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        let mut values = Vec::new();
        for table in tables {
            let mut find = self.db.prepare(&format!("SELECT * FROM \"{table}\""))?;
            let columns = find.column_count();
            let mut rows = find.query([])?;
            while let Some(row) = rows.next()? {
                for n in 0..columns {
                    let value: rusqlite::types::Value = row.get(n)?;
                    values.push(match value {
                        rusqlite::types::Value::Text(text) => text,
                        other => format!("{other:?}"),
                    });
                }
            }
        }
        Ok(values)
    }

    /// Removes photo files without a row, and temporary ones.
    fn sweep(&self) -> Result<(), FieldError> {
        let known: HashSet<String> = self
            .db
            .prepare("SELECT file FROM photo_files")?
            .query_map([], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        for (name, path) in files::names(&self.folder.join("photos"))? {
            if !known.contains(&name) {
                fs::remove_file(&path).map_err(|e| FieldError::io(&path, e))?;
            }
        }
        let _ = fs::remove_file(self.folder.join("keys.json.tmp"));
        Ok(())
    }

    /// Keeps the ballast where there is room; without it work goes on.
    fn set_ballast(&self) {
        let path = self.folder.join("ballast");
        let there = fs::metadata(&path).is_ok_and(|m| m.len() == BALLAST as u64);
        if !there {
            let _ = files::write_durably(&self.folder, "ballast", &vec![0x5a; BALLAST]);
        }
    }
}

/// Keeps a value, also inside a transaction.
pub(crate) fn set_meta(db: &Connection, key: &str, value: &str) -> Result<(), FieldError> {
    db.prepare_cached(
        "INSERT INTO meta (key, value) VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![key, value])?;
    Ok(())
}

fn lock(folder: &Path) -> Result<File, FieldError> {
    let path = folder.join("vault.lock");
    let file = File::options()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(|e| FieldError::io(&path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(FieldError::InUse(folder.to_owned())),
        // Android's standard library has no file locks. An app is one process there and its folder is
        // its own, so nobody else can have the vault open.
        Err(fs::TryLockError::Error(e))
            if cfg!(target_os = "android") && e.kind() == std::io::ErrorKind::Unsupported =>
        {
            Ok(file)
        }
        Err(fs::TryLockError::Error(e)) => Err(FieldError::io(&path, e)),
    }
}

#[cfg(test)]
mod tests;
