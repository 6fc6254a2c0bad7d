//! `GET /v1/overview`, `GET /v1/live`

use crate::common::{City, Person};
use axum::body::Body;
use http::Method;
use http_body_util::BodyExt as _;
use serde_json::json;
use std::time::Duration;

async fn dispatched(city: &City, reviewer: &Person) {
    let problem = city
        .phone("lead")
        .await
        .file(city, "店外经营")
        .await
        .problem;
    let accept = json!({"decision": "accept"});
    reviewer.act(city, &problem, "review", &accept).await.ok();
    let body = json!({"unit": city.id("chengguan-unit"), "problems": [problem], "deadline": "2026-03-05 20:00", "class": "L0"});
    reviewer.post(city, "/v1/dispatches", &body).await.ok();
}

#[tokio::test]
async fn numbers_are_those_of_whoever_looks() {
    let city = City::new().await;
    let reviewer = city.person("reviewer").await;
    dispatched(&city, &reviewer).await;
    city.phone("member").await.file(&city, "待审").await;
    let all = reviewer.get(&city, "/v1/overview").await.ok();
    assert_eq!(
        all["states"],
        json!([{"state": "assigned", "count": 1}, {"state": "submitted", "count": 1}])
    );
    assert_eq!((&all["overdue"], &all["due_today"]), (&json!(0), &json!(1)));
    for login in ["chengguan", "reader"] {
        let own = city
            .person(login)
            .await
            .get(&city, "/v1/overview")
            .await
            .ok();
        assert_eq!(
            own["states"],
            json!([{"state": "assigned", "count": 1}]),
            "{login}"
        );
    }
    let other = city.person("shichang").await;
    assert_eq!(
        other.get(&city, "/v1/overview").await.ok()["states"],
        json!([])
    );
    city.person("admin")
        .await
        .get(&city, "/v1/overview")
        .await
        .refused(404, "not_found");

    let due = reviewer.get(&city, "/v1/problems?due=today").await.ok();
    assert_eq!(due["problems"].as_array().unwrap().len(), 1);
    // The day is over, and the deadline past.
    city.pass(6 * 3_600_000);
    let reviewer = city.person("reviewer").await;
    let late = reviewer.get(&city, "/v1/overview").await.ok();
    assert_eq!(
        (&late["overdue"], &late["due_today"]),
        (&json!(1), &json!(0))
    );
    let due = reviewer.get(&city, "/v1/problems?due=today").await.ok();
    assert_eq!(due["problems"], json!([]));
}

async fn hears(body: &mut Body, within: Duration) -> Option<String> {
    let frame = tokio::time::timeout(within, body.frame()).await.ok()??;
    let data = frame.ok()?.into_data().ok()?;
    // A comment is a sign of life and no word.
    Some(String::from_utf8(data.to_vec()).unwrap()).filter(|word| !word.starts_with(':'))
}

#[tokio::test]
async fn a_listener_hears_that_something_changed_and_nothing_else() {
    let city = City::new().await;
    let reviewer = city.person("reviewer").await;
    let (unit, other) = (
        city.person("chengguan").await,
        city.person("shichang").await,
    );
    let mut streams = Vec::new();
    for person in [&reviewer, &unit, &other] {
        let ask = person
            .ask(Method::GET, "/v1/live")
            .body(Body::empty())
            .unwrap();
        streams.push(city.open(ask).await.into_body());
    }
    dispatched(&city, &reviewer).await;
    for stream in &mut streams[..2] {
        let word = hears(stream, Duration::from_secs(20)).await.unwrap();
        assert_eq!(word, "event: problems\ndata: changed\n\n");
    }
    assert_eq!(hears(&mut streams[2], Duration::from_secs(5)).await, None);
}

#[tokio::test]
async fn listening_keeps_no_session_alive() {
    let city = City::new().await;
    let reviewer = city.person("reviewer").await;
    let ask = reviewer
        .ask(Method::GET, "/v1/live")
        .body(Body::empty())
        .unwrap();
    let mut stream = city.open(ask).await.into_body();
    city.pass(16 * 60_000);
    let end = tokio::time::timeout(Duration::from_secs(20), stream.frame()).await;
    assert!(end.unwrap().is_none(), "the stream ends with the session");
}
