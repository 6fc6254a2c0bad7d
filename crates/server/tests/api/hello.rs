//! `GET /v1/hello`, `GET /healthz`

use crate::common::{City, request};
use axum::body::Body;
use http::Method;

#[tokio::test]
async fn anybody_learns_the_time_the_limits_and_nothing_of_the_city() {
    let city = City::new().await;
    let ask = request(Method::GET, "/v1/hello")
        .body(Body::empty())
        .unwrap();
    let reply = city.send(ask).await;
    let hello = reply.ok();
    assert_eq!(hello["now_ms"], city.now());
    assert_eq!(hello["limits"]["op_bytes"], 65536);
    assert_eq!(hello["epoch"], city.app.city.epoch.as_str());
    assert!(!reply.text().contains("满洲里"));
}

#[tokio::test]
async fn a_watchdog_learns_that_the_service_lives() {
    let city = City::bare();
    let ask = request(Method::GET, "/healthz")
        .body(Body::empty())
        .unwrap();
    assert_eq!(city.send(ask).await.status.as_u16(), 200);
}
