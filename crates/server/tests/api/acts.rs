//! `POST /v1/problems/{id}/review`, `POST /v1/problems/{id}/sign`, `POST /v1/problems/{id}/refuse`,
//! `POST /v1/problems/{id}/uphold`, `POST /v1/problems/{id}/reassign`,
//! `POST /v1/problems/{id}/recall`, `POST /v1/problems/{id}/feedback`,
//! `POST /v1/problems/{id}/extend`, `POST /v1/problems/{id}/suspend`,
//! `POST /v1/problems/{id}/resume`, `POST /v1/problems/{id}/recheck`,
//! `POST /v1/problems/{id}/send-back`

use crate::common::{City, Person, Phone, picture};
use serde_json::{Value, json};

const DEADLINE: &str = "2026-03-06 16:00";

struct Story {
    city: City,
    phone: Phone,
    problem: String,
    reviewer: Person,
    rechecker: Person,
    unit: Person,
}

impl Story {
    async fn submitted() -> Self {
        let city = City::new().await;
        let mut phone = city.phone("lead").await;
        let filed = phone.file(&city, "店外经营").await;
        Self {
            reviewer: city.person("reviewer").await,
            rechecker: city.person("rechecker").await,
            unit: city.person("chengguan").await,
            problem: filed.problem,
            phone,
            city,
        }
    }

    async fn assigned() -> Self {
        let story = Self::submitted().await;
        story
            .step(
                &story.reviewer,
                "review",
                json!({"decision": "accept"}),
                "accepted",
            )
            .await;
        story.dispatch().await;
        story
    }

    async fn dispatch(&self) {
        let body = json!({"unit": self.city.id("chengguan-unit"), "problems": [self.problem], "deadline": DEADLINE, "class": "L0"});
        self.reviewer
            .post(&self.city, "/v1/dispatches", &body)
            .await
            .ok();
    }

    /// A step that has to lead to `to`.
    async fn step(&self, who: &Person, step: &str, body: Value, to: &str) {
        let made = who.act(&self.city, &self.problem, step, &body).await.ok();
        assert_eq!(made["state"], to, "{step} {body}");
    }

    async fn refused(&self, who: &Person, step: &str, body: Value, status: u16, code: &str) {
        who.act(&self.city, &self.problem, step, &body)
            .await
            .refused(status, code);
    }

    async fn see(&self) -> Value {
        self.reviewer
            .get(&self.city, &format!("/v1/problems/{}", self.problem))
            .await
            .ok()
    }

