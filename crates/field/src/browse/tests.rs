//! Lists and search over a vault of its own.

use super::*;
use crate::{
    capture::{Intake, NewPhoto},
    clock::Clock,
};
use zhicha_domain::{
    ids::ProblemId,
    photo::{Rendition, Shot},
    time::Stamp,
};
use zhicha_photo::sample::{SampleSpec, jpeg};

const PIN: &[u8] = b"428163";

/// A clock that moves a second with every look.
struct Ticking(std::cell::Cell<i64>);

impl Clock for Ticking {
    fn stamp(&self) -> Stamp {
        self.0.set(self.0.get() + 1000);
        Stamp {
            ms: self.0.get(),
            off_min: 480,
            boot: String::new(),
            elapsed_ms: 0,
            server_off_ms: None,
        }
    }
}

fn clock() -> Ticking {
    Ticking(std::cell::Cell::new(1_772_697_600_000))
}

/// A vault as after enrolment, without a server.
fn vault(folder: &std::path::Path) -> Vault {
    let vault = Vault::create(folder, PIN, &mut rand::rng()).unwrap();
    for key in ["account", "device", "log"] {
        let id = zhicha_domain::ids::uuid_v7(1, rand::random());
        vault.set_meta(key, &id.to_string()).unwrap();
    }
    vault.set_meta("device_label", "A7").unwrap();
    vault
}

fn add(vault: &mut Vault, clock: &Ticking, category: &str, place: &str, note: &str) -> ProblemId {
    let rng = &mut rand::rng();
    let draft = Draft {
        category: category.into(),
        place: place.into(),
        note: note.into(),
        ..Draft::default()
    };
    let problem = vault.begin_problem(&draft, clock, rng).unwrap();
    let bytes = jpeg(&SampleSpec {
        width_px: 320,
        height_px: 240,
        ..SampleSpec::default()
    });
    let photo = NewPhoto {
        bytes: &bytes,
        intake: Intake::import(),
        shot: Shot::Near,
        fix: None,
        keep_as_attachment: false,
    };
    vault.add_photo(problem, &photo, clock, rng).unwrap();
    problem
}

fn filed(vault: &mut Vault, clock: &Ticking, category: &str, place: &str, note: &str) {
    let problem = add(vault, clock, category, place, note);
    vault.hand_over(problem, clock, &mut rand::rng()).unwrap();
}

fn notes(vault: &Vault, words: &str) -> Vec<String> {
    let rows = vault.problem_page(words, false, None, 50).unwrap();
    rows.into_iter().map(|r| r.note).collect()
}

#[test]
fn words_of_one_and_two_characters_are_found_and_so_is_a_piece_of_a_number() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, clock) = (vault(dir.path()), clock());
    filed(&mut vault, &clock, "D05", "三道街中段", "两盏灯不亮");
    filed(&mut vault, &clock, "B01", "道北市场南门", "占道3米 100%");
    for (words, found) in [
        ("灯", 1),
        ("不亮", 1),
        ("道", 2),
        ("市场 占道", 1),
        ("市场 灯", 0),
        ("0305-02", 1),
        ("a7", 2),
        ("店外经营", 1),
        ("B01", 1),
        ("100%", 1),
        ("\"*", 2),
        ("段两", 0),
        ("", 2),
    ] {
        assert_eq!(notes(&vault, words).len(), found, "{words}");
    }
    assert_eq!(notes(&vault, "")[0], "占道3米 100%", "the latest first");
}

#[test]
fn pages_follow_each_other_without_a_gap_or_a_repeat() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, clock) = (vault(dir.path()), clock());
    for n in 0..7 {
        filed(&mut vault, &clock, "B01", "街", &format!("第{n}条"));
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = vault.problem_page("", false, after.as_ref(), 3).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(Turn {
            changed_ms: last.changed_ms,
            problem: last.problem.clone(),
        });
        seen.extend(page.into_iter().map(|r| r.note));
    }
    let expected: Vec<String> = (0..7).rev().map(|n| format!("第{n}条")).collect();
    assert_eq!(seen, expected);
}

#[test]
fn a_draft_is_offered_back_with_its_photos_and_is_no_row_of_the_list() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, clock) = (vault(dir.path()), clock());
    let problem = add(&mut vault, &clock, "B01", "道北市场", "没写完");
    drop(vault);
    let vault = Vault::open(dir.path(), PIN).unwrap();
    let drafts = vault.drafts().unwrap();
    assert_eq!((drafts.len(), drafts[0].problem), (1, problem));
    assert_eq!(drafts[0].draft.note, "没写完");
    let photo = drafts[0].photos[0].photo;
    let (bytes, mime) = vault.picture(photo, Rendition::Thumbnail).unwrap();
    assert_eq!(
        (&bytes[..2], mime.as_str()),
        (&[0xff, 0xd8][..], "image/jpeg")
    );
    assert!(notes(&vault, "").is_empty());
}

