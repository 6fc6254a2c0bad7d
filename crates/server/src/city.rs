//! The city's identity and keys, in `DATA/keys/` (readable by the owner alone).
//!
//! `city.json` holds what the server needs to run. The recovery private key is *not* there: `init`
//! writes it once to a file that the office takes away and keeps offline; without it nobody, this
//! server included, opens a lost phone's vault.

use data_encoding::BASE64;
use ed25519_dalek::SigningKey;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;
use zhicha_domain::{
    ids::{CityId, LogId, uuid_v7},
    seal::envelope::{SealPrivate, SealPublic},
};

/// Keys and identity of a running server.
pub struct CityKeys {
    /// The city.
    pub city: CityId,
    /// 满洲里市
    pub name: String,
    /// Changes with every restore from a backup.
    pub epoch: String,
    /// The city's own log.
    pub log: LogId,
    /// Signs log heads and the city log.
    pub sign: SigningKey,
    /// Opens bundles.
    pub seal: SealPrivate,
    /// Vault keys are wrapped to this.
    pub recovery: SealPublic,
    /// Seals cursors and session challenges.
    pub cursor_key: Zeroizing<[u8; 32]>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    v: u32,
    city: CityId,
    name: String,
    epoch: String,
    log: LogId,
    sign: String,
    seal: String,
    recovery: SealPublic,
    cursor: String,
}

/// What is wrong with the data folder's keys.
#[derive(Debug, thiserror::Error)]
pub enum CityError {
    /// The folder was never set up.
    #[error(
        "数据目录 {0} 还没有初始化，请先运行：zhicha-server init --data {0} --city 城市名 (not set up yet; run init first)"
    )]
    NotInitialised(PathBuf),
    /// The folder is set up already.
    #[error("数据目录 {0} 已经初始化过，没有改动 (already set up; nothing was changed)")]
    AlreadyInitialised(PathBuf),
    /// Written by a newer program.
    #[error(
        "数据目录由更新的版本写成（密钥格式 {0}），没有改动，请换用新版程序 (written by a newer program)"
    )]
    Newer(u32),
    /// The key file does not read.
    #[error(
        "密钥文件 {0} 读不出，请从备份恢复 (the key file cannot be read; restore it from a backup)"
    )]
    Damaged(PathBuf),
    /// The file system said no.
    #[error("{path}：{source} (file error)")]
    Io {
        /// Where.
        path: PathBuf,
        /// What.
        source: std::io::Error,
    },
}

fn key_file(data: &Path) -> PathBuf {
    data.join("keys").join("city.json")
}

