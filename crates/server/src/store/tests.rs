use super::*;

fn opened(dir: &tempfile::TempDir) -> Result<Connection, StoreError> {
    open(&dir.path().join("zhicha.db"), 1)
}

#[test]
fn the_bundled_sqlite_has_no_wal_reset_fault() {
    // Before 3.51.3 a checkpoint racing a reset of the write-ahead log could corrupt the file.
    assert!(rusqlite::version_number() >= 3_051_003);
}

#[test]
fn a_folder_opens_again_and_writes_are_full_sync() {
    let dir = tempfile::tempdir().unwrap();
    drop(opened(&dir).unwrap());
    let db = opened(&dir).unwrap();
    let mode: String = db
        .pragma_query_value(None, "journal_mode", |r| r.get(0))
        .unwrap();
    let sync: i64 = db
        .pragma_query_value(None, "synchronous", |r| r.get(0))
        .unwrap();
    assert_eq!((mode.as_str(), sync), ("wal", 2));
}

#[test]
fn every_table_is_strict() {
    let dir = tempfile::tempdir().unwrap();
    let db = opened(&dir).unwrap();
    let loose: i64 = db
        .query_row(
            "SELECT count(*) FROM pragma_table_list
             WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(loose, 0);
}

#[test]
fn a_newer_folder_is_refused_untouched() {
    let dir = tempfile::tempdir().unwrap();
    let db = opened(&dir).unwrap();
    db.execute(
        "INSERT INTO migrations (version, checksum, applied_ms) VALUES (99, 'x', 0)",
        [],
    )
    .unwrap();
    drop(db);
    let Err(e) = opened(&dir) else {
        panic!("opened")
    };
    assert!(
        matches!(e, StoreError::NewerSchema { found: 99, .. }),
        "{e}"
    );
    assert!(e.to_string().contains("更新的版本"));
}

#[test]
fn an_altered_migration_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let db = opened(&dir).unwrap();
    db.execute(
        "UPDATE migrations SET checksum = 'other' WHERE version = 1",
        [],
    )
    .unwrap();
    drop(db);
    assert!(matches!(
        opened(&dir),
        Err(StoreError::AlteredMigration { version: 1 })
    ));
}

#[test]
fn a_pull_never_skips_and_tells_nothing_of_other_audiences() {
    use zhicha_domain::wire::{ChangeBody, Tombstone};
    let dir = tempfile::tempdir().unwrap();
    let db = opened(&dir).unwrap();
    let recovery = zhicha_domain::seal::envelope::SealPrivate::generate(&mut rand::rng());
    let keys = crate::city::CityKeys::generate("满洲里市", &recovery, 1, &mut rand::rng()).unwrap();
    city_log::ensure_city(&db, &keys, 1).unwrap();
    let tx = Tx {
        db: &db,
        city: keys.city,
    };
    let body = |n: i64| {
        ChangeBody::Gone(Tombstone {
            of: "problem".into(),
            id: n.to_string(),
        })
    };
    for n in 1..=10 {
        let audience = if n % 2 == 0 { "account:a" } else { "account:b" };
        assert_eq!(tx.publish(audience, &body(n), n).unwrap(), n);
    }
    let mut after = 0;
    let mut got = Vec::new();
    loop {
        let page = changes::pull(&db, keys.city, "account:a", after, 2).unwrap();
        got.extend(page.changes.into_iter().map(|c| c.at_ms));
        assert_eq!(
            changes::hash_at(&db, keys.city, page.mark.seq).unwrap(),
            Some(page.mark.hash)
        );
        after = page.mark.seq;
        if !page.more {
            break;
        }
    }
    assert_eq!(got, [2, 4, 6, 8, 10]);
    assert_eq!(after, 10);
    assert_eq!(changes::hash_at(&db, keys.city, 11).unwrap(), None);
}

#[test]
fn the_citys_log_is_a_chain_signed_by_the_server() {
    use zhicha_domain::{
        ids::uuid_v7,
        ops::{OpBody, Tip, check_run, office::DutyDeparted},
    };
    let dir = tempfile::tempdir().unwrap();
    let db = opened(&dir).unwrap();
    let recovery = zhicha_domain::seal::envelope::SealPrivate::generate(&mut rand::rng());
    let keys = crate::city::CityKeys::generate("满洲里市", &recovery, 1, &mut rand::rng()).unwrap();
    city_log::ensure_city(&db, &keys, 1).unwrap();
    let tx = Tx {
        db: &db,
        city: keys.city,
    };
    let ops: Vec<_> = (1..=3u8)
        .map(|n| {
            let id = uuid_v7(i64::from(n), [n; 10]);
            let body = OpBody::DutyDeparted(DutyDeparted { duty: id.into() });
            tx.append_city_op(&keys, id.into(), id.into(), &body, 1)
                .unwrap()
        })
        .collect();
    let tip = check_run(Tip::empty(keys.log), &ops, &keys.sign.verifying_key()).unwrap();
    assert_eq!(tip.seq, 3);
}
