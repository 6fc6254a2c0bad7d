//! What people can get must not tell them of a planned duty or of a problem not yet dispatched.
//!
//! The routes are those of the document, so a new one is asked too. Whoever is not in the plan gets
//! the same bytes before and after; whoever is drawn gets the date and not one word of the site.

use crate::common::{City, Person, Phone};
use axum::body::Body;
use http::Method;
use http_body_util::BodyExt as _;
use serde_json::json;
use std::{collections::BTreeMap, time::Duration};
use zhicha_server::api;

const SITE: &str = "三道街东段小巷";

/// Every GET of the document, with ids that exist where a path needs one.
fn paths(city: &City, problem: &str, photo: &str) -> Vec<String> {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        // The live word never ends; whether it is heard is asked below.
        if methods.get("get").is_none() || path == "/v1/live" {
            continue;
        }
        let id = match path.split('/').nth(2) {
            Some("problems") => problem.to_owned(),
            Some("photos") => photo.to_owned(),
            _ => city.id("alley"),
        };
        for rendition in ["original", "preview", "thumbnail"] {
            found.push(path.replace("{id}", &id).replace("{rendition}", rendition));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// All that a person gets, body and headers. An xlsx is a zip whose bytes carry the time; its rows
/// have their own test, so of it the status and the length of the sheet's text are compared.
async fn all(city: &City, person: &Person, paths: &[String]) -> BTreeMap<String, String> {
    let mut got = BTreeMap::new();
    for path in paths {
        let reply = person.get(city, path).await;
        let mut headers: Vec<String> = reply
            .headers
            .iter()
            .map(|(n, v)| format!("{n}: {v:?}"))
            .collect();
        headers.sort();
        let body = if path.ends_with(".xlsx") && reply.status.is_success() {
            sheets(&reply.bytes)
        } else {
            reply.text()
        };
        got.insert(path.clone(), format!("{} {headers:?} {body}", reply.status));
    }
    got
}

fn sheets(bytes: &[u8]) -> String {
    use std::io::Read as _;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    for n in 0..zip.len() {
        let mut file = zip.by_index(n).unwrap();
        if !file.name().unwrap().contains("docProps") && file.name().unwrap().ends_with(".xml") {
            file.read_to_string(&mut text).unwrap();
        }
    }
    text
}

#[tokio::test]
async fn nobody_outside_learns_of_a_planned_duty_or_of_a_problem_before_dispatch() {
    let city = City::new().await;
    let mut phone = city.phone("lead").await;
    // Ids to ask for are known to the attacker in advance; that must not help.
    let (problem, photo) = (city.id("market"), city.id("market"));
    let guessed = paths(&city, &problem, &photo);
    let logins = ["chengguan", "reader", "outsider", "admin"];
    let mut people = Vec::new();
    for login in logins {
        people.push(city.person(login).await);
    }
    let mut before = Vec::new();
    for person in &people {
        before.push(all(&city, person, &guessed).await);
    }
    let mut streams = Vec::new();
    for person in &people[..3] {
        let ask = person.ask(Method::GET, "/v1/live");
        let answer = city.open(ask.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status().as_u16(), 200);
        streams.push(answer.into_body());
    }
    let outsider = city.phone("outsider").await;
    let pulled = outsider.get(&city, "/v1/sync/pull").await.ok()["changes"].clone();

    city.duty().await;
    let filed = phone.file(&city, "店外经营").await;
    let reviewer = city.person("reviewer").await;
    reviewer
        .act(
            &city,
            &filed.problem,
            "review",
            &json!({"decision": "accept"}),
        )
        .await
        .ok();

    for (mut stream, login) in streams.into_iter().zip(logins) {
        // A sign of life, a comment, may come; a word must not.
        if let Ok(Some(Ok(frame))) =
            tokio::time::timeout(Duration::from_secs(5), stream.frame()).await
        {
            let said = frame.into_data().unwrap();
            assert!(said.starts_with(b":"), "{login} heard {said:?}");
        }
    }
    for ((person, login), before) in people.iter().zip(logins).zip(&before) {
        let after = all(&city, person, &guessed).await;
        for (path, was) in before {
            assert!(
                login == "admin" && path == "/v1/people" || after[path] == *was,
                "{login} {path}"
            );
        }
        // The real ids give what the guessed ones gave.
        for path in paths(&city, &filed.problem, &filed.photo) {
            let reply = person.get(&city, &path).await;
            if path.contains(&filed.problem) || path.contains(&filed.photo) {
                reply.refused(404, "not_found");
            }
        }
    }
    assert_eq!(
        outsider.get(&city, "/v1/sync/pull").await.ok()["changes"],
        pulled
    );
}

#[tokio::test]
async fn whoever_is_drawn_gets_the_date_and_not_one_word_of_the_site_before_departure() {
    let city = City::new().await;
    let (lead, member) = (city.phone("lead").await, city.phone("member").await);
    let duty = city.duty().await;
    let site = city.id("alley");
    let quiet = |phone: &Phone, text: String| {
        for secret in [SITE, site.as_str(), "BJXX", "道北街道", "117.43"] {
            assert!(
                !text.contains(secret),
                "{} was told {secret}: {text}",
                phone.label
            );
        }
    };
    for phone in [&lead, &member] {
        let pulled = phone.get(&city, "/v1/sync/pull").await;
        assert!(pulled.text().contains("2026-03-05"));
        quiet(phone, format!("{:?} {}", pulled.headers, pulled.text()));
        let hello = phone.get(&city, "/v1/hello").await;
        quiet(phone, hello.text());
        let have = phone
            .post(&city, "/v1/sync/have", &json!({"ops": [], "files": []}))
            .await;
        quiet(phone, have.text());
        let push = phone.push(&city, &[]).await;
        quiet(phone, push.text());
    }
    let early = member
        .post(&city, &format!("/v1/duties/{duty}/depart"), &json!({}))
        .await;
    quiet(&member, early.text());
    // The same people in a browser: the directory names every site of the city, none of it as
    // theirs, and it is byte for byte what it was.
    let before = city.person("lead").await.get(&city, "/v1/sites").await;
    lead.post(&city, &format!("/v1/duties/{duty}/depart"), &json!({}))
        .await
        .ok();
    let after = city.person("lead").await.get(&city, "/v1/sites").await;
    assert_eq!(before.bytes, after.bytes);
}
