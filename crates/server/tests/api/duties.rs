//! `GET /v1/duties`, `POST /v1/duties`, `POST /v1/duties/{id}/depart`

use crate::common::City;
use serde_json::{Value, json};

const SITE: &str = "三道街东段小巷";

fn kinds(changes: &[Value]) -> Vec<String> {
    changes
        .iter()
        .map(|c| c["kind"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn before_departure_a_phone_knows_the_date_and_after_it_the_site() {
    let city = City::new().await;
    let (lead, member, outsider) = (
        city.phone("lead").await,
        city.phone("member").await,
        city.phone("outsider").await,
    );
    let duty = city.duty().await;
    for (phone, leads) in [(&lead, true), (&member, false)] {
        let changes = phone.pull(&city).await;
        assert_eq!(kinds(&changes), ["duty"]);
        assert_eq!(
            changes[0]["body"],
            json!({"duty": duty, "date": "2026-03-05", "lead": leads})
        );
    }
    assert!(outsider.pull(&city).await.is_empty());

    let path = format!("/v1/duties/{duty}/depart");
    member
        .post(&city, &path, &json!({}))
        .await
        .refused(404, "not_found");
    outsider
        .post(&city, &path, &json!({}))
        .await
        .refused(404, "not_found");
    let departed = lead.post(&city, &path, &json!({})).await.ok();
    assert_eq!(departed["tasks"][0]["site"]["name"], SITE);
    assert_eq!(departed["tasks"][0]["site"]["area"], "道北街道");
    assert_eq!(departed["tasks"][0]["items"][0]["code"], "BJXX-01");
    for phone in [&lead, &member] {
        let changes = phone.pull(&city).await;
        assert_eq!(kinds(&changes), ["duty", "task"]);
        assert_eq!(changes[1]["body"], departed["tasks"][0]);
    }
    assert!(outsider.pull(&city).await.is_empty());

    // Again, later, by either side: the same, and nobody is told twice.
    city.pass(60_000);
    assert_eq!(lead.post(&city, &path, &json!({})).await.ok(), departed);
    let reviewer = city.person("reviewer").await;
    assert_eq!(reviewer.post(&city, &path, &json!({})).await.ok(), departed);
    assert_eq!(lead.pull(&city).await.len(), 2);
}

#[tokio::test]
async fn the_office_can_press_departure_but_a_reader_or_a_unit_cannot() {
    let city = City::new().await;
    let phone = city.phone("lead").await;
    let path = format!("/v1/duties/{}/depart", city.duty().await);
    for login in ["reader", "admin", "chengguan", "lead"] {
        city.person(login)
            .await
            .post(&city, &path, &json!({}))
            .await
            .refused(404, "not_found");
    }
    let mut reviewer = city.person("reviewer").await;
    let csrf = std::mem::take(&mut reviewer.csrf);
    reviewer
        .post(&city, &path, &json!({}))
        .await
        .refused(403, "csrf");
    reviewer.csrf = csrf;
    reviewer.post(&city, &path, &json!({})).await.ok();
    assert_eq!(kinds(&phone.pull(&city).await), ["duty", "task"]);
}

#[tokio::test]
async fn a_duty_of_tomorrow_cannot_set_out_today() {
    let city = City::new().await;
    let phone = city.phone("lead").await;
    let reviewer = city.person("reviewer").await;
    let body = json!({"date": "2026-03-06", "lead": city.id("lead"), "sites": [city.id("alley")]});
    let duty = reviewer.post(&city, "/v1/duties", &body).await.ok()["duty"].clone();
    let path = format!("/v1/duties/{}/depart", duty.as_str().unwrap());
    let early = phone.post(&city, &path, &json!({})).await;
    early.refused(409, "too_early");
    assert!(!early.text().contains(SITE));
    city.pass(8 * 3_600_000 + 1);
    let mut phone = phone;
    phone.sign_in(&city).await;
    phone.post(&city, &path, &json!({})).await.ok();
}

#[tokio::test]
async fn a_plan_that_does_not_hold_is_not_made() {
    let city = City::new().await;
    let reviewer = city.person("reviewer").await;
    let (lead, site) = (city.id("lead"), city.id("alley"));
    for (body, code) in [
        (
            json!({"date": "2026-03-04", "lead": lead, "sites": [site]}),
            "date_past",
        ),
        (
            json!({"date": "5. März", "lead": lead, "sites": [site]}),
            "bad_json",
        ),
        (
            json!({"date": "2026-03-05", "lead": lead, "members": [lead], "sites": [site]}),
            "team",
        ),
        (
            json!({"date": "2026-03-05", "lead": city.id("reader"), "sites": [site]}),
            "team",
        ),
        (
            json!({"date": "2026-03-05", "lead": lead, "sites": []}),
            "sites",
        ),
        (
            json!({"date": "2026-03-05", "lead": lead, "sites": [site, site]}),
            "sites",
        ),
        (
            json!({"date": "2026-03-05", "lead": lead, "sites": [lead]}),
            "sites",
        ),
    ] {
        reviewer
            .post(&city, "/v1/duties", &body)
            .await
            .refused(400, code);
    }
    assert_eq!(
        reviewer.get(&city, "/v1/duties").await.ok()["duties"],
        json!([])
    );
    for login in ["reader", "admin", "chengguan", "lead"] {
        let person = city.person(login).await;
        person
            .get(&city, "/v1/duties")
            .await
            .refused(404, "not_found");
        let body = json!({"date": "2026-03-05", "lead": lead, "sites": [site]});
        person
            .post(&city, "/v1/duties", &body)
            .await
            .refused(404, "not_found");
    }
}

#[tokio::test]
async fn the_planner_sees_team_sites_and_when_it_set_out() {
    let city = City::new().await;
    let duty = city.duty().await;
    let reviewer = city.person("reviewer").await;
    let before = reviewer.get(&city, "/v1/duties").await.ok();
    let card = &before["duties"][0];
    assert_eq!(card["duty"], duty.as_str());
    assert_eq!(card["lead"]["name"], "巡查员王");
    assert_eq!(card["members"][0]["name"], "巡查员张");
    assert_eq!(card["tasks"][0]["name"], SITE);
    assert!(card["departed_ms"].is_null());
    reviewer
        .post(&city, &format!("/v1/duties/{duty}/depart"), &json!({}))
        .await
        .ok();
    let after = reviewer.get(&city, "/v1/duties").await.ok();
    assert_eq!(after["duties"][0]["departed_ms"], city.now());
}
