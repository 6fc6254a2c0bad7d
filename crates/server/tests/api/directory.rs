//! `GET /v1/areas`, `POST /v1/areas`, `GET /v1/units`, `POST /v1/units`, `GET /v1/sites`,
//! `POST /v1/sites`

use crate::common::City;
use serde_json::json;

#[tokio::test]
async fn what_the_administrator_puts_in_others_read_by_name() {
    let city = City::new().await;
    for login in ["admin", "reviewer", "reader", "lead"] {
        let person = city.person(login).await;
        let sites = person.get(&city, "/v1/sites").await.ok();
        assert_eq!(sites["sites"].as_array().unwrap().len(), 2, "{login}");
        let units = person.get(&city, "/v1/units").await.ok();
        assert_eq!(units["units"].as_array().unwrap().len(), 2);
        let areas = person.get(&city, "/v1/areas").await.ok();
        assert_eq!(areas["areas"][0]["name"], "道北街道");
    }
}

#[tokio::test]
async fn a_unit_reads_no_directory_and_only_the_administrator_writes_it() {
    let city = City::new().await;
    let unit = city.person("chengguan").await;
    for path in ["/v1/areas", "/v1/units", "/v1/sites"] {
        unit.get(&city, path).await.refused(404, "not_found");
    }
    for login in ["reviewer", "reader", "lead", "chengguan"] {
        let person = city.person(login).await;
        for path in ["/v1/areas", "/v1/units"] {
            let body = json!({"name": "x", "level": "grid"});
            person
                .post(&city, path, &body)
                .await
                .refused(404, "not_found");
        }
        let area = json!({"area": "019cbd27-5f00-7101-8101-010101010101", "name": "x", "site_type": "BJXX"});
        person
            .post(&city, "/v1/sites", &area)
            .await
            .refused(404, "not_found");
    }
}

#[tokio::test]
async fn bad_input_says_what_is_wrong_and_adds_nothing() {
    let city = City::new().await;
    let admin = city.person("admin").await;
    let areas = admin.get(&city, "/v1/areas").await.ok();
    let area = &areas["areas"][0]["area"];
    for (path, body, code) in [
        ("/v1/areas", json!({"name": " ", "level": "grid"}), "name"),
        (
            "/v1/areas",
            json!({"name": "x", "level": "planet"}),
            "level",
        ),
        (
            "/v1/areas",
            json!({"name": "x", "level": "grid", "parent": city.id("alley")}),
            "area",
        ),
        ("/v1/areas", json!({"level": "grid"}), "bad_json"),
        ("/v1/units", json!({"name": "字".repeat(61)}), "name"),
        (
            "/v1/sites",
            json!({"area": area, "name": "x", "site_type": "NONE"}),
            "site_type",
        ),
        (
            "/v1/sites",
            json!({"area": area, "name": "x", "site_type": "BJXX", "lat": 91.0, "lon": 0.0}),
            "coordinates",
        ),
        (
            "/v1/sites",
            json!({"area": area, "name": "x", "site_type": "BJXX", "lat": 9.0}),
            "coordinates",
        ),
        (
            "/v1/sites",
            json!({"area": city.id("lead"), "name": "x", "site_type": "BJXX"}),
            "area",
        ),
    ] {
        admin.post(&city, path, &body).await.refused(400, code);
    }
    let taken = json!({"name": "城市管理局"});
    admin
        .post(&city, "/v1/units", &taken)
        .await
        .refused(409, "name_taken");
    assert_eq!(admin.get(&city, "/v1/areas").await.ok(), areas);
}
