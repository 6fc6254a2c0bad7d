//! Connections that only read.

use super::{StoreError, configure};
use parking_lot::{Condvar, Mutex};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// A few read connections, lent one at a time.
pub struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    /// Opens `count` connections on an existing database.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path, count: usize) -> Result<Self, StoreError> {
        let idle = (0..count)
            .map(|_| {
                let db = Connection::open_with_flags(
                    path,
                    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
                )?;
                configure(&db)?;
                db.pragma_update(None, "query_only", "ON")?;
                Ok(db)
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(Self {
            idle: Mutex::new(idle),
            returned: Condvar::new(),
        })
    }

    /// Runs `read` on a free connection, waiting for one. Call from a blocking thread.
    pub fn with<T>(&self, read: impl FnOnce(&Connection) -> T) -> T {
        let db = {
            let mut idle = self.idle.lock();
            loop {
                match idle.pop() {
                    Some(db) => break db,
                    None => self.returned.wait(&mut idle),
                }
            }
        };
        let lent = Lent {
            pool: self,
            db: Some(db),
        };
        // The option is only emptied on drop.
        match &lent.db {
            Some(db) => read(db),
            None => unreachable!("a lent connection stays until it is dropped"),
        }
    }
}

/// Puts the connection back also when the reader panics.
struct Lent<'a> {
    pool: &'a Readers,
    db: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(db) = self.db.take() {
            self.pool.idle.lock().push(db);
            self.pool.returned.notify_one();
        }
    }
}
