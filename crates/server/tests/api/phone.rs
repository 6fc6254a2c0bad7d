//! `POST /v1/enrol`, `POST /v1/session/challenge`, `POST /v1/session`, `POST /v1/sync/push`,
//! `GET /v1/sync/pull`

use crate::common::{City, Phone, post};
use data_encoding::BASE64;
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use zhicha_domain::{
    ids::uuid_v7,
    ops::{OpBody, SignedLogHead, body::ProblemWithdrawn},
    wire::PublicKey,
};

async fn code(city: &City) -> Value {
    let admin = city.person("admin").await;
    let path = format!("/v1/people/{}/enrol-codes", city.id("lead"));
    admin.post(city, &path, &json!({})).await.ok()["code"].clone()
}

fn enrolment(code: &Value, key: &SigningKey) -> Value {
    json!({"code": code, "device_name": "手机", "public_key": PublicKey::from(&key.verifying_key())})
}

#[tokio::test]
async fn a_lost_answer_to_enrolment_is_given_again_to_the_same_key_alone() {
    let city = City::new().await;
    let code = code(&city).await;
    let (mine, other) = (
        SigningKey::from_bytes(&[1; 32]),
        SigningKey::from_bytes(&[2; 32]),
    );
    let first = post(&city, "/v1/enrol", &enrolment(&code, &mine))
        .await
        .ok();
    let again = post(&city, "/v1/enrol", &enrolment(&code, &mine))
        .await
        .ok();
    assert_eq!(first["device"], again["device"]);
    assert_eq!(first["account_name"], "巡查员王");
    post(&city, "/v1/enrol", &enrolment(&code, &other))
        .await
        .refused(400, "bad_code");
}

#[tokio::test]
async fn a_wrong_used_or_old_code_gets_one_answer_and_guessing_ends() {
    let city = City::new().await;
    let key = SigningKey::from_bytes(&[1; 32]);
    let old = code(&city).await;
    city.pass(25 * 3_600_000);
    let wrong = post(&city, "/v1/enrol", &enrolment(&json!("2222-2222"), &key)).await;
    let late = post(&city, "/v1/enrol", &enrolment(&old, &key)).await;
    wrong.refused(400, "bad_code");
    assert_eq!(wrong.bytes, late.bytes);
    for _ in 0..3 {
        post(&city, "/v1/enrol", &enrolment(&json!("绑定"), &key))
            .await
            .refused(400, "bad_code");
    }
    post(&city, "/v1/enrol", &enrolment(&json!("2222-2222"), &key))
        .await
        .refused(429, "too_many");
}

#[tokio::test]
async fn a_session_needs_the_key_and_a_fresh_nonce_and_lasts_an_hour() {
    let city = City::new().await;
    let mut phone = city.phone("lead").await;
    let right = std::mem::replace(&mut phone.key, SigningKey::from_bytes(&[3; 32]));
    phone.try_sign_in(&city).await.refused(401, "unauthorized");
    phone.key = right;
    let ask = json!({"device": phone.device});
    let nonce = post(&city, "/v1/session/challenge", &ask).await.ok()["nonce"].clone();
    city.pass(61_000);
    let body =
        json!({"device": phone.device, "nonce": nonce, "signature": BASE64.encode(&[0; 64])});
    post(&city, "/v1/session", &body)
        .await
        .refused(401, "unauthorized");
    phone.sign_in(&city).await;
    phone.get(&city, "/v1/sync/pull").await.ok();
    city.pass(3_600_001);
    phone
        .get(&city, "/v1/sync/pull")
        .await
        .refused(401, "unauthorized");
}

#[tokio::test]
async fn a_phone_that_nobody_knows_also_gets_a_nonce_and_no_session() {
    let city = City::new().await;
    let ask = json!({"device": city.id("alley")});
    let nonce = post(&city, "/v1/session/challenge", &ask).await.ok()["nonce"].clone();
    let body =
        json!({"device": city.id("alley"), "nonce": nonce, "signature": BASE64.encode(&[0; 64])});
    post(&city, "/v1/session", &body)
        .await
        .refused(401, "unauthorized");
}

