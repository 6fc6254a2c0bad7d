//! Opening a data folder: one server at a time, keys, database, objects.

use crate::{
    app::{App, Clock, Trust},
    city::{CityError, CityKeys},
    objects::Objects,
    store::{self, Readers, StoreError, Writer, city_log},
};
use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Read connections.
const READERS: usize = 4;

/// Why a folder cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// Keys.
    #[error(transparent)]
    City(#[from] CityError),
    /// Database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another server has it open.
    #[error(
        "数据目录 {0} 正被另一个直查服务使用，请先停掉它 (another server is using this data folder; stop it first)"
    )]
    InUse(PathBuf),
    /// The file system said no.
    #[error("数据目录 {path}：{source} (data folder)")]
    Io {
        /// Where.
        path: PathBuf,
        /// What.
        source: std::io::Error,
    },
}

/// The folder's lock; free again when dropped.
pub struct FolderLock(#[allow(dead_code, reason = "held for its lock")] File);

/// Takes the folder for this process.
///
/// # Errors
/// [`BootError::InUse`], [`BootError::Io`].
pub fn lock(data: &Path) -> Result<FolderLock, BootError> {
    let path = data.join("server.lock");
    let at = |source| BootError::Io {
        path: path.clone(),
        source,
    };
    let file = File::options()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(at)?;
    match file.try_lock() {
        Ok(()) => Ok(FolderLock(file)),
        Err(std::fs::TryLockError::WouldBlock) => Err(BootError::InUse(data.to_owned())),
        Err(std::fs::TryLockError::Error(source)) => Err(at(source)),
    }
}

/// Opens keys, database and objects.
///
/// # Errors
/// [`BootError`].
pub fn open(data: &Path, clock: Arc<dyn Clock>, trust: Trust) -> Result<App, BootError> {
    let keys = CityKeys::load(data)?;
    let at = |source| BootError::Io {
        path: data.to_owned(),
        source,
    };
    let path = data.join("zhicha.db");
    let db = store::open(&path, clock.now_ms())?;
    city_log::ensure_city(&db, &keys, clock.now_ms())?;
    Ok(App {
        readers: Arc::new(Readers::open(&path, READERS)?),
        writer: Writer::start(db, keys.city).map_err(at)?,
        city: Arc::new(keys),
        objects: Objects::open(data).map_err(at)?,
        clock,
        trust,
        guards: Default::default(),
    })
}
