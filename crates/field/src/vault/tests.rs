//! The vault from outside: what its folder shows, and who it opens for.

use super::*;
use crate::{
    capture::{Intake, NewPhoto},
    clock::SystemClock,
    problem::Draft,
};
use zhicha_domain::{
    photo::Shot,
    seal::envelope::{self, SealPrivate},
};
use zhicha_photo::sample::{SampleSpec, jpeg};

const PIN: &[u8] = b"428163";
const NOTE: &str = "占用人行道约3米";

fn with_draft(folder: &Path) -> Vault {
    let mut rng = rand::rng();
    let mut vault = Vault::create(folder, PIN, &mut rng).unwrap();
    let draft = Draft {
        note: NOTE.into(),
        ..Draft::default()
    };
    let problem = vault.begin_problem(&draft, &SystemClock, &mut rng).unwrap();
    let bytes = jpeg(&SampleSpec {
        width_px: 640,
        height_px: 480,
        ..SampleSpec::default()
    });
    let photo = NewPhoto {
        bytes: &bytes,
        intake: Intake::import(),
        shot: Shot::Near,
        fix: None,
        keep_as_attachment: false,
    };
    vault
        .add_photo(problem, &photo, &SystemClock, &mut rng)
        .unwrap();
    vault
}

fn every_byte(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for sub in [folder.to_owned(), folder.join("photos")] {
        for (_, path) in files::names(&sub).unwrap() {
            if path.is_file() {
                all.extend(fs::read(path).unwrap());
            }
        }
    }
    all
}

#[test]
fn the_folder_shows_neither_a_database_nor_a_picture_nor_a_word() {
    let dir = tempfile::tempdir().unwrap();
    let vault = with_draft(dir.path());
    let bytes = every_byte(dir.path());
    for secret in [b"SQLite format 3".as_slice(), b"Exif", NOTE.as_bytes()] {
        assert!(!bytes.windows(secret.len()).any(|w| w == secret));
    }
    for (name, path) in files::names(&dir.path().join("photos")).unwrap() {
        assert_eq!(&fs::read(path).unwrap()[..4], b"ZSF1", "{name}");
    }
    drop(vault);
}

#[test]
fn a_draft_with_its_photo_is_there_again_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    drop(with_draft(dir.path()));
    let vault = Vault::open(dir.path(), PIN).unwrap();
    let found: (String, i64) = vault
        .db
        .query_row(
            "SELECT draft, (SELECT count(*) FROM photo_files) FROM problems",
            [],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
        .unwrap();
    assert!(found.0.contains(NOTE));
    assert_eq!(found.1, 3);
}

#[test]
fn a_wrong_pin_and_a_vault_open_elsewhere_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let vault = with_draft(dir.path());
    assert!(matches!(
        Vault::open(dir.path(), PIN),
        Err(FieldError::InUse(_))
    ));
    drop(vault);
    assert!(matches!(
        Vault::open(dir.path(), b"000000"),
        Err(FieldError::WrongPin)
    ));
    assert!(Vault::open(dir.path(), PIN).is_ok());
}

#[test]
fn a_vault_of_a_newer_version_is_named_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let vault = with_draft(dir.path());
    vault
        .db
        .execute(
            "INSERT INTO migrations (version, checksum) VALUES (99, 'x')",
            [],
        )
        .unwrap();
    drop(vault);
    let photos = files::names(&dir.path().join("photos")).unwrap().len();
    let Err(e) = Vault::open(dir.path(), PIN) else {
        panic!("opened")
    };
    assert!(matches!(e, FieldError::Newer { found: 99, .. }), "{e:?}");
    assert!(e.to_string().contains("请更新程序"));
    assert_eq!(
        files::names(&dir.path().join("photos")).unwrap().len(),
        photos
    );

    let other = tempfile::tempdir().unwrap();
    drop(with_draft(other.path()));
    let keys = other.path().join("keys.json");
    let text = fs::read_to_string(&keys).unwrap();
    let mut stored: serde_json::Value = serde_json::from_str(&text).unwrap();
    stored["v"] = 7.into();
    fs::write(&keys, stored.to_string()).unwrap();
    let Err(e) = Vault::open(other.path(), PIN) else {
        panic!("opened")
    };
    assert!(matches!(e, FieldError::Newer { found: 7, .. }), "{e:?}");
}

#[test]
fn files_without_a_row_are_swept_and_those_with_one_stay() {
    let dir = tempfile::tempdir().unwrap();
    drop(with_draft(dir.path()));
    let photos = dir.path().join("photos");
    fs::write(photos.join("orphan"), b"x").unwrap();
    fs::write(photos.join("half.tmp"), b"x").unwrap();
    drop(Vault::open(dir.path(), PIN).unwrap());
    assert_eq!(files::names(&photos).unwrap().len(), 3);
}

#[test]
fn the_citys_recovery_key_opens_the_wrap_and_no_other_key_does() {
    let dir = tempfile::tempdir().unwrap();
    let vault = with_draft(dir.path());
    let mut rng = rand::rng();
    let city = SealPrivate::generate(&mut rng);
    vault
        .add_recovery(&city.public().unwrap(), &mut rng)
        .unwrap();
    let text = fs::read_to_string(dir.path().join("keys.json")).unwrap();
    let stored: serde_json::Value = serde_json::from_str(&text).unwrap();
    let wrap = stored["wraps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|w| w["by"] == "recovery")
        .unwrap();
    let raw = |name: &str| {
        data_encoding::BASE64
            .decode(wrap[name].as_str().unwrap().as_bytes())
            .unwrap()
    };
    let enc: [u8; 32] = raw("enc").try_into().unwrap();
    let open = |key| envelope::open(key, &enc, RECOVERY_INFO, &raw("sealed"));
    assert_eq!(open(&city).unwrap().len(), 32);
    assert!(open(&SealPrivate::generate(&mut rng)).is_err());
}
