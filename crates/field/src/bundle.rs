//! Unsent work as a file, sealed to the server's key: for a stick, a colleague's phone, or a phone
//! whose network never comes back.

use crate::{FieldError, Vault, clock::Clock};
use rand_core::CryptoRng;
use std::{fs, io::Write as _, path::Path};
use zhicha_domain::{
    hash::Digest,
    ops::SignedOp,
    photo::Rendition,
    seal::bundle::{BundleWriter, Manifest},
};

/// What went into a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Exported {
    /// Ops.
    pub ops: u64,
    /// Photo files.
    pub files: u64,
}

struct File {
    photo: String,
    rendition: String,
    name: String,
    sha256: String,
}

impl Vault {
    /// Writes everything the server has not confirmed to `path`, whole or not at all. Nothing in
    /// the vault changes: receipts alone do that.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn export_bundle(
        &self,
        path: &Path,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<Exported, FieldError> {
        let (who, enrolled) = (self.who()?, self.enrolled()?);
        let manifest = Manifest {
            v: 1,
            city: enrolled.city,
            account: who.account,
            device: who.device,
            log: who.log,
            made_ms: clock.now_ms(),
        };
        let ops = self.unconfirmed_ops()?;
        let files = self.unconfirmed_files()?;
        let temporary = path.with_extension("tmp");
        let at = |e| FieldError::io(&temporary, e);
        let out = std::io::BufWriter::new(fs::File::create(&temporary).map_err(at)?);
        let mut bundle = BundleWriter::new(out, &enrolled.sealing_key, &manifest, rng)?;
        for op in &ops {
            bundle.op(op)?;
        }
        for file in &files {
            let bad = || FieldError::NotHere(format!("照片 {}", file.photo));
            let sha256: Digest = file.sha256.parse().map_err(|_| bad())?;
            let bytes = self.read_file(&file.name, sha256)?;
            bundle.file(
                file.photo.parse().map_err(|_| bad())?,
                Rendition::from_key(&file.rendition).ok_or_else(bad)?,
                sha256,
                bytes.len() as u64,
                &mut bytes.as_slice(),
            )?;
        }
        let mut out = bundle.finish()?;
        out.flush().map_err(at)?;
        out.get_ref().sync_all().map_err(at)?;
        fs::rename(&temporary, path).map_err(|e| FieldError::io(path, e))?;
        Ok(Exported {
            ops: ops.len() as u64,
            files: files.len() as u64,
        })
    }

    fn unconfirmed_ops(&self) -> Result<Vec<SignedOp>, FieldError> {
        Ok(self
            .db
            .prepare("SELECT head, body, sig FROM ops WHERE stage <> 'confirmed' ORDER BY seq")?
            .query_map([], |r| {
                Ok(SignedOp {
                    head: r.get(0)?,
                    body: r.get(1)?,
                    sig: r.get(2)?,
                })
            })?
            .collect::<Result<_, _>>()?)
    }

    fn unconfirmed_files(&self) -> Result<Vec<File>, FieldError> {
        Ok(self
            .db
            .prepare(
                "SELECT photo_id, rendition, file, sha256 FROM photo_files
                 WHERE stage NOT IN ('local', 'confirmed') ORDER BY photo_id, rendition",
            )?
            .query_map([], |r| {
                Ok(File {
                    photo: r.get(0)?,
                    rendition: r.get(1)?,
                    name: r.get(2)?,
                    sha256: r.get(3)?,
                })
            })?
            .collect::<Result<_, _>>()?)
    }
}