fn withdrawal(city: &City, phone: &mut Phone) -> zhicha_domain::ops::SignedOp {
    let body = ProblemWithdrawn {
        problem: uuid_v7(city.now(), rand::random()).into(),
        reason: "看错了".into(),
    };
    phone.cut(city, &OpBody::ProblemWithdrawn(body))
}

#[tokio::test]
async fn a_push_again_gets_the_first_receipts_and_a_signed_head() {
    let city = City::new().await;
    let mut phone = city.phone("lead").await;
    let ops = [withdrawal(&city, &mut phone), withdrawal(&city, &mut phone)];
    let first = phone.push(&city, &ops).await.ok();
    city.pass(5000);
    let again = phone.push(&city, &ops).await.ok();
    assert_eq!(first["results"], again["results"]);
    assert_eq!(first["results"][0]["hash"], ops[0].hash().to_string());
    let head: SignedLogHead = serde_json::from_value(again["heads"][0].clone()).unwrap();
    let stated = head.verify(&city.app.city.sign.verifying_key()).unwrap();
    assert_eq!((stated.seq, stated.hash), (2, ops[1].hash()));
}

#[tokio::test]
async fn an_op_that_was_altered_is_refused_and_its_neighbour_passes() {
    let city = City::new().await;
    let mut phone = city.phone("lead").await;
    let (mut bad, good) = (withdrawal(&city, &mut phone), withdrawal(&city, &mut phone));
    bad.body = bad.body.map(|b| b.replace("看错了", "没看错"));
    let answer = phone.push(&city, &[bad, good]).await.ok();
    assert_eq!(answer["results"][0]["status"], "refused");
    assert_eq!(answer["results"][0]["code"], "body_hash");
    assert_eq!(answer["results"][1]["status"], "received");
}

#[tokio::test]
async fn push_takes_zstd_and_refuses_a_batch_over_the_limit() {
    let city = City::new().await;
    let mut phone = city.phone("lead").await;
    let op = withdrawal(&city, &mut phone);
    let body = json!({"ops": [op]}).to_string();
    let packed = zstd::encode_all(body.as_bytes(), 3).unwrap();
    let ask = phone
        .ask(http::Method::POST, "/v1/sync/push")
        .header("content-type", "application/json")
        .header("content-encoding", "zstd")
        .body(axum::body::Body::from(packed))
        .unwrap();
    assert_eq!(
        city.send(ask).await.ok()["results"][0]["status"],
        "received"
    );
    let many: Vec<_> = std::iter::repeat_n(op, 501).collect();
    let over = phone.push(&city, &many).await;
    assert_eq!(over.status.as_u16(), 413, "{}", over.text());
}

#[tokio::test]
async fn a_pull_goes_on_from_its_cursor_and_an_altered_cursor_starts_over() {
    let city = City::new().await;
    let mut phone = city.phone("lead").await;
    phone.file(&city, "甲").await;
    let page = phone.get(&city, "/v1/sync/pull?limit=1").await.ok();
    assert_eq!(
        (page["changes"].as_array().unwrap().len(), &page["more"]),
        (1, &json!(true))
    );
    let next = page["next"].as_str().unwrap();
    let rest = phone
        .get(&city, &format!("/v1/sync/pull?after={next}"))
        .await
        .ok();
    assert_eq!(rest["more"], false);
    let all = phone.pull(&city).await;
    assert_eq!(rest["changes"].as_array().unwrap()[..], all[1..]);
    // Somebody else's cursor is none.
    let other = city.phone("member").await;
    other
        .get(&city, &format!("/v1/sync/pull?after={next}"))
        .await
        .refused(409, "epoch_changed");
    phone
        .get(&city, "/v1/sync/pull?after=zzzz")
        .await
        .refused(409, "epoch_changed");
}

#[tokio::test]
async fn the_phones_routes_are_closed_without_a_session_and_to_a_cookie() {
    let city = City::new().await;
    let person = city.person("lead").await;
    person
        .get(&city, "/v1/sync/pull")
        .await
        .refused(401, "unauthorized");
    person
        .post(&city, "/v1/sync/push", &json!({"ops": []}))
        .await
        .refused(401, "unauthorized");
}
