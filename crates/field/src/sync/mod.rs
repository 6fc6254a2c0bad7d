//! One pass of sync: a session, ops up, changes down, photos up.
//!
//! Plain functions: vault, transport, clock and randomness are passed in. Each step stores what it
//! learned before the next begins, so the pass can be cut anywhere and simply runs again. Nothing is
//! dropped whatever the answer: what is refused is marked and kept, what fails is tried again.
//!
//! The vault is entered for a moment at a time ([`Door`]) and never held while the network is waited
//! for, so that recording goes on beside a pass.

mod photos;
mod pull;
mod push;

use crate::{
    FieldError, Vault,
    clock::Clock,
    net::{NetError, Request, Response, Transport},
};
use data_encoding::BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use serde::Serialize;
use zhicha_domain::{
    ids::DeviceId,
    wire::{Challenge, ChallengeRequest, Session, SessionRequest, session_message},
};

/// What one pass did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Ops the server took.
    pub ops: usize,
    /// Ops it can never take as they are.
    pub refused: usize,
    /// Changes that came down.
    pub changes: usize,
    /// Photo files confirmed.
    pub files: usize,
    /// Photo files whose hash did not match, to be sent again.
    pub mismatched: usize,
    /// Photo files that no longer read on this phone; the others went on.
    pub damaged: usize,
}

/// How a pass goes about it.
#[derive(Clone, Debug)]
pub struct SyncOptions {
    /// Bytes of one part of a photo file.
    pub chunk_bytes: usize,
}

impl Default for SyncOptions {
    fn default() -> Self {
        Self {
            chunk_bytes: 1024 * 1024,
        }
    }
}

/// The way into a vault that others use as well.
pub trait Door {
    /// Does something with the vault and leaves it again.
    ///
    /// # Errors
    /// The work's own.
    fn enter<T>(
        &mut self,
        work: impl FnOnce(&mut Vault) -> Result<T, FieldError>,
    ) -> Result<T, FieldError>;
}

/// A vault that nobody else uses.
impl Door for Vault {
    fn enter<T>(
        &mut self,
        work: impl FnOnce(&mut Vault) -> Result<T, FieldError>,
    ) -> Result<T, FieldError> {
        work(self)
    }
}

/// A transport with a live session.
pub(crate) struct Line<'a> {
    transport: &'a mut dyn Transport,
    device: DeviceId,
    key: SigningKey,
    token: String,
}

impl<'a> Line<'a> {
    fn new(door: &mut impl Door, transport: &'a mut dyn Transport) -> Result<Self, FieldError> {
        let (device, key) = door.enter(|v| Ok((v.who()?.device, v.signer())))?;
        Ok(Self {
            transport,
            device,
            key,
            token: String::new(),
        })
    }

    /// Sends with the session; a session that ended is renewed once.
    pub(crate) fn send(&mut self, request: &Request) -> Result<Response, FieldError> {
        for _ in 0..2 {
            if self.token.is_empty() {
                self.token = session(self.device, &self.key, self.transport)?;
            }
            let with = request
                .clone()
                .header("authorization", format!("Bearer {}", self.token));
            let answer = self.transport.send(&with)?;
            if answer.status != 401 {
                return Ok(answer);
            }
            self.token.clear();
        }
        Err(NetError::Answer {
            status: 401,
            code: "unauthorized".into(),
            zh: "登录过期，上传暂停，可继续记录。数据在本机".into(),
            en: "the session ended; uploads pause, recording goes on".into(),
        }
        .into())
    }
}

fn session(
    device: DeviceId,
    key: &SigningKey,
    transport: &mut dyn Transport,
) -> Result<String, FieldError> {
    let ask = Request::new("POST", "/v1/session/challenge").json(&ChallengeRequest { device });
    let answer = transport.send(&ask)?;
    if !answer.ok() {
        return Err(answer.failure().into());
    }
    let challenge: Challenge = answer.read()?;
    let signature = key.sign(&session_message(device, &challenge.nonce));
    let ask = Request::new("POST", "/v1/session").json(&SessionRequest {
        device,
        nonce: challenge.nonce,
        signature: BASE64.encode(&signature.to_bytes()),
    });
    let answer = transport.send(&ask)?;
    if !answer.ok() {
        return Err(answer.failure().into());
    }
    let session: Session = answer.read()?;
    Ok(session.token)
}

/// Brings down what changed, and nothing else.
///
/// # Errors
/// [`FieldError::Net`]; what came before it is stored.
pub fn pull_once(
    door: &mut impl Door,
    transport: &mut dyn Transport,
    clock: &dyn Clock,
) -> Result<usize, FieldError> {
    let mut line = Line::new(door, transport)?;
    pull::all(door, &mut line, clock)
}

/// The lead sets out: the team's sites become known.
///
/// # Errors
/// [`FieldError::Net`].
pub fn depart(
    door: &mut impl Door,
    duty: zhicha_domain::ids::DutyId,
    transport: &mut dyn Transport,
    clock: &dyn Clock,
) -> Result<usize, FieldError> {
    let mut line = Line::new(door, transport)?;
    let ask = Request::new("POST", format!("/v1/duties/{duty}/depart"));
    let answer = line.send(&ask)?;
    if !answer.ok() {
        return Err(answer.failure().into());
    }
    pull::all(door, &mut line, clock)
}

/// One whole pass.
///
/// # Errors
/// [`FieldError::Net`] where it stopped; everything done before is stored, everything else waits.
pub fn sync_once(
    door: &mut impl Door,
    transport: &mut dyn Transport,
    clock: &dyn Clock,
    options: &SyncOptions,
) -> Result<SyncReport, FieldError> {
    let mut line = Line::new(door, transport)?;
    let mut report = SyncReport::default();
    push::all(door, &mut line, clock, &mut report)?;
    report.changes = pull::all(door, &mut line, clock)?;
    photos::all(door, &mut line, options, &mut report)?;
    Ok(report)
}
