//! `OPTIONS /v1/uploads`, `POST /v1/uploads`, `HEAD /v1/uploads/{id}`, `PATCH /v1/uploads/{id}`,
//! `DELETE /v1/uploads/{id}`

use crate::common::{City, Phone, Reply, request};
use axum::body::Body;
use data_encoding::BASE64;
use http::Method;
use sha2::Digest as _;
use zhicha_domain::{
    hash::Digest,
    ids::{PhotoId, uuid_v7},
    photo::Rendition,
};

fn photo() -> PhotoId {
    uuid_v7(1, rand::random()).into()
}

async fn ask(city: &City, phone: &Phone, method: Method, at: &str) -> Reply {
    let ask = phone.ask(method, at).header("tus-resumable", "1.0.0");
    city.send(ask.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_server_says_what_it_speaks() {
    let city = City::bare();
    let ask = request(Method::OPTIONS, "/v1/uploads")
        .body(Body::empty())
        .unwrap();
    let reply = city.send(ask).await;
    assert_eq!(reply.header("tus-version"), "1.0.0");
    assert_eq!(reply.header("tus-max-size"), (64 * 1024 * 1024).to_string());
    assert!(reply.header("tus-extension").contains("checksum"));
    assert_eq!(reply.header("tus-checksum-algorithm"), "sha1,sha256");
}

#[tokio::test]
async fn an_upload_goes_on_where_it_stopped_and_is_confirmed_by_its_hash() {
    let city = City::new().await;
    let phone = city.phone("lead").await;
    let bytes = b"0123456789";
    let sha = Digest::of(bytes);
    let made = phone
        .create_upload(&city, photo(), Rendition::Original, sha, 10)
        .await;
    let at = made.header("location");
    assert!(made.header("upload-expires").ends_with("GMT"));
    let first = phone.patch(&city, &at, 0, &bytes[..4]).await;
    assert_eq!(
        (first.status.as_u16(), first.header("upload-offset")),
        (204, "4".into())
    );
    assert_eq!(first.header("zhicha-complete"), "");
    let head = ask(&city, &phone, Method::HEAD, &at).await;
    assert_eq!(
        (head.header("upload-offset"), head.header("upload-length")),
        ("4".into(), "10".into())
    );
    phone
        .patch(&city, &at, 3, &bytes[3..])
        .await
        .refused(409, "wrong_offset");
    phone
        .patch(&city, &at, 4, b"0123456789")
        .await
        .refused(409, "wrong_offset");
    let last = phone.patch(&city, &at, 4, &bytes[4..]).await;
    assert_eq!(last.header("zhicha-complete"), sha.to_string());
    // The reply was lost: asking shows that it is done.
    let head = ask(&city, &phone, Method::HEAD, &at).await;
    assert_eq!(head.header("zhicha-complete"), sha.to_string());
}

#[tokio::test]
async fn bytes_that_are_not_what_was_named_are_gone_and_can_be_sent_again() {
    let city = City::new().await;
    let phone = city.phone("lead").await;
    let sha = Digest::of(b"right");
    let made = phone
        .create_upload(&city, photo(), Rendition::Original, sha, 5)
        .await;
    let at = made.header("location");
    phone
        .patch(&city, &at, 0, b"wrong")
        .await
        .refused(460, "hash_mismatch");
    assert_eq!(
        ask(&city, &phone, Method::HEAD, &at).await.status.as_u16(),
        404
    );
    let again = phone
        .create_upload(&city, photo(), Rendition::Original, sha, 5)
        .await;
    let done = phone
        .patch(&city, &again.header("location"), 0, b"right")
        .await;
    assert_eq!(done.header("zhicha-complete"), sha.to_string());
}

#[tokio::test]
async fn a_part_that_arrived_damaged_is_not_kept() {
    let city = City::new().await;
    let phone = city.phone("lead").await;
    let sha = Digest::of(b"right");
    let made = phone
        .create_upload(&city, photo(), Rendition::Original, sha, 5)
        .await;
    let at = made.header("location");
    let part = |checksum: String, body: &'static [u8]| {
        phone
            .ask(Method::PATCH, &at)
            .header("tus-resumable", "1.0.0")
            .header("content-type", "application/offset+octet-stream")
            .header("upload-offset", "0")
            .header("upload-checksum", checksum)
            .body(Body::from(body))
            .unwrap()
    };
    let sha256 = format!("sha256 {}", BASE64.encode(&sha2::Sha256::digest(b"right")));
    let sha1 = format!("sha1 {}", BASE64.encode(&sha1::Sha1::digest(b"right")));
    city.send(part(sha256.clone(), b"wrong"))
        .await
        .refused(460, "hash_mismatch");
    city.send(part(sha1.clone(), b"wrong"))
        .await
        .refused(460, "hash_mismatch");
    city.send(part("md5 AAAA".into(), b"right"))
        .await
        .refused(400, "checksum_algorithm");
    assert_eq!(
        ask(&city, &phone, Method::HEAD, &at)
            .await
            .header("upload-offset"),
        "0"
    );
    assert_eq!(city.send(part(sha1, b"right")).await.status.as_u16(), 204);
}

#[tokio::test]
async fn bytes_sent_before_need_not_be_sent_again_but_a_hash_alone_grants_nothing() {
    let city = City::new().await;
    let (lead, member) = (city.phone("lead").await, city.phone("member").await);
    let sha = Digest::of(b"bytes");
    let made = lead
        .create_upload(&city, photo(), Rendition::Original, sha, 5)
        .await;
    lead.patch(&city, &made.header("location"), 0, b"bytes")
        .await;
    let again = lead
        .create_upload(&city, photo(), Rendition::Preview, sha, 5)
        .await;
    assert_eq!(again.header("zhicha-complete"), sha.to_string());
    let other = member
        .create_upload(&city, photo(), Rendition::Original, sha, 5)
        .await;
    assert_eq!(other.header("zhicha-complete"), "");
}

#[tokio::test]
async fn too_long_empty_or_nameless_uploads_are_not_begun() {
    let city = City::new().await;
    let phone = city.phone("lead").await;
    let sha = Digest::of(b"x");
    let over = 64 * 1024 * 1024 + 1;
    phone
        .create_upload(&city, photo(), Rendition::Original, sha, over)
        .await
        .refused(413, "file_too_large");
    phone
        .create_upload(&city, photo(), Rendition::Original, sha, 0)
        .await
        .refused(400, "upload_metadata");
    let bare = phone
        .ask(Method::POST, "/v1/uploads")
        .header("upload-length", "5");
    city.send(bare.body(Body::empty()).unwrap())
        .await
        .refused(400, "upload_metadata");
}

#[tokio::test]
async fn an_upload_is_given_up_by_its_own_phone_alone() {
    let city = City::new().await;
    let (lead, member) = (city.phone("lead").await, city.phone("member").await);
    let made = lead
        .create_upload(&city, photo(), Rendition::Original, Digest::of(b"x"), 1)
        .await;
    let at = made.header("location");
    ask(&city, &member, Method::DELETE, &at)
        .await
        .refused(404, "not_found");
    member
        .patch(&city, &at, 0, b"x")
        .await
        .refused(404, "not_found");
    assert_eq!(
        ask(&city, &lead, Method::DELETE, &at).await.status.as_u16(),
        204
    );
    assert_eq!(
        ask(&city, &lead, Method::HEAD, &at).await.status.as_u16(),
        404
    );
}
