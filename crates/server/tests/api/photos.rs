//! `POST /v1/problems/{id}/photos`, `GET /v1/photos/{id}/{rendition}`

use crate::common::{City, Person, picture};
use axum::body::Body;
use http::Method;
use serde_json::json;
use zhicha_domain::hash::Digest;

struct Shown {
    city: City,
    problem: String,
    photo: String,
    original: Vec<u8>,
    reviewer: Person,
}

async fn filed() -> Shown {
    let city = City::new().await;
    let filed = city.phone("lead").await.file(&city, "店外经营").await;
    let reviewer = city.person("reviewer").await;
    Shown {
        problem: filed.problem,
        photo: filed.photo,
        original: filed.original,
        reviewer,
        city,
    }
}

async fn dispatched() -> Shown {
    let s = filed().await;
    s.reviewer
        .act(
            &s.city,
            &s.problem,
            "review",
            &json!({"decision": "accept"}),
        )
        .await
        .ok();
    let body = json!({"unit": s.city.id("chengguan-unit"), "problems": [s.problem], "deadline": "2026-03-06 16:00", "class": "L0"});
    s.reviewer.post(&s.city, "/v1/dispatches", &body).await.ok();
    s
}

async fn with(s: &Shown, headers: &[(&str, &str)]) -> crate::common::Reply {
    let mut ask = s
        .reviewer
        .ask(Method::GET, &format!("/v1/photos/{}/original", s.photo));
    for (name, value) in headers {
        ask = ask.header(*name, *value);
    }
    s.city.send(ask.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_reviewer_gets_the_cameras_bytes_and_an_etag_that_is_their_hash() {
    let s = filed().await;
    let reply = with(&s, &[]).await;
    assert_eq!(reply.bytes, s.original);
    assert_eq!(
        reply.header("etag"),
        format!("\"{}\"", Digest::of(&s.original))
    );
    assert_eq!(reply.header("content-type"), "image/jpeg");
    assert_eq!(reply.header("cache-control"), "private, no-cache");
    let tag = reply.header("etag");
    let known = with(&s, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
}

#[tokio::test]
async fn a_download_that_was_cut_goes_on_where_it_stopped() {
    let s = filed().await;
    let tag = format!("\"{}\"", Digest::of(&s.original));
    let rest = with(&s, &[("range", "bytes=1000-"), ("if-range", &tag)]).await;
    assert_eq!(rest.status.as_u16(), 206);
    assert_eq!(rest.bytes, s.original[1000..]);
    let total = s.original.len();
    assert_eq!(
        rest.header("content-range"),
        format!("bytes 1000-{}/{total}", total - 1)
    );
    // Another picture than the one it began with comes whole.
    let other = with(&s, &[("range", "bytes=1000-"), ("if-range", "\"other\"")]).await;
    assert_eq!((other.status.as_u16(), other.bytes.len()), (200, total));
    let beyond = with(&s, &[("range", "bytes=99999999-")]).await;
    assert_eq!(beyond.status.as_u16(), 416);
}

#[tokio::test]
async fn a_unit_gets_the_servers_own_picture_without_metadata_and_never_the_original() {
    let s = dispatched().await;
    for login in ["chengguan", "reader"] {
        let person = s.city.person(login).await;
        for rendition in ["preview", "thumbnail"] {
            let reply = person
                .get(&s.city, &format!("/v1/photos/{}/{rendition}", s.photo))
                .await;
            assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
            assert!(!reply.bytes.windows(4).any(|w| w == b"Exif"));
            let seen = zhicha_photo::inspect(&reply.bytes).unwrap();
            assert!(
                seen.renditions.is_ok() && seen.exif.gps.is_none() && seen.exif.taken_at.is_none()
            );
            assert!(
                !reply
                    .header("etag")
                    .contains(&Digest::of(&s.original).to_string())
            );
        }
        person
            .get(&s.city, &format!("/v1/photos/{}/original", s.photo))
            .await
            .refused(404, "not_found");
    }
}

#[tokio::test]
async fn before_dispatch_a_photo_is_not_there_for_a_unit() {
    let s = filed().await;
    for login in ["chengguan", "reader", "member", "admin"] {
        let person = s.city.person(login).await;
        for rendition in ["original", "preview", "thumbnail", "poster"] {
            person
                .get(&s.city, &format!("/v1/photos/{}/{rendition}", s.photo))
                .await
                .refused(404, "not_found");
        }
    }
    let lead = s.city.person("lead").await;
    assert_eq!(
        lead.get(&s.city, &format!("/v1/photos/{}/preview", s.photo))
            .await
            .status
            .as_u16(),
        200
    );
}

#[tokio::test]
async fn an_after_photo_is_kept_whole_and_shown_to_its_unit_as_a_rendition() {
    let s = dispatched().await;
    let unit = s.city.person("chengguan").await;
    let bytes = picture(77);
    let photo = unit
        .add_photo(&s.city, &s.problem, bytes.clone())
        .await
        .ok()["photo"]
        .clone();
    let path = format!("/v1/photos/{}", photo.as_str().unwrap());
    let original = s.reviewer.get(&s.city, &format!("{path}/original")).await;
    assert_eq!(original.bytes, bytes);
    let shown = unit.get(&s.city, &format!("{path}/preview")).await;
    assert_eq!(shown.status.as_u16(), 200);
    let seen = s
        .reviewer
        .get(&s.city, &format!("/v1/problems/{}", s.problem))
        .await
        .ok();
    let list = seen["photo_list"].as_array().unwrap();
    let after = list.iter().find(|p| p["photo"] == photo).unwrap();
    assert_eq!(
        (&after["side"], &after["origin"], &after["shot"]),
        (&json!("after"), &json!("web"), &json!("after"))
    );
}

#[tokio::test]
async fn what_is_no_picture_is_refused_with_words_and_stored_nowhere() {
    let s = dispatched().await;
    let unit = s.city.person("chengguan").await;
    unit.add_photo(&s.city, &s.problem, Vec::new())
        .await
        .refused(400, "empty");
    unit.add_photo(&s.city, &s.problem, b"MZ no picture".to_vec())
        .await
        .refused(400, "not_an_image");
    let cut = picture(3)[..3000].to_vec();
    unit.add_photo(&s.city, &s.problem, cut)
        .await
        .refused(400, "cut_off");
    let seen = s
        .reviewer
        .get(&s.city, &format!("/v1/problems/{}", s.problem))
        .await
        .ok();
    assert_eq!(seen["photo_list"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_stranger_adds_no_photo_and_a_case_that_is_not_open_takes_none() {
    let s = filed().await;
    s.reviewer
        .add_photo(&s.city, &s.problem, picture(1))
        .await
        .refused(409, "not_from_here");
    let s = dispatched().await;
    for login in ["shichang", "reader", "lead", "admin"] {
        s.city
            .person(login)
            .await
            .add_photo(&s.city, &s.problem, picture(1))
            .await
            .refused(404, "not_found");
    }
}
