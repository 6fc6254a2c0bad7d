//! The one vault of this window.

use crate::failure::{Done, Failure};
use parking_lot::Mutex;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};
use zhicha_field::{FieldError, Vault, sync::Door};

/// A picture that arrives in parts.
#[derive(Default)]
pub(crate) struct Arriving {
    pub(crate) bytes: Vec<u8>,
}

/// What all commands share.
#[derive(Clone)]
pub(crate) struct Phone {
    folder: PathBuf,
    vault: Arc<Mutex<Option<Vault>>>,
    pub(crate) arriving: Arc<Mutex<HashMap<String, Arriving>>>,
    /// One pass of sync at a time.
    pub(crate) syncing: Arc<Mutex<()>>,
}

impl Phone {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            vault: Arc::default(),
            arriving: Arc::default(),
            syncing: Arc::default(),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn is_open(&self) -> bool {
        self.vault.lock().is_some()
    }

    pub(crate) fn set(&self, vault: Option<Vault>) {
        *self.vault.lock() = vault;
    }

    /// Does something with the open vault.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut Vault) -> Result<T, FieldError>,
    ) -> Done<T> {
        let mut held = self.vault.lock();
        let vault = held.as_mut().ok_or_else(Failure::locked)?;
        Ok(work(vault)?)
    }
}

impl Door for Phone {
    fn enter<T>(
        &mut self,
        work: impl FnOnce(&mut Vault) -> Result<T, FieldError>,
    ) -> Result<T, FieldError> {
        let mut held = self.vault.lock();
        match held.as_mut() {
            Some(vault) => work(vault),
            None => Err(FieldError::NoVault(self.folder.clone())),
        }
    }
}
