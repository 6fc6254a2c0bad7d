//! `POST /v1/login`, `POST /v1/logout`, `GET /v1/me`

use crate::common::{City, post};
use axum::body::Body;
use http::Method;
use serde_json::json;

const MINUTE: i64 = 60_000;

#[tokio::test]
async fn the_right_password_opens_a_session_in_a_cookie_no_script_reads() {
    let city = City::new().await;
    let body = json!({"login": " Reviewer ", "password": City::PASSWORD});
    let reply = post(&city, "/v1/login", &body).await;
    let me = reply.ok();
    assert_eq!(
        (me["preset"].as_str(), me["name"].as_str()),
        (Some("reviewer"), Some("审核员李"))
    );
    let cookie = reply.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    let token = cookie.split(';').next().unwrap().to_owned();
    let ask = crate::common::request(Method::GET, "/v1/me").header("cookie", token);
    let again = city.send(ask.body(Body::empty()).unwrap()).await.ok();
    assert_eq!(again, me);
}

#[tokio::test]
async fn an_unknown_login_and_a_wrong_password_get_the_same_words() {
    let city = City::new().await;
    let known = post(
        &city,
        "/v1/login",
        &json!({"login": "reviewer", "password": "wrong"}),
    )
    .await;
    let unknown = post(
        &city,
        "/v1/login",
        &json!({"login": "nobody", "password": "wrong"}),
    )
    .await;
    known.refused(401, "bad_login");
    assert_eq!(known.bytes, unknown.bytes);
}

#[tokio::test]
async fn five_wrong_tries_close_the_login_for_a_quarter_of_an_hour() {
    let city = City::new().await;
    let wrong = json!({"login": "reviewer", "password": "wrong"});
    let right = json!({"login": "reviewer", "password": City::PASSWORD});
    for _ in 0..5 {
        post(&city, "/v1/login", &wrong)
            .await
            .refused(401, "bad_login");
    }
    let closed = post(&city, "/v1/login", &right).await;
    closed.refused(429, "too_many");
    assert!(!closed.header("retry-after").is_empty());
    // Others are not locked out by it.
    let other = json!({"login": "admin", "password": City::PASSWORD});
    post(&city, "/v1/login", &other).await.ok();
    city.pass(15 * MINUTE + 1000);
    post(&city, "/v1/login", &right).await.ok();
}

#[tokio::test]
async fn a_session_ends_after_a_quarter_of_an_hour_without_use_and_after_eight_hours_in_any_case() {
    let city = City::new().await;
    let person = city.person("reviewer").await;
    for _ in 0..3 {
        city.pass(14 * MINUTE);
        person.get(&city, "/v1/me").await.ok();
    }
    city.pass(16 * MINUTE);
    person
        .get(&city, "/v1/me")
        .await
        .refused(401, "unauthorized");

    let busy = city.person("reviewer").await;
    for _ in 0..8 * 6 - 1 {
        city.pass(10 * MINUTE);
        busy.get(&city, "/v1/me").await.ok();
    }
    city.pass(10 * MINUTE);
    busy.get(&city, "/v1/me").await.refused(401, "unauthorized");
}

#[tokio::test]
async fn what_a_page_asks_by_itself_keeps_no_session_alive() {
    let city = City::new().await;
    let person = city.person("reviewer").await;
    for _ in 0..2 {
        city.pass(7 * MINUTE);
        let ask = person
            .ask(Method::GET, "/v1/overview")
            .header("x-by-itself", "1");
        city.send(ask.body(Body::empty()).unwrap()).await.ok();
    }
    city.pass(2 * MINUTE);
    person
        .get(&city, "/v1/me")
        .await
        .refused(401, "unauthorized");
}

#[tokio::test]
async fn a_write_without_the_sessions_token_is_not_done() {
    let city = City::new().await;
    let mut person = city.person("admin").await;
    let right = std::mem::replace(&mut person.csrf, "guess".into());
    let body = json!({"name": "公安局"});
    person
        .post(&city, "/v1/units", &body)
        .await
        .refused(403, "csrf");
    person
        .post(&city, "/v1/logout", &json!({}))
        .await
        .refused(403, "csrf");
    person.csrf = right;
    person.post(&city, "/v1/units", &body).await.ok();
}

#[tokio::test]
async fn signing_out_ends_the_session_at_the_server() {
    let city = City::new().await;
    let person = city.person("reviewer").await;
    let out = person.post(&city, "/v1/logout", &json!({})).await;
    assert_eq!(out.status.as_u16(), 204);
    person
        .get(&city, "/v1/me")
        .await
        .refused(401, "unauthorized");
}

#[tokio::test]
async fn nobody_is_anybody_without_a_cookie() {
    let city = City::new().await;
    for path in [
        "/v1/me",
        "/v1/problems",
        "/v1/people",
        "/v1/exports/ledger.xlsx",
    ] {
        let ask = crate::common::request(Method::GET, path)
            .body(Body::empty())
            .unwrap();
        city.send(ask).await.refused(401, "unauthorized");
    }
}
