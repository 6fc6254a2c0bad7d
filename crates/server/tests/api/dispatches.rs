//! `GET /v1/dispatches`, `POST /v1/dispatches`

use crate::common::{City, Person};
use serde_json::{Value, json};

async fn accepted(city: &City, reviewer: &Person, notes: &[&str]) -> Vec<String> {
    let mut phone = city.phone("lead").await;
    let mut ids = Vec::new();
    for note in notes {
        let filed = phone.file(city, note).await;
        reviewer
            .act(
                city,
                &filed.problem,
                "review",
                &json!({"decision": "accept"}),
            )
            .await
            .ok();
        ids.push(filed.problem);
    }
    ids
}

fn notice(city: &City, problems: &[String]) -> Value {
    json!({"unit": city.id("chengguan-unit"), "problems": problems, "deadline": "2026-03-06 16:00", "class": "L0", "requirement": "立行立改"})
}

#[tokio::test]
async fn numbers_count_notices_within_the_year_and_problems_within_the_notice() {
    let city = City::new().await;
    let reviewer = city.person("reviewer").await;
    let ids = accepted(&city, &reviewer, &["甲", "乙", "丙"]).await;
    let first = reviewer
        .post(&city, "/v1/dispatches", &notice(&city, &ids[..2]))
        .await
        .ok();
    let numbers: Vec<_> = first["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["no"].clone())
        .collect();
    assert_eq!(numbers, ["2026-1-01", "2026-1-02"]);
    let second = reviewer
        .post(&city, "/v1/dispatches", &notice(&city, &ids[2..]))
        .await
        .ok();
    assert_eq!(
        (&second["notice"], &second["problems"][0]["no"]),
        (&json!(2), &json!("2026-2-01"))
    );
    let all = reviewer.get(&city, "/v1/dispatches").await.ok();
    assert_eq!(all["dispatches"][1]["problems"], 2);
    assert_eq!(all["dispatches"][1]["unit_name"], "城市管理局");
}

#[tokio::test]
async fn one_problem_that_cannot_go_keeps_all_of_them_here() {
    let city = City::new().await;
    let reviewer = city.person("reviewer").await;
    let mut ids = accepted(&city, &reviewer, &["甲"]).await;
    ids.push(
        city.phone("member")
            .await
            .file(&city, "未立案")
            .await
            .problem,
    );
    reviewer
        .post(&city, "/v1/dispatches", &notice(&city, &ids))
        .await
        .refused(409, "not_from_here");
    let seen = reviewer
        .get(&city, &format!("/v1/problems/{}", ids[0]))
        .await
        .ok();
    assert_eq!(
        (&seen["state"], &seen["no"]),
        (&json!("accepted"), &json!(""))
    );
    assert_eq!(
        reviewer.get(&city, "/v1/dispatches").await.ok()["dispatches"],
        json!([])
    );
    // Nor was a number used up.
    let made = reviewer
        .post(&city, "/v1/dispatches", &notice(&city, &ids[..1]))
        .await
        .ok();
    assert_eq!(made["notice"], 1);
}

#[tokio::test]
async fn terms_that_do_not_hold_dispatch_nothing() {
    let city = City::new().await;
    let reviewer = city.person("reviewer").await;
    let ids = accepted(&city, &reviewer, &["甲"]).await;
    for (field, value, code) in [
        ("deadline", json!("2026-03-05 15:00"), "deadline"),
        ("deadline", json!("明天"), "deadline"),
        ("class", json!("L9"), "class"),
        ("unit", json!(city.id("lead")), "unit"),
        ("problems", json!([]), "problems"),
        ("problems", json!([ids[0], ids[0]]), "problems"),
    ] {
        let mut body = notice(&city, &ids);
        body[field] = value;
        reviewer
            .post(&city, "/v1/dispatches", &body)
            .await
            .refused(400, code);
    }
    let mut body = notice(&city, &ids);
    body["problems"] = json!([city.id("alley")]);
    reviewer
        .post(&city, "/v1/dispatches", &body)
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn a_unit_sees_its_own_notices_and_sends_none() {
    let city = City::new().await;
    let reviewer = city.person("reviewer").await;
    let ids = accepted(&city, &reviewer, &["甲"]).await;
    reviewer
        .post(&city, "/v1/dispatches", &notice(&city, &ids))
        .await
        .ok();
    let own = city
        .person("chengguan")
        .await
        .get(&city, "/v1/dispatches")
        .await
        .ok();
    assert_eq!(own["dispatches"].as_array().unwrap().len(), 1);
    let other = city.person("shichang").await;
    assert_eq!(
        other.get(&city, "/v1/dispatches").await.ok()["dispatches"],
        json!([])
    );
    for login in ["chengguan", "reader", "lead", "admin"] {
        let person = city.person(login).await;
        person
            .post(&city, "/v1/dispatches", &notice(&city, &ids))
            .await
            .refused(404, "not_found");
    }
}
