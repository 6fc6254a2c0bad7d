//! `GET /v1/problems`, `GET /v1/problems/{id}`

use crate::common::City;
use serde_json::{Value, json};

const DEADLINE: &str = "2026-03-06 16:00";

fn notes(page: &Value) -> Vec<&str> {
    let list = page["problems"].as_array().unwrap();
    list.iter().map(|p| p["note"].as_str().unwrap()).collect()
}

/// Files a problem and dispatches it to 城市管理局.
async fn dispatched(city: &City) -> String {
    let filed = city.phone("lead").await.file(city, "店外经营").await;
    let reviewer = city.person("reviewer").await;
    reviewer
        .act(
            city,
            &filed.problem,
            "review",
            &json!({"decision": "accept", "note": "内部说明"}),
        )
        .await
        .ok();
    let body = json!({"unit": city.id("chengguan-unit"), "problems": [filed.problem], "deadline": DEADLINE, "class": "L0", "requirement": "立行立改"});
    reviewer.post(city, "/v1/dispatches", &body).await.ok();
    filed.problem
}

#[tokio::test]
async fn a_reviewer_sees_everything_of_a_problem() {
    let city = City::new().await;
    let filed = city
        .phone("lead")
        .await
        .file(&city, "店外经营，占道3米")
        .await;
    let reply = city
        .person("reviewer")
        .await
        .get(&city, &format!("/v1/problems/{}", filed.problem))
        .await;
    let p = reply.ok();
    assert_eq!(reply.header("etag"), "\"1\"");
    assert_eq!(reply.header("cache-control"), "private, no-store");
    assert_eq!(
        (&p["state"], &p["temp_no"], &p["no"]),
        (&json!("submitted"), &json!("临-A1-0305-00"), &json!(""))
    );
    assert_eq!(
        (&p["reporter_name"], &p["site_name"], &p["area_name"]),
        (
            &json!("巡查员王"),
            &json!("三道街东段小巷"),
            &json!("道北街道")
        )
    );
    let files = p["photo_list"][0]["files"].as_array().unwrap();
    assert_eq!(files.len(), 3);
    assert!(files.iter().all(|f| f["complete"] == true));
    assert_eq!(p["timeline"][0]["event"], "submit");
    assert_eq!(p["timeline"][0]["actor_name"], "巡查员王");
}

#[tokio::test]
async fn what_may_not_be_seen_and_what_is_not_there_get_the_same_bytes() {
    let city = City::new().await;
    let filed = city.phone("lead").await.file(&city, "店外经营").await;
    let path = format!("/v1/problems/{}", filed.problem);
    let absent = format!("/v1/problems/{}", city.id("alley"));
    for login in ["chengguan", "reader", "admin", "member"] {
        let person = city.person(login).await;
        let (forbidden, nothing) = (
            person.get(&city, &path).await,
            person.get(&city, &absent).await,
        );
        forbidden.refused(404, "not_found");
        assert_eq!(
            (forbidden.bytes, format!("{:?}", forbidden.headers)),
            (nothing.bytes, format!("{:?}", nothing.headers)),
            "{login}"
        );
        let strange = person.get(&city, "/v1/problems/not-an-id").await;
        strange.refused(404, "not_found");
    }
}

#[tokio::test]
async fn an_inspector_sees_his_own_and_the_administrator_none() {
    let city = City::new().await;
    city.phone("lead").await.file(&city, "甲").await;
    city.phone("member").await.file(&city, "乙").await;
    let page = city
        .person("lead")
        .await
        .get(&city, "/v1/problems")
        .await
        .ok();
    assert_eq!(notes(&page), ["甲"]);
    city.person("admin")
        .await
        .get(&city, "/v1/problems")
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn from_dispatch_on_the_unit_sees_what_it_needs_and_never_who_inspected() {
    let city = City::new().await;
    let problem = dispatched(&city).await;
    let unit = city.person("chengguan").await;
    let page = unit.get(&city, "/v1/problems").await.ok();
    assert_eq!(notes(&page), ["店外经营"]);
    let p = unit.get(&city, &format!("/v1/problems/{problem}")).await;
    let text = p.text();
    let p = p.ok();
    assert_eq!(
        (&p["no"], &p["requirement"], &p["unit_name"]),
        (
            &json!("2026-1-01"),
            &json!("立行立改"),
            &json!("城市管理局")
        )
    );
    for secret in [
        "巡查员",
        "临-",
        "审核员",
        "内部说明",
        "exif",
        "sha256",
        "fix",
        "reporter",
        "actor",
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let events: Vec<&str> = p["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["assign"]);
    // Another unit has nothing of it.
    let other = city.person("shichang").await;
    assert!(notes(&other.get(&city, "/v1/problems").await.ok()).is_empty());
    other
        .get(&city, &format!("/v1/problems/{problem}"))
        .await
        .refused(404, "not_found");
    // A leader reads it from here on, without names.
    let reader = city
        .person("reader")
        .await
        .get(&city, &format!("/v1/problems/{problem}"))
        .await;
    reader.ok();
    assert!(!reader.text().contains("巡查员王"));
}

#[tokio::test]
async fn a_list_is_narrowed_searched_and_turned_page_by_page() {
    let city = City::new().await;
    let mut phone = city.phone("lead").await;
    for n in 1..=5 {
        city.pass(1000);
        phone.file(&city, &format!("第{n}条 100%")).await;
    }
    let reviewer = city.person("reviewer").await;
    let mut seen = Vec::new();
    let mut path = "/v1/problems?limit=2".to_owned();
    loop {
        let page = reviewer.get(&city, &path).await.ok();
        seen.extend(notes(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => path = format!("/v1/problems?limit=2&after={next}"),
            None => break,
        }
    }
    assert_eq!(
        seen,
        [
            "第5条 100%",
            "第4条 100%",
            "第3条 100%",
            "第2条 100%",
            "第1条 100%"
        ]
    );
    for (query, found) in [
        ("state=submitted", 5),
        ("state=closed", 0),
        ("category=B01", 5),
        ("category=B02", 0),
        ("q=%E7%AC%AC3", 1),
        ("q=0%25", 5),
        ("q=1_0", 0),
        ("q=%E4%B8%B4-A1", 5),
        ("q=%E5%B0%8F%E5%B7%B7", 5),
        ("overdue=true", 0),
    ] {
        let page = reviewer
            .get(&city, &format!("/v1/problems?{query}"))
            .await
            .ok();
        assert_eq!(page["problems"].as_array().unwrap().len(), found, "{query}");
    }
    reviewer
        .get(&city, "/v1/problems?after=zzz")
        .await
        .refused(400, "after");
}

#[tokio::test]
async fn a_unit_cannot_find_a_problem_by_its_temporary_number() {
    let city = City::new().await;
    dispatched(&city).await;
    let unit = city.person("chengguan").await;
    let found = unit.get(&city, "/v1/problems?q=%E4%B8%B4").await.ok();
    assert!(notes(&found).is_empty());
}

#[tokio::test]
async fn overdue_is_a_flag_beside_the_state() {
    let city = City::new().await;
    let problem = dispatched(&city).await;
    city.pass(25 * 3_600_000);
    let reviewer = city.person("reviewer").await;
    let page = reviewer.get(&city, "/v1/problems?overdue=true").await.ok();
    assert_eq!(page["problems"][0]["problem"], problem.as_str());
    assert_eq!(page["problems"][0]["state"], "assigned");
}
