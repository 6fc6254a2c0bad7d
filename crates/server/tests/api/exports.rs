//! `GET /v1/exports/list.xlsx`, `GET /v1/exports/ledger.xlsx`

use crate::common::{City, Person, picture};
use serde_json::json;
use std::io::Read as _;

/// All XML of a workbook in one text, and how many pictures it holds.
fn open(bytes: &[u8]) -> (String, usize) {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let (mut text, mut pictures) = (String::new(), 0);
    for n in 0..zip.len() {
        let mut file = zip.by_index(n).unwrap();
        if file.name().unwrap().starts_with("xl/media/") {
            pictures += 1;
        } else {
            file.read_to_string(&mut text).unwrap();
        }
    }
    (text, pictures)
}

async fn city() -> (City, Person, String) {
    let city = City::new().await;
    let reviewer = city.person("reviewer").await;
    let mut phone = city.phone("lead").await;
    let one = phone.file(&city, "店外经营占道").await.problem;
    phone.file(&city, "还没交办的").await;
    reviewer
        .act(&city, &one, "review", &json!({"decision": "accept"}))
        .await
        .ok();
    let body = json!({"unit": city.id("chengguan-unit"), "problems": [one], "deadline": "2026-03-06 16:00", "class": "L0", "requirement": "立行立改"});
    let made = reviewer.post(&city, "/v1/dispatches", &body).await.ok();
    let photo = reviewer.add_photo(&city, &one, picture(5)).await.ok()["photo"].clone();
    let done = json!({"measure": "已清理", "photos": [photo], "via": "phone"});
    reviewer.act(&city, &one, "feedback", &done).await.ok();
    let dispatch = made["dispatch"].as_str().unwrap().to_owned();
    (city, reviewer, dispatch)
}

#[tokio::test]
async fn the_list_of_a_notice_holds_its_problems_with_pictures_and_no_inspector() {
    let (city, reviewer, dispatch) = city().await;
    let reply = reviewer
        .get(&city, &format!("/v1/exports/list.xlsx?dispatch={dispatch}"))
        .await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
    assert!(
        reply
            .header("content-disposition")
            .contains("filename*=UTF-8''%E6%BB%A1")
    );
    let (text, pictures) = open(&reply.bytes);
    for words in [
        "2026-1-01",
        "店外经营占道",
        "城市管理局",
        "立行立改",
        "2026年第1期",
        "审核员李",
    ] {
        assert!(text.contains(words), "{words}");
    }
    assert!(!text.contains("巡查员王") && !text.contains("还没交办的") && !text.contains("临-"));
    assert_eq!(pictures, 1);
}

#[tokio::test]
async fn the_ledger_shows_before_and_after_and_for_a_reader_no_names() {
    let (city, reviewer, _) = city().await;
    let (text, pictures) = open(&reviewer.get(&city, "/v1/exports/ledger.xlsx").await.bytes);
    assert!(text.contains("巡查员王") && text.contains("还没交办的") && text.contains("已清理"));
    assert_eq!(pictures, 3);
    let reader = city.person("reader").await;
    let (text, pictures) = open(&reader.get(&city, "/v1/exports/ledger.xlsx").await.bytes);
    assert!(!text.contains("巡查员王") && !text.contains("还没交办的") && text.contains("已清理"));
    assert_eq!(pictures, 2);
}

#[tokio::test]
async fn units_inspectors_and_the_administrator_export_nothing() {
    let (city, ..) = city().await;
    for login in ["chengguan", "lead", "admin"] {
        for path in ["/v1/exports/list.xlsx", "/v1/exports/ledger.xlsx"] {
            city.person(login)
                .await
                .get(&city, path)
                .await
                .refused(404, "not_found");
        }
    }
}
