//! What every route shares.

use crate::{
    city::CityKeys,
    objects::Objects,
    store::{Readers, Writer},
};
use rusqlite::Connection;
use std::sync::Arc;

/// The server's clock; tests own theirs.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970 UTC.
    fn now_ms(&self) -> i64;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }
}

/// How clients know the server.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The city's CA certificate, PEM; empty on plain loopback.
    pub ca_pem: String,
    /// SHA-256 of that certificate's DER, 64 hex digits; empty on plain loopback.
    pub fingerprint: String,
}

/// The running server.
pub struct App {
    /// The one writer.
    pub writer: Writer,
    /// The readers.
    pub readers: Arc<Readers>,
    /// Identity and keys.
    pub city: Arc<CityKeys>,
    /// Photo files.
    pub objects: Objects,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// How clients know the server.
    pub trust: Trust,
    /// Guards against guessing.
    pub guards: crate::api::guard::Guards,
}

/// What handlers are handed.
pub type Shared = Arc<App>;

impl App {
    /// Milliseconds since 1970 UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Runs a read off the async threads.
    ///
    /// # Errors
    /// The read's own, or [`crate::store::StoreError::Panicked`].
    pub async fn read<T, F>(&self, read: F) -> Result<T, crate::store::StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, crate::store::StoreError> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        tokio::task::spawn_blocking(move || readers.with(read))
            .await
            .map_err(|_| crate::store::StoreError::Panicked)?
    }
}
