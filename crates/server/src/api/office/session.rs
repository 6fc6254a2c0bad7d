//! `POST /v1/login`, `POST /v1/logout`, `GET /v1/me`.

use crate::{
    api::{
        Answer, Refusal,
        auth::{COOKIE, Office},
        secret,
    },
    app::{App, Shared},
    password,
    store::{StoreError, sessions},
};
use axum::{Json, extract::State, http::StatusCode};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zhicha_domain::{
    ids::{AccountId, UnitId},
    rights::Preset,
};

/// Who wants in.
#[derive(Deserialize, ToSchema)]
pub(super) struct Login {
    login: String,
    password: String,
}

/// Who is in.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    /// Account.
    account: AccountId,
    /// Login.
    login: String,
    /// Name.
    name: String,
    /// Preset.
    preset: Preset,
    /// Its unit.
    unit: Option<UnitId>,
    /// The city.
    city_name: String,
    /// What each write has to carry as X-CSRF-Token.
    csrf: String,
}

/// Signs in. Five wrong tries in a row close the login for fifteen minutes.
#[utoipa::path(
    post, path = "/v1/login", tag = "office", request_body = Login,
    responses(
        (status = 200, body = Me, description = "sets the session's cookie"),
        (status = 401, description = "login or password is wrong"),
        (status = 429, description = "too many wrong tries"),
    )
)]
pub(super) async fn login(
    State(app): State<Shared>,
    jar: CookieJar,
    Json(ask): Json<Login>,
) -> Answer<(CookieJar, Json<Me>)> {
    let now = app.now_ms();
    let login = ask.login.trim().to_lowercase();
    if let Some(wait) = app.guards.login.closed_for_s(&login, now) {
        return Err(Refusal::too_many(wait));
    }
    let (city, name) = (app.city.city, login.clone());
    let row = app
        .read(move |db| sessions::login_row(db, city, &name))
        .await?;
    // An unknown login costs as much time as a known one.
    let hash = row.as_ref().map(|r| r.password_hash.clone());
    let right = tokio::task::spawn_blocking(move || {
        password::verify(&ask.password, hash.as_deref().unwrap_or_default())
    })
    .await
    .map_err(|_| StoreError::Panicked)?;
    let Some(row) = row.filter(|_| right) else {
        let left = app.guards.login.wrong(&login, now);
        return Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "bad_login",
            &format!("登录名或密码不对，还可以试 {left} 次"),
            &format!("login or password is wrong; {left} tries left"),
        ));
    };
    app.guards.login.right(&login);
    let (token, csrf) = (secret::token(), secret::token());
    let hash = secret::stored(&token);
    let key = hash.clone();
    app.writer
        .write(move |tx| tx.open_web_session(&key, row.account, &csrf, now))
        .await?;
    let session = app
        .read(move |db| sessions::web_session(db, city, &hash, now))
        .await?
        .ok_or_else(Refusal::unauthorized)?;
    Ok((jar.add(cookie(&app, token)), Json(card(&app, session))))
}

/// Readable by no script, sent to no other site, only over TLS where there is TLS, and gone when the
/// browser is closed; how long it is good for is the server's to say.
fn cookie(app: &App, value: String) -> Cookie<'static> {
    let mut cookie = Cookie::new(COOKIE, value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_secure(!app.trust.fingerprint.is_empty());
    cookie
}

fn card(app: &App, session: sessions::WebSession) -> Me {
    Me {
        account: session.actor.account,
        login: session.login,
        name: session.name,
        preset: session.actor.preset,
        unit: session.actor.unit,
        city_name: app.city.name.clone(),
        csrf: session.csrf,
    }
}

/// Signs out.
#[utoipa::path(
    post, path = "/v1/logout", tag = "office",
    responses((status = 204), (status = 401)), security(("office" = []))
)]
pub(super) async fn logout(
    State(app): State<Shared>,
    office: Office,
    jar: CookieJar,
) -> Answer<(CookieJar, StatusCode)> {
    app.writer
        .write(move |tx| tx.close_web_session(&office.token_hash))
        .await?;
    Ok((
        jar.remove(cookie(&app, String::new())),
        StatusCode::NO_CONTENT,
    ))
}

/// Who is signed in.
#[utoipa::path(
    get, path = "/v1/me", tag = "office",
    responses((status = 200, body = Me), (status = 401)), security(("office" = []))
)]
pub(super) async fn me(State(app): State<Shared>, office: Office) -> Json<Me> {
    Json(card(&app, office.session))
}