#[test]
fn what_waits_is_counted_until_the_server_has_confirmed_every_part_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, clock) = (vault(dir.path()), clock());
    assert_eq!(
        (
            vault.strip().unwrap().stored_ms,
            vault.strip().unwrap().waiting
        ),
        (None, 0)
    );
    filed(&mut vault, &clock, "D05", "三道街", "路灯不亮");
    filed(&mut vault, &clock, "B01", "道北市场", "占道");
    add(&mut vault, &clock, "B01", "道北市场", "没写完");
    let strip = vault.strip().unwrap();
    assert_eq!((strip.waiting, strip.drafts), (2, 1));
    assert!(strip.stored_ms.is_some_and(|ms| ms > 1_772_697_600_000));

    let waiting = |v: &Vault| v.problem_page("", true, None, 40).unwrap().len();
    let set = |v: &Vault, sql: &str| {
        v.db.execute(sql, []).unwrap();
    };
    set(&vault, "UPDATE ops SET stage = 'confirmed'");
    assert_eq!(waiting(&vault), 2, "the photos are not there yet");
    set(
        &vault,
        "UPDATE photo_files SET stage = 'confirmed' WHERE rendition <> 'original' AND stage <> 'local'",
    );
    let ledger = vault.ledger(&clock).unwrap();
    assert_eq!((ledger.records, ledger.records_synced), (2, 0));
    assert_eq!((ledger.photos, ledger.photos_confirmed), (2, 0));
    assert!(ledger.waiting.iter().all(|p| p.sync.only_originals_wait));
    let first = &ledger.waiting[0].problem;
    set(
        &vault,
        &format!(
            "UPDATE photo_files SET stage = 'confirmed' WHERE photo_id IN
             (SELECT photo_id FROM photos WHERE problem_id = '{first}')"
        ),
    );
    let ledger = vault.ledger(&clock).unwrap();
    assert_eq!((ledger.records_synced, ledger.photos_confirmed), (1, 1));
    assert_eq!((waiting(&vault), vault.strip().unwrap().waiting), (1, 1));
    set(
        &vault,
        "UPDATE photo_files SET stage = 'of a later version' WHERE stage = 'confirmed'",
    );
    assert_eq!(
        waiting(&vault),
        2,
        "a stage nobody knows is no confirmation"
    );
}

#[test]
fn a_problem_is_shown_with_its_site_and_every_file_of_its_photos() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, clock) = (vault(dir.path()), clock());
    let problem = add(&mut vault, &clock, "D05", "三道街", "路灯不亮");
    assert!(vault.problem_detail(problem).is_err(), "still a draft");
    assert_eq!(vault.draft_of(problem).unwrap().photos.len(), 1);
    vault.hand_over(problem, &clock, &mut rand::rng()).unwrap();
    assert!(vault.draft_of(problem).is_err(), "no draft any more");
    let detail = vault.problem_detail(problem).unwrap();
    assert_eq!(detail.row.temp_no, "临-A7-0305-01");
    assert_eq!(
        (detail.site.as_str(), detail.draft.place.as_str()),
        ("", "三道街")
    );
    let files: Vec<_> = detail.photos[0]
        .files
        .iter()
        .map(|f| f.rendition.as_str())
        .collect();
    assert_eq!(files, ["original", "preview", "thumbnail"]);
    assert_eq!(
        detail.photos[0].fact.original.sha256.to_string(),
        detail.photos[0].files[0].sha256
    );
}

#[test]
fn a_vault_of_the_first_schema_is_brought_up_with_everything_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, clock) = (vault(dir.path()), clock());
    filed(&mut vault, &clock, "D05", "三道街", "路灯不亮");
    add(&mut vault, &clock, "B01", "道北市场", "没写完");
    // As the first schema left it.
    vault
        .db
        .execute_batch(
            "DROP TABLE problem_words; DROP TABLE problem_numbers; DROP INDEX problems_latest;
             DELETE FROM migrations WHERE version > 1;",
        )
        .unwrap();
    let ops = |v: &Vault| -> Vec<String> {
        let mut find =
            v.db.prepare("SELECT head || sig FROM ops ORDER BY seq")
                .unwrap();
        let rows = find.query_map([], |r| r.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let before = ops(&vault);
    drop(vault);
    let vault = Vault::open(dir.path(), PIN).unwrap();
    assert_eq!(ops(&vault), before);
    assert_eq!(notes(&vault, "灯"), ["路灯不亮"]);
    assert_eq!(vault.drafts().unwrap()[0].draft.note, "没写完");
}
