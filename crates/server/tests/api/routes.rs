//! The document and the rule that no route goes untested.

use crate::common::{City, request};
use axum::body::Body;
use http::Method;
use std::{fs, path::Path};
use zhicha_server::api;

fn routes() -> Vec<String> {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let mut found = Vec::new();
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            found.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    found
}

#[test]
fn every_route_is_named_by_a_test_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api");
    let mut named = String::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|e| e == "rs") {
            for line in fs::read_to_string(path).unwrap().lines() {
                if line.starts_with("//!") {
                    named += line;
                    named.push('\n');
                }
            }
        }
    }
    let routes = routes();
    assert!(routes.len() > 40, "{}", routes.len());
    for route in routes {
        assert!(
            named.contains(&format!("`{route}`")),
            "no test file names {route}"
        );
    }
}

fn refs(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str().filter(|_| name == "$ref") {
                    Some(to) => found.push(to.to_owned()),
                    None => refs(value, found),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| refs(item, found)),
        _ => {}
    }
}

#[test]
fn everything_the_document_points_to_is_in_it() {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let mut found = Vec::new();
    refs(&document, &mut found);
    assert!(found.len() > 100);
    for to in found {
        let at = to.trim_start_matches('#');
        assert!(document.pointer(at).is_some(), "{to}");
    }
}

#[tokio::test]
async fn the_document_is_openapi_3_1_and_served() {
    let city = City::bare();
    let ask = request(Method::GET, "/openapi.json")
        .body(Body::empty())
        .unwrap();
    let document = city.send(ask).await.ok();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["components"]["securitySchemes"]["office"].is_object());
    assert!(document["components"]["securitySchemes"]["device"].is_object());
}

#[tokio::test]
async fn an_unknown_path_gets_the_one_404() {
    let city = City::bare();
    let ask = request(Method::GET, "/v1/nothing")
        .body(Body::empty())
        .unwrap();
    let reply = city.send(ask).await;
    reply.refused(404, "not_found");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
}
