//! Work that came as a file: its ops and photo files take the same way as by network.
//!
//! The digest over the whole file is checked first, so a damaged bundle changes nothing. After that
//! each op goes through [`accept::op`] and each file through the object store with its hash checked;
//! a bundle imported twice, in halves or by two people therefore does no harm.

use crate::{
    accept,
    app::App,
    store::{StoreError, uploads::Upload},
};
use std::{
    fs::File,
    io::{BufReader, Read as _},
    path::Path,
};
use zhicha_domain::{
    ids::{UploadId, uuid_v7},
    ops::Received,
    seal::{
        SealError,
        bundle::{BundleReader, Entry, check_digest},
    },
};

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Ops held now, new or known before.
    pub ops: u64,
    /// Ops that can never be taken.
    pub refused: u64,
    /// Photo files held now.
    pub files: u64,
    /// Photo files whose bytes do not have the stated hash.
    pub mismatched: u64,
}

/// Why a bundle was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Not a bundle, damaged, or sealed to another server.
    #[error(
        "这个文件不是发给本服务器的直查数据包，或已损坏；没有导入任何内容：{0} (not a bundle for this server, or damaged; nothing was imported)"
    )]
    Seal(#[from] SealError),
    /// For another city.
    #[error("这个数据包属于另一座城市，没有导入任何内容 (this bundle belongs to another city)")]
    OtherCity,
    /// The file system said no.
    #[error("读写出错：{0} (file error)")]
    Io(#[from] std::io::Error),
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Imports the bundle at `path`.
///
/// # Errors
/// [`BundleError`]; what was taken before an error stays, and importing again is safe.
pub async fn import(app: &App, path: &Path) -> Result<Imported, BundleError> {
    check_digest(BufReader::new(File::open(path)?))?;
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    let mut bundle = BundleReader::new(BufReader::new(file), len, &app.city.seal)?;
    let manifest = bundle.manifest().clone();
    if manifest.city != app.city.city {
        return Err(BundleError::OtherCity);
    }
    let mut done = Imported::default();
    while let Some(entry) = bundle.next_entry()? {
        let now_ms = app.now_ms();
        match entry {
            Entry::Op { op } => {
                let first = op.clone();
                let taken = app
                    .writer
                    .write(move |tx| accept::op(tx, &first, now_ms))
                    .await;
                let taken = match taken {
                    Ok(taken) => taken,
                    Err(error) => {
                        tracing::error!(%error, "an op made the server fail; parking it");
                        app.writer
                            .write(move |tx| accept::park_faulty(tx, &op, now_ms))
                            .await?
                    }
                };
                match taken {
                    Received::Received(_) => done.ops += 1,
                    Received::Refused { .. } => done.refused += 1,
                }
            }
            Entry::File {
                photo,
                rendition,
                sha256,
                len,
            } => {
                let upload: UploadId = uuid_v7(now_ms, rand::random()).into();
                let mut bytes = Vec::new();
                bundle.bytes(len).read_to_end(&mut bytes)?;
                app.objects.create_partial(upload)?;
                app.objects.append(upload, 0, &bytes)?;
                if !app.objects.publish(upload, sha256, len)? {
                    app.objects.drop_partial(upload)?;
                    done.mismatched += 1;
                    continue;
                }
                let row = Upload {
                    upload,
                    account: manifest.account,
                    photo,
                    rendition,
                    sha256,
                    len,
                    complete_ms: Some(now_ms),
                };
                app.writer
                    .write(move |tx| {
                        tx.insert_upload(&row, now_ms)?;
                        tx.finish_upload(&row, now_ms)
                    })
                    .await?;
                done.files += 1;
            }
            Entry::End { .. } => {}
        }
    }
    Ok(done)
}
