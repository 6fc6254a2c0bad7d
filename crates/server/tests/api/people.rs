//! `GET /v1/people`, `POST /v1/people`, `POST /v1/people/{id}/enrol-codes`

use crate::common::{City, Phone, post};
use serde_json::json;

#[tokio::test]
async fn a_person_added_signs_in_with_the_first_password() {
    let city = City::new().await;
    let admin = city.person("admin").await;
    let body = json!({"login": "new.one", "name": "新人", "preset": "reader", "password": "long-enough-1"});
    let made = admin.post(&city, "/v1/people", &body).await;
    assert!(!made.text().contains("long-enough"));
    made.ok();
    post(
        &city,
        "/v1/login",
        &json!({"login": "new.one", "password": "long-enough-1"}),
    )
    .await
    .ok();
}

#[tokio::test]
async fn a_form_that_does_not_hold_adds_nobody() {
    let city = City::new().await;
    let admin = city.person("admin").await;
    let unit = city.id("chengguan-unit");
    for (body, code) in [
        (
            json!({"login": "Big Name", "name": "x", "preset": "reader", "password": "long-enough-1"}),
            "login",
        ),
        (
            json!({"login": "a1", "name": "", "preset": "reader", "password": "long-enough-1"}),
            "name",
        ),
        (
            json!({"login": "a1", "name": "x", "preset": "reader", "password": "short"}),
            "password",
        ),
        (
            json!({"login": "a1", "name": "x", "preset": "reader"}),
            "password",
        ),
        (
            json!({"login": "a1", "name": "x", "preset": "unit", "password": "long-enough-1"}),
            "unit",
        ),
        (
            json!({"login": "a1", "name": "x", "preset": "reader", "password": "long-enough-1", "unit": unit}),
            "unit",
        ),
        (
            json!({"login": "a1", "name": "x", "preset": "king", "password": "long-enough-1"}),
            "bad_json",
        ),
    ] {
        admin
            .post(&city, "/v1/people", &body)
            .await
            .refused(400, code);
    }
    let taken = json!({"login": "lead", "name": "x", "preset": "inspector"});
    admin
        .post(&city, "/v1/people", &taken)
        .await
        .refused(409, "login_taken");
    let people = admin.get(&city, "/v1/people").await.ok();
    assert!(!people.to_string().contains("\"a1\""));
}

#[tokio::test]
async fn a_planner_sees_the_inspectors_and_others_see_nobody() {
    let city = City::new().await;
    let seen = city
        .person("reviewer")
        .await
        .get(&city, "/v1/people")
        .await
        .ok();
    let presets: Vec<_> = seen["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["preset"].clone())
        .collect();
    assert_eq!(presets, ["inspector", "inspector", "inspector"]);
    for login in ["reader", "lead", "chengguan"] {
        city.person(login)
            .await
            .get(&city, "/v1/people")
            .await
            .refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_code_binds_one_phone_of_an_inspector_within_a_day() {
    let city = City::new().await;
    let admin = city.person("admin").await;
    let path = |login| format!("/v1/people/{}/enrol-codes", city.id(login));
    let made = admin.post(&city, &path("lead"), &json!({})).await.ok();
    assert_eq!(made["expires_ms"], city.now() + 24 * 3_600_000);
    let phone = Phone::enrol(&city, made["code"].as_str().unwrap()).await;
    assert_eq!(phone.account.to_string(), city.id("lead"));
    let people = admin.get(&city, "/v1/people").await.ok();
    assert!(
        people.to_string().contains("\"phones\":[\"A1\"]"),
        "{people}"
    );

    admin
        .post(&city, &path("reviewer"), &json!({}))
        .await
        .refused(409, "no_phone");
    let nobody = format!("/v1/people/{}/enrol-codes", city.id("alley"));
    admin
        .post(&city, &nobody, &json!({}))
        .await
        .refused(404, "not_found");
    let reviewer = city.person("reviewer").await;
    reviewer
        .post(&city, &path("lead"), &json!({}))
        .await
        .refused(404, "not_found");
}
