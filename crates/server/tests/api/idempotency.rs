//! A reply that got lost: the same write again.

use crate::common::City;
use serde_json::json;

#[tokio::test]
async fn the_same_write_again_gets_the_first_answer_and_is_done_once() {
    let city = City::new().await;
    let admin = city.person("admin").await;
    let body = json!({"name": "公安局"});
    let key = [("idempotency-key", "k1")];
    let first = admin.post_with(&city, "/v1/units", &body, &key).await;
    first.ok();
    let second = admin.post_with(&city, "/v1/units", &body, &key).await;
    assert_eq!((second.status, &second.bytes), (first.status, &first.bytes));
    let units = admin.get(&city, "/v1/units").await.ok();
    assert_eq!(units["units"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_person() {
    let city = City::new().await;
    let admin = city.person("admin").await;
    let key = [("idempotency-key", "k1")];
    admin
        .post_with(&city, "/v1/units", &json!({"name": "公安局"}), &key)
        .await
        .ok();
    admin
        .post_with(&city, "/v1/units", &json!({"name": "消防队"}), &key)
        .await
        .refused(409, "key_reused");
    // Somebody else's same key is another key.
    let reviewer = city.person("reviewer").await;
    let duty = json!({"date": "2026-03-05", "lead": city.id("lead"), "sites": [city.id("alley")]});
    reviewer
        .post_with(&city, "/v1/duties", &duty, &key)
        .await
        .ok();
}

#[tokio::test]
async fn a_refused_write_keeps_no_answer_so_that_it_can_be_put_right() {
    let city = City::new().await;
    let admin = city.person("admin").await;
    let key = [("idempotency-key", "k1")];
    admin
        .post_with(&city, "/v1/units", &json!({"name": ""}), &key)
        .await
        .refused(400, "name");
    admin
        .post_with(&city, "/v1/units", &json!({"name": "公安局"}), &key)
        .await
        .ok();
    admin
        .post_with(&city, "/v1/units", &json!({"name": "消防队"}), &[])
        .await
        .refused(400, "idempotency_key");
}
