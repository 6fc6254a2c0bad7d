//! The visited never learn first: what a phone holds and hears before 出发.
//!
//! Everything the server says is searched, and every value of the vault's tables, decrypted. The same
//! search finds the site after departure, so that it cannot pass by looking in the wrong place.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: a panic is how they fail"
)]

use zhicha_domain::{
    ids::{AccountId, uuid_v7},
    time::Day,
};
use zhicha_field::sync::{self, SyncOptions};
use zhicha_server::{
    office::{Fault, directory, duty},
    store::Tx,
};
use zhicha_tests::wire::{NOW, Served, clock};

/// Words of the site that nobody may know: name, area, address, type, an item of its checklist, a
/// digit of its place.
const SECRETS: [&str; 6] = [
    "三道街东段小巷",
    "道北街道",
    "海关路",
    "BJXX",
    "垃圾收集设施",
    "117.4302",
];

fn new_id() -> uuid::Uuid {
    uuid_v7(NOW, rand::random())
}

/// An area, a site in it, a duty of today there.
fn plan(served: &Served, lead: AccountId, member: AccountId) -> zhicha_domain::ids::DutyId {
    let keys = std::sync::Arc::clone(&served.app.city);
    served
        .write(move |tx: &Tx<'_>| {
            let area = serde_json::json!({"name": "道北街道", "level": "subdistrict"});
            let area =
                directory::add_area(tx, serde_json::from_value(area).unwrap(), new_id().into())?;
            let site = serde_json::json!({
                "area": area.area, "name": "三道街东段小巷", "site_type": "BJXX",
                "address": "三道街与海关路交叉口向东", "lat": 49.5979, "lon": 117.4302,
            });
            let site =
                directory::add_site(tx, serde_json::from_value(site).unwrap(), new_id().into())?;
            let new = duty::NewDuty {
                date: Day::try_from("2026-03-05".to_owned()).unwrap(),
                lead,
                members: vec![member],
                sites: vec![site.site],
            };
            duty::plan(tx, &keys, lead, new, &mut new_id, NOW)
        })
        .unwrap_or_else(|e: Fault| panic!("{e}"))
}

fn found(texts: &[String]) -> Vec<&'static str> {
    SECRETS
        .into_iter()
        .filter(|secret| texts.iter().any(|text| text.contains(secret)))
        .collect()
}

#[test]
fn before_departure_neither_vault_nor_wire_holds_a_word_of_the_site() {
    let dir = tempfile::tempdir().unwrap();
    let served = Served::fresh(dir.path()).unwrap();
    let mut lead = served.phone(&dir.path().join("lead"), "lead").unwrap();
    let mut member = served.phone(&dir.path().join("member"), "member").unwrap();
    let accounts = [&lead, &member].map(|v| v.enrolled().unwrap().account);
    let duty = plan(&served, accounts[0], accounts[1]);

    let mut wire = served.wire();
    for vault in [&mut lead, &mut member] {
        sync::pull_once(vault, &mut wire, &clock()).unwrap();
        sync::sync_once(vault, &mut wire, &clock(), &SyncOptions::default()).unwrap();
        assert_eq!(vault.tasks().unwrap().duties.len(), 1);
        assert_eq!(found(&vault.every_value().unwrap()), [""; 0]);
    }
    // A member who tries to set out learns nothing by it.
    sync::depart(&mut member, duty, &mut wire, &clock()).unwrap_err();
    assert!(wire.heard.len() > 8, "{}", wire.heard.len());
    assert_eq!(found(&wire.heard), [""; 0]);

    sync::depart(&mut lead, duty, &mut wire, &clock()).unwrap();
    sync::pull_once(&mut member, &mut wire, &clock()).unwrap();
    for vault in [&lead, &member] {
        assert_eq!(found(&vault.every_value().unwrap()), SECRETS);
    }
    assert_eq!(found(&wire.heard), SECRETS);
}