impl CityKeys {
    /// Makes a city in `data` and writes the recovery private key to `recovery_out`.
    ///
    /// # Errors
    /// [`CityError`]; an existing city is never touched.
    pub fn init(
        data: &Path,
        name: &str,
        recovery_out: &Path,
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, CityError> {
        let file = key_file(data);
        if file.exists() || recovery_out.exists() {
            let taken = if file.exists() { data } else { recovery_out };
            return Err(CityError::AlreadyInitialised(taken.to_owned()));
        }
        let recovery = SealPrivate::generate(rng);
        let keys = Self::generate(name, &recovery, now_ms, rng)
            .ok_or_else(|| CityError::Damaged(file.clone()))?;
        let secret = format!(
            "# 直查恢复密钥：请离线保管，不要留在服务器上 (recovery key: keep offline, not on the server)\n{}\n",
            BASE64.encode(recovery.0.as_ref())
        );
        write_private(recovery_out, secret.as_bytes())?;
        write_private(&file, keys.stored().as_bytes())?;
        Ok(keys)
    }

    /// A city that lives in memory alone, for tests; `recovery` is the office's offline key.
    pub fn generate(
        name: &str,
        recovery: &SealPrivate,
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Option<Self> {
        let mut sign = Zeroizing::new([0u8; 32]);
        let mut cursor_key = Zeroizing::new([0u8; 32]);
        rng.fill_bytes(sign.as_mut());
        rng.fill_bytes(cursor_key.as_mut());
        let mut id = || {
            let mut random = [0u8; 10];
            rng.fill_bytes(&mut random);
            uuid_v7(now_ms, random)
        };
        Some(Self {
            city: id().into(),
            name: name.to_owned(),
            epoch: id().to_string(),
            log: id().into(),
            sign: SigningKey::from_bytes(&sign),
            seal: SealPrivate::generate(rng),
            recovery: recovery.public().ok()?,
            cursor_key,
        })
    }

    /// Reads the keys of an initialised folder.
    ///
    /// # Errors
    /// [`CityError`].
    pub fn load(data: &Path) -> Result<Self, CityError> {
        let file = key_file(data);
        let text = match fs::read_to_string(&file) {
            Ok(text) => Zeroizing::new(text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(CityError::NotInitialised(data.to_owned()));
            }
            Err(source) => return Err(CityError::Io { path: file, source }),
        };
        let damaged = || CityError::Damaged(key_file(data));
        let stored: Stored = serde_json::from_str(&text).map_err(|_| damaged())?;
        if stored.v > 1 {
            return Err(CityError::Newer(stored.v));
        }
        let raw = |text: &str| -> Option<Zeroizing<[u8; 32]>> {
            let bytes = Zeroizing::new(BASE64.decode(text.as_bytes()).ok()?);
            Some(Zeroizing::new(bytes.as_slice().try_into().ok()?))
        };
        Ok(Self {
            city: stored.city,
            name: stored.name,
            epoch: stored.epoch,
            log: stored.log,
            sign: SigningKey::from_bytes(&*raw(&stored.sign).ok_or_else(damaged)?),
            seal: SealPrivate(raw(&stored.seal).ok_or_else(damaged)?),
            recovery: stored.recovery,
            cursor_key: raw(&stored.cursor).ok_or_else(damaged)?,
        })
    }

    fn stored(&self) -> Zeroizing<String> {
        let stored = Stored {
            v: 1,
            city: self.city,
            name: self.name.clone(),
            epoch: self.epoch.clone(),
            log: self.log,
            sign: BASE64.encode(self.sign.as_bytes()),
            seal: BASE64.encode(self.seal.0.as_ref()),
            recovery: self.recovery,
            cursor: BASE64.encode(self.cursor_key.as_ref()),
        };
        Zeroizing::new(serde_json::to_string_pretty(&stored).unwrap_or_default())
    }
}

/// Writes a file that only its owner reads, durably, and never over another.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), CityError> {
    let at = |source| CityError::Io {
        path: path.to_owned(),
        source,
    };
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(at)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(at)?;
    file.write_all(bytes).map_err(at)?;
    file.sync_all().map_err(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_is_made_once_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("recovery.key");
        let data = dir.path().join("data");
        let made = CityKeys::init(&data, "满洲里市", &out, 1, &mut rand::rng()).unwrap();
        let read = CityKeys::load(&data).unwrap();
        assert_eq!((read.city, read.log), (made.city, made.log));
        assert_eq!(read.sign.to_bytes(), made.sign.to_bytes());
        assert!(fs::read_to_string(&out).unwrap().starts_with('#'));
        assert!(matches!(
            CityKeys::init(
                &data,
                "别的市",
                &dir.path().join("other.key"),
                1,
                &mut rand::rng()
            ),
            Err(CityError::AlreadyInitialised(_))
        ));
        let kept = fs::read_to_string(key_file(&data)).unwrap();
        assert!(!kept.contains(fs::read_to_string(&out).unwrap().lines().nth(1).unwrap()));
    }

    #[test]
    fn a_folder_never_set_up_says_what_to_run() {
        let dir = tempfile::tempdir().unwrap();
        let Err(e) = CityKeys::load(dir.path()) else {
            panic!("loaded")
        };
        assert!(e.to_string().contains("init --data"));
    }
}
