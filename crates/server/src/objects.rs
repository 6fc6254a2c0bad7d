//! Photo files on disk: `objects/ab/<sha256>` for what is complete, `uploads/<id>` for what is not.
//!
//! A file gets its final name only after its length and hash are known to match and its bytes are
//! synced; the folder is synced after the rename. So a name under `objects/` always stands for the
//! whole, durable bytes. What lies under `uploads/` after a crash is as long as was acknowledged, or
//! longer, and the upload goes on from there. `made/` holds pictures this server made from objects
//! for showing; they can be made again at any time.

use sha2::{Digest as _, Sha256};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};
use zhicha_domain::{hash::Digest, ids::UploadId};

/// The folder of photo files.
#[derive(Clone, Debug)]
pub struct Objects {
    root: PathBuf,
}

impl Objects {
    /// Opens, and makes where missing, the folders under `data`.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn open(data: &Path) -> io::Result<Self> {
        let objects = Self {
            root: data.to_owned(),
        };
        fs::create_dir_all(data.join("objects"))?;
        fs::create_dir_all(data.join("uploads"))?;
        sync_dir(data)?;
        Ok(objects)
    }

    /// Where a complete file lies, or would lie.
    #[must_use]
    pub fn object(&self, sha256: Digest) -> PathBuf {
        let name = sha256.to_string();
        self.root.join("objects").join(&name[..2]).join(name)
    }

    fn partial(&self, id: UploadId) -> PathBuf {
        self.root.join("uploads").join(id.to_string())
    }

    /// Opens a complete file for reading.
    ///
    /// # Errors
    /// [`io::Error`], `NotFound` where it is not held.
    pub fn read(&self, sha256: Digest) -> io::Result<File> {
        File::open(self.object(sha256))
    }

    /// Makes an empty partial file, durably.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn create_partial(&self, id: UploadId) -> io::Result<()> {
        File::create_new(self.partial(id))?.sync_all()?;
        sync_dir(&self.root.join("uploads"))
    }

    /// Bytes held of an upload so far: the offset to go on from.
    ///
    /// # Errors
    /// [`io::Error`], `NotFound` where there is no such upload.
    pub fn partial_len(&self, id: UploadId) -> io::Result<u64> {
        fs::metadata(self.partial(id)).map(|m| m.len())
    }

    /// Appends at `offset`, which must be the present length, and syncs; gives the new length.
    ///
    /// # Errors
    /// [`io::Error`]; `InvalidInput` when `offset` is not the length.
    pub fn append(&self, id: UploadId, offset: u64, bytes: &[u8]) -> io::Result<u64> {
        let mut file = OpenOptions::new().write(true).open(self.partial(id))?;
        if file.metadata()?.len() != offset {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "offset"));
        }
        file.seek(SeekFrom::Start(offset))?;
        if let Err(e) = file.write_all(bytes).and_then(|()| file.sync_data()) {
            // What was not acknowledged is taken back, so that the offset stays true.
            let _ = file.set_len(offset);
            return Err(e);
        }
        Ok(offset + bytes.len() as u64)
    }

    /// Drops a partial file; one that is gone is no error.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn drop_partial(&self, id: UploadId) -> io::Result<()> {
        match fs::remove_file(self.partial(id)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// Gives a partial file its final name if its bytes have this length and hash; `false`, and no
    /// change, if not.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn publish(&self, id: UploadId, sha256: Digest, len: u64) -> io::Result<bool> {
        let partial = self.partial(id);
        let file = File::open(&partial)?;
        if file.metadata()?.len() != len || hash(&file)? != sha256 {
            return Ok(false);
        }
        file.sync_all()?;
        self.name(&partial, sha256)?;
        Ok(true)
    }

    /// Stores bytes the server made itself (renditions) or was handed whole.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn put(&self, id: UploadId, bytes: &[u8]) -> io::Result<Digest> {
        let sha256 = Digest::of(bytes);
        if self.object(sha256).exists() {
            return Ok(sha256);
        }
        let partial = self.partial(id);
        let mut file = File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        self.name(&partial, sha256)?;
        Ok(sha256)
    }

    /// Where a picture made from the object `source` lies, or would lie.
    #[must_use]
    pub fn made(&self, source: Digest, kind: &str) -> PathBuf {
        let name = source.to_string();
        let folder = self.root.join("made").join(&name[..2]);
        folder.join(format!("{name}-{kind}.jpg"))
    }

    /// Keeps a picture made from the object `source`. It appears whole or not at all.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn keep_made(&self, source: Digest, kind: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.made(source, kind);
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        // Two at once write the same bytes; each under a name of its own until it is whole.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_data()?;
        file.persist(&path).map_err(|e| e.error)?;
        Ok(())
    }

    fn name(&self, from: &Path, sha256: Digest) -> io::Result<()> {
        let to = self.object(sha256);
        let folder = self.root.join("objects").join(&sha256.to_string()[..2]);
        if !folder.exists() {
            fs::create_dir_all(&folder)?;
            sync_dir(&self.root.join("objects"))?;
        }
        fs::rename(from, to)?;
        sync_dir(&folder)
    }
}

fn hash(mut file: &File) -> io::Result<Digest> {
    let mut hasher = Sha256::new();
    let mut buf = vec![0u8; 256 * 1024];
    loop {
        let n = file.read(&mut buf)?;
        if n == 0 {
            return Ok(Digest(hasher.finalize().into()));
        }
        hasher.update(&buf[..n]);
    }
}

fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use zhicha_domain::ids::uuid_v7;

    fn id(n: u8) -> UploadId {
        uuid_v7(1, [n; 10]).into()
    }

    #[test]
    fn bytes_get_a_name_only_when_length_and_hash_match() {
        let dir = tempfile::tempdir().unwrap();
        let objects = Objects::open(dir.path()).unwrap();
        objects.create_partial(id(1)).unwrap();
        assert_eq!(objects.append(id(1), 0, b"half").unwrap(), 4);
        let sha = Digest::of(b"half done");
        assert!(!objects.publish(id(1), sha, 9).unwrap());
        assert!(objects.read(sha).is_err());
        assert!(objects.append(id(1), 0, b"again").is_err());
        objects.append(id(1), 4, b" done").unwrap();
        assert!(!objects.publish(id(1), Digest::of(b"other"), 9).unwrap());
        assert!(objects.publish(id(1), sha, 9).unwrap());
        let mut back = Vec::new();
        objects.read(sha).unwrap().read_to_end(&mut back).unwrap();
        assert_eq!(back, b"half done");
        assert!(objects.partial_len(id(1)).is_err());
    }

    #[test]
    fn the_same_bytes_twice_are_one_object() {
        let dir = tempfile::tempdir().unwrap();
        let objects = Objects::open(dir.path()).unwrap();
        assert_eq!(
            objects.put(id(1), b"x").unwrap(),
            objects.put(id(2), b"x").unwrap()
        );
    }
}
