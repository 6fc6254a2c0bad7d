//! Who is asking: a phone by its session token, a person of the office by a cookie.

use super::{Answer, Refusal, secret};
use crate::{
    app::{App, Shared},
    store::{
        casebook::View,
        cases::Scope,
        devices::{self, Device},
        sessions::{self, WebSession},
    },
};
use axum::{
    extract::FromRequestParts,
    http::{Method, header::AUTHORIZATION, request::Parts},
};
use axum_extra::extract::CookieJar;
use subtle::ConstantTimeEq as _;
use zhicha_domain::{ids::AccountId, rights::Act};

/// The cookie of the office's people.
pub const COOKIE: &str = "zhicha";
/// The header that a write of theirs has to carry.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// The header of a request that a page makes by itself: it keeps no session alive.
pub const BY_ITSELF_HEADER: &str = "x-by-itself";
/// A session in use is noted at most this often, milliseconds.
const TOUCH_MS: i64 = 60_000;

/// A phone with a live session.
pub struct Phone(pub Device);

impl FromRequestParts<Shared> for Phone {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Answer<Self> {
        phone(app, parts).await
    }
}

async fn phone(app: &App, parts: &Parts) -> Answer<Phone> {
    let token = parts
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(Refusal::unauthorized)?;
    let hash = secret::stored(token);
    let (city, now) = (app.city.city, app.now_ms());
    app.read(move |db| devices::session(db, city, &hash, now))
        .await?
        .map(Phone)
        .ok_or_else(Refusal::unauthorized)
}

/// A person of the office with a live session; a write also carries the session's CSRF token.
#[derive(Clone)]
pub struct Office {
    /// Who.
    pub session: WebSession,
    /// Hash of the cookie, to end the session by.
    pub token_hash: String,
}

impl FromRequestParts<Shared> for Office {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Answer<Self> {
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar.get(COOKIE).ok_or_else(Refusal::unauthorized)?;
        let hash = secret::stored(token.value());
        let (city, now, key) = (app.city.city, app.now_ms(), hash.clone());
        let session = app
            .read(move |db| sessions::web_session(db, city, &key, now))
            .await?
            .ok_or_else(Refusal::unauthorized)?;
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            let given = parts.headers.get(CSRF_HEADER);
            let given = given.map_or(&b""[..], |value| value.as_bytes());
            if !bool::from(given.ct_eq(session.csrf.as_bytes())) {
                return Err(Refusal::bad_csrf());
            }
        }
        let by_itself = parts.headers.contains_key(BY_ITSELF_HEADER);
        if !by_itself && now - session.seen_ms > TOUCH_MS {
            let key = hash.clone();
            app.writer
                .write(move |tx| tx.touch_web_session(&key, now))
                .await?;
        }
        Ok(Self {
            session,
            token_hash: hash,
        })
    }
}

impl Office {
    /// Goes on if this person may do `act` at all.
    ///
    /// # Errors
    /// The one 404.
    pub fn may(&self, act: Act) -> Answer<()> {
        Scope::of(&self.session.actor, act)
            .map(|_| ())
            .ok_or_else(Refusal::not_found)
    }

    /// How this person sees problems for `act`.
    ///
    /// # Errors
    /// The one 404.
    pub fn view(&self, act: Act) -> Answer<View> {
        let actor = &self.session.actor;
        Ok(View {
            scope: Scope::of(actor, act).ok_or_else(Refusal::not_found)?,
            provenance: Scope::of(actor, Act::ReadProvenance).is_some(),
        })
    }
}

/// Either side.
pub enum Either {
    /// A phone, by its account.
    Phone(AccountId),
    /// Somebody of the office.
    Office(Box<Office>),
}

impl FromRequestParts<Shared> for Either {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Answer<Self> {
        if parts.headers.contains_key(AUTHORIZATION) {
            let Phone(device) = phone(app, parts).await?;
            return Ok(Self::Phone(device.account));
        }
        let office = Office::from_request_parts(parts, app).await?;
        Ok(Self::Office(Box::new(office)))
    }
}
