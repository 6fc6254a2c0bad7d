//! `POST /v1/sync/have`

use crate::common::City;
use serde_json::json;
use zhicha_domain::hash::Digest;

#[tokio::test]
async fn the_server_says_what_it_holds_of_this_account_and_of_no_other() {
    let city = City::new().await;
    let mut phone = city.phone("lead").await;
    let filed = phone.file(&city, "甲").await;
    let (held, unknown) = (Digest::of(&filed.original), Digest::of(b"never sent"));
    let ask = json!({"ops": [filed.problem], "files": [held, unknown]});
    let answer = phone.post(&city, "/v1/sync/have", &ask).await.ok();
    assert_eq!(
        (&answer["ops"], &answer["files"]),
        (&json!([]), &json!([held]))
    );
    // Without a backup nothing may be freed.
    assert!(answer["backed_up"].is_null());
    let other = city.phone("member").await;
    let answer = other.post(&city, "/v1/sync/have", &ask).await.ok();
    assert_eq!(answer["files"], json!([]));
}
