//! `GET /v1/catalog`

use crate::common::City;

#[tokio::test]
async fn the_words_of_every_form_come_from_one_place() {
    let city = City::new().await;
    let catalog = city
        .person("chengguan")
        .await
        .get(&city, "/v1/catalog")
        .await
        .ok();
    assert_eq!(catalog["categories"].as_array().unwrap().len(), 94);
    assert_eq!(catalog["site_types"].as_array().unwrap().len(), 47);
    assert_eq!(catalog["deadline_classes"][0]["zh"], "立行立改");
    assert_eq!(catalog["reasons"][7], "other");
}