    async fn events(&self) -> Vec<String> {
        let seen = self.see().await;
        let lines = seen["timeline"].as_array().unwrap().clone();
        lines
            .iter()
            .map(|e| e["event"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[tokio::test]
async fn from_review_to_closing() {
    let s = Story::submitted().await;
    s.step(
        &s.reviewer,
        "review",
        json!({"decision": "accept", "category": "B03"}),
        "accepted",
    )
    .await;
    s.dispatch().await;
    s.step(&s.unit, "sign", json!({}), "rectifying").await;
    let photo = s.unit.add_photo(&s.city, &s.problem, picture(7)).await.ok()["photo"].clone();
    let done = json!({"measure": "已清理", "result": "恢复通行", "photos": [photo], "via": "unit"});
    s.step(&s.unit, "feedback", done, "feedback").await;
    s.step(&s.reviewer, "recheck", json!({"result": "pass"}), "closed")
        .await;
    let seen = s.see().await;
    assert_eq!(
        (&seen["category"], &seen["measure"]),
        (&json!("B03"), &json!("已清理"))
    );
    assert_eq!(
        (&seen["recheck_name"], &seen["recheck_result"]),
        (&json!("审核员李"), &json!("pass"))
    );
    assert!(seen["closed_ms"].is_i64());
    assert_eq!(
        s.events().await,
        ["submit", "accept", "assign", "sign", "feedback", "pass"]
    );
    // Who recorded it hears of each step; the last word is that it is closed.
    let changes = s.phone.pull(&s.city).await;
    let states: Vec<_> = changes
        .iter()
        .filter(|c| c["kind"] == "problem")
        .map(|c| c["body"]["state"].clone())
        .collect();
    assert_eq!(
        states,
        [
            "submitted",
            "accepted",
            "assigned",
            "rectifying",
            "feedback",
            "closed"
        ]
    );
}

#[tokio::test]
async fn a_reviewer_enters_feedback_for_the_unit_and_somebody_else_rechecks() {
    let s = Story::assigned().await;
    let photo = s
        .reviewer
        .add_photo(&s.city, &s.problem, picture(8))
        .await
        .ok()["photo"]
        .clone();
    let done =
        json!({"measure": "执法队到场清理", "result": "", "photos": [photo], "via": "phone"});
    s.step(&s.reviewer, "feedback", done, "feedback").await;
    s.refused(
        &s.reviewer,
        "recheck",
        json!({"result": "pass"}),
        409,
        "same_person",
    )
    .await;
    s.refused(
        &s.rechecker,
        "recheck",
        json!({"result": "fail"}),
        400,
        "empty",
    )
    .await;
    s.step(
        &s.rechecker,
        "recheck",
        json!({"result": "fail", "note": "仍占道"}),
        "failed",
    )
    .await;
    s.step(&s.rechecker, "send-back", json!({}), "rectifying")
        .await;
    let again = json!({"measure": "再次清理", "via": "chat"});
    s.step(&s.reviewer, "feedback", again, "feedback").await;
    s.step(
        &s.rechecker,
        "recheck",
        json!({"result": "not_checkable", "note": "门关着"}),
        "feedback",
    )
    .await;
    s.step(
        &s.rechecker,
        "recheck",
        json!({"result": "partial", "note": "一半"}),
        "rectifying",
    )
    .await;
    s.step(
        &s.reviewer,
        "feedback",
        json!({"measure": "清完", "via": "paper"}),
        "feedback",
    )
    .await;
    s.step(
        &s.rechecker,
        "recheck",
        json!({"result": "keep_watch"}),
        "long_term",
    )
    .await;
    // The unit reads why it was not good enough, and still no name.
    let unit = s
        .unit
        .get(&s.city, &format!("/v1/problems/{}", s.problem))
        .await;
    assert!(unit.text().contains("仍占道") && !unit.text().contains("审核员"));
}

#[tokio::test]
async fn feedback_that_does_not_hold_is_not_taken() {
    let s = Story::assigned().await;
    for (who, body, code) in [
        (&s.unit, json!({"measure": " ", "via": "unit"}), "empty"),
        (&s.unit, json!({"measure": "x", "via": "phone"}), "via"),
        (&s.reviewer, json!({"measure": "x", "via": "unit"}), "via"),
        (
            &s.unit,
            json!({"measure": "x", "via": "unit", "photos": [s.problem]}),
            "photos",
        ),
        (&s.unit, json!({"measure": "x"}), "bad_json"),
        (
            &s.unit,
            json!({"measure": "字".repeat(4001), "via": "unit"}),
            "too_long",
        ),
    ] {
        s.refused(who, "feedback", body, 400, code).await;
    }
    assert_eq!(s.see().await["state"], "assigned");
}

#[tokio::test]
async fn review_decisions_say_why_and_can_be_undone_until_dispatch() {
    let s = Story::submitted().await;
    let r = &s.reviewer;
    s.refused(r, "review", json!({"decision": "return"}), 400, "reason")
        .await;
    s.refused(
        r,
        "review",
        json!({"decision": "reject", "reason": "other"}),
        400,
        "empty",
    )
    .await;
    s.refused(
        r,
        "review",
        json!({"decision": "accept", "category": "Q99"}),
        400,
        "category",
    )
    .await;
    s.refused(r, "review", json!({"decision": "merge"}), 400, "main")
        .await;
    s.refused(
        r,
        "review",
        json!({"decision": "merge", "main": s.problem}),
        400,
        "main",
    )
    .await;
    s.step(
        r,
        "review",
        json!({"decision": "reject", "reason": "out_of_scope"}),
        "rejected",
    )
    .await;
    assert_eq!(s.see().await["reason"], "out_of_scope");
    s.step(r, "review", json!({"decision": "reopen"}), "submitted")
        .await;
    assert!(s.see().await["reason"].is_null());
    s.step(
        r,
        "review",
        json!({"decision": "return", "reason": "missing_wide"}),
        "returned",
    )
    .await;
    let changes = s.phone.pull(&s.city).await;
    assert_eq!(changes.last().unwrap()["body"]["reason"], "missing_wide");
}

#[tokio::test]
async fn a_merged_problem_points_to_the_one_that_stays() {
    let mut s = Story::submitted().await;
    let main = s.phone.file(&s.city, "同一处").await.problem;
    s.step(
        &s.reviewer,
        "review",
        json!({"decision": "merge", "main": main}),
        "merged",
    )
    .await;
    assert_eq!(s.see().await["merged_into"], main.as_str());
    // What was merged away is no place to merge into.
    let into = json!({"decision": "merge", "main": s.problem});
    s.reviewer
        .act(&s.city, &main, "review", &into)
        .await
        .refused(400, "main");
}

#[tokio::test]
async fn what_was_fixed_on_the_spot_is_closed_by_a_recheck() {
    let s = Story::submitted().await;
    s.step(
        &s.reviewer,
        "review",
        json!({"decision": "onsite_fixed"}),
        "feedback",
    )
    .await;
    s.step(&s.rechecker, "recheck", json!({"result": "pass"}), "closed")
        .await;
}

#[tokio::test]
async fn a_dispatch_is_taken_back_within_ten_minutes_and_leaves_the_unit_nothing() {
    let s = Story::assigned().await;
    s.city.pass(9 * 60_000);
    s.step(&s.reviewer, "recall", json!({}), "accepted").await;
    s.unit
        .get(&s.city, &format!("/v1/problems/{}", s.problem))
        .await
        .refused(404, "not_found");
    let seen = s.see().await;
    assert_eq!((&seen["no"], &seen["unit"]), (&json!(""), &Value::Null));
    s.dispatch().await;
    assert_eq!(s.see().await["no"], "2026-2-01");
    s.city.pass(11 * 60_000);
    s.refused(&s.reviewer, "recall", json!({}), 409, "too_late")
        .await;
}

#[tokio::test]
async fn a_refused_dispatch_is_upheld_or_goes_to_another_unit() {
    let s = Story::assigned().await;
    s.refused(&s.unit, "refuse", json!({}), 400, "empty").await;
    s.step(&s.unit, "refuse", json!({"note": "不归我管"}), "refused")
        .await;
    s.step(&s.reviewer, "uphold", json!({}), "assigned").await;
    s.step(&s.unit, "refuse", json!({"note": "真不归我管"}), "refused")
        .await;
    let to = json!({"unit": s.city.id("shichang-unit"), "deadline": DEADLINE, "class": "L1"});
    s.step(&s.reviewer, "reassign", to, "assigned").await;
    let seen = s.see().await;
    assert_eq!(
        (&seen["no"], &seen["notice"]),
        (&json!("2026-1-01"), &json!("2026-2"))
    );
    s.unit
        .get(&s.city, &format!("/v1/problems/{}", s.problem))
        .await
        .refused(404, "not_found");
    let other = s.city.person("shichang").await;
    let shown = other
        .get(&s.city, &format!("/v1/problems/{}", s.problem))
        .await;
    assert!(!shown.text().contains("不归我管"), "{}", shown.text());
    shown.ok();
}

#[tokio::test]
async fn more_time_is_given_once() {
    let s = Story::assigned().await;
    s.step(&s.unit, "sign", json!({}), "rectifying").await;
    s.refused(
        &s.unit,
        "extend",
        json!({"decision": "request"}),
        400,
        "empty",
    )
    .await;
    s.step(
        &s.unit,
        "extend",
        json!({"decision": "request", "note": "等材料"}),
        "extending",
    )
    .await;
    s.refused(
        &s.unit,
        "extend",
        json!({"decision": "approve", "deadline": "2026-03-08 16:00"}),
        404,
        "not_found",
    )
    .await;
    s.refused(
        &s.reviewer,
        "extend",
        json!({"decision": "approve", "deadline": "2026-03-06 15:00"}),
        400,
        "deadline",
    )
    .await;
    s.refused(
        &s.reviewer,
        "extend",
        json!({"decision": "approve", "deadline": "下周"}),
        400,
        "deadline",
    )
    .await;
    s.step(
        &s.reviewer,
        "extend",
        json!({"decision": "approve", "deadline": "2026-03-08 16:00"}),
        "rectifying",
    )
    .await;
    assert_eq!(s.see().await["deadline_ms"], 1_772_956_800_000_i64);
    s.refused(
        &s.unit,
        "extend",
        json!({"decision": "request", "note": "再等"}),
        409,
        "already_extended",
    )
    .await;
}

#[tokio::test]
async fn a_denied_extension_goes_on_and_a_suspended_problem_comes_back() {
    let s = Story::assigned().await;
    s.step(&s.unit, "sign", json!({}), "rectifying").await;
    s.step(
        &s.unit,
        "extend",
        json!({"decision": "request", "note": "等"}),
        "extending",
    )
    .await;
    s.step(
        &s.reviewer,
        "extend",
        json!({"decision": "deny", "note": "不行"}),
        "rectifying",
    )
    .await;
    s.step(
        &s.reviewer,
        "suspend",
        json!({"note": "等资金"}),
        "suspended",
    )
    .await;
    s.step(&s.reviewer, "resume", json!({}), "rectifying").await;
}

#[tokio::test]
async fn nobody_decides_on_what_he_has_not_seen() {
    let s = Story::submitted().await;
    let path = format!("/v1/problems/{}/review", s.problem);
    let body = json!({"decision": "accept"});
    let key = ("idempotency-key", "once");
    s.reviewer
        .post_with(&s.city, &path, &body, &[key])
        .await
        .refused(428, "if_match");
    s.reviewer
        .post_with(&s.city, &path, &body, &[key, ("if-match", "\"9\"")])
        .await
        .refused(412, "stale");
    s.reviewer
        .post_with(&s.city, &path, &body, &[key, ("if-match", "*")])
        .await
        .refused(412, "stale");
    let first = s
        .reviewer
        .post_with(&s.city, &path, &body, &[key, ("if-match", "\"1\"")])
        .await;
    assert_eq!(first.ok()["rev"], 2);
    // The reply was lost; the same again is answered the same, although the revision has moved on.
    let again = s
        .reviewer
        .post_with(&s.city, &path, &body, &[key, ("if-match", "\"1\"")])
        .await;
    assert_eq!(again.bytes, first.bytes);
    s.refused(&s.reviewer, "review", body, 409, "not_from_here")
        .await;
    assert_eq!(s.events().await, ["submit", "accept"]);
}

#[tokio::test]
async fn a_step_without_the_right_gets_the_one_404() {
    let s = Story::assigned().await;
    let reader = s.city.person("reader").await;
    let inspector = s.city.person("lead").await;
    let stranger = s.city.person("shichang").await;
    for who in [&reader, &inspector, &stranger] {
        for (step, body) in [
            ("review", json!({"decision": "accept"})),
            ("sign", json!({})),
            ("recall", json!({})),
            ("recheck", json!({"result": "pass"})),
            ("feedback", json!({"measure": "x", "via": "unit"})),
        ] {
            let path = format!("/v1/problems/{}/{step}", s.problem);
            let headers = [("idempotency-key", "k"), ("if-match", "\"3\"")];
            who.post_with(&s.city, &path, &body, &headers)
                .await
                .refused(404, "not_found");
        }
    }
    for (step, body) in [
        ("review", json!({"decision": "accept"})),
        ("recheck", json!({"result": "pass"})),
        ("recall", json!({})),
    ] {
        s.refused(&s.unit, step, body, 404, "not_found").await;
    }
    assert_eq!(s.see().await["state"], "assigned");
}
