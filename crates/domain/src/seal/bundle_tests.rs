use super::*;
use crate::ids::uuid_v7;
use rand::{SeedableRng as _, rngs::StdRng};

fn manifest() -> Manifest {
    let id = uuid_v7(1_772_700_000_000, [5; 10]);
    Manifest {
        v: 1,
        city: id.into(),
        account: id.into(),
        device: id.into(),
        log: id.into(),
        made_ms: 1_772_700_000_000,
    }
}

fn an_op() -> SignedOp {
    SignedOp {
        head: "{}".into(),
        body: Some("路灯不亮".into()),
        sig: "c2ln".into(),
    }
}

fn made(key: &SealPrivate) -> Vec<u8> {
    let mut rng = StdRng::seed_from_u64(3);
    let to = key.public().unwrap();
    let mut w = BundleWriter::new(Vec::new(), &to, &manifest(), &mut rng).unwrap();
    w.op(&an_op()).unwrap();
    let photo = vec![0xd8u8; 150_000];
    let sha = Digest::of(&photo);
    let id = uuid_v7(1, [1; 10]).into();
    w.file(id, Rendition::Original, sha, 150_000, &mut photo.as_slice())
        .unwrap();
    w.finish().unwrap()
}

fn read(file: &[u8], key: &SealPrivate) -> Result<(u64, u64), SealError> {
    check_digest(file)?;
    let mut r = BundleReader::new(file, file.len() as u64, key)?;
    let (mut ops, mut bytes) = (0, 0);
    while let Some(entry) = r.next_entry()? {
        match entry {
            Entry::Op { op } => {
                assert_eq!(op, an_op());
                ops += 1;
            }
            Entry::File { len, sha256, .. } => {
                let mut all = Vec::new();
                r.bytes(len).read_to_end(&mut all)?;
                assert_eq!(Digest::of(&all), sha256);
                bytes += all.len() as u64;
            }
            Entry::End { .. } => {}
        }
    }
    Ok((ops, bytes))
}

#[test]
fn what_goes_in_comes_out_for_the_server_alone() {
    let mut rng = StdRng::seed_from_u64(1);
    let key = SealPrivate::generate(&mut rng);
    let file = made(&key);
    assert_eq!(read(&file, &key).unwrap(), (1, 150_000));
    let other = SealPrivate::generate(&mut rng);
    assert!(matches!(read(&file, &other), Err(SealError::Broken)));
    let text = "路灯".as_bytes();
    assert!(!file.windows(text.len()).any(|w| w == text));
}

#[test]
fn every_flip_and_every_cut_is_found_without_a_key() {
    let key = SealPrivate::generate(&mut StdRng::seed_from_u64(1));
    let file = made(&key);
    for at in (0..file.len()).step_by(997).chain([file.len() - 1]) {
        let mut bad = file.clone();
        bad[at] ^= 1;
        assert!(check_digest(bad.as_slice()).is_err(), "flip at {at}");
        assert!(check_digest(&file[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn another_file_is_named_as_such() {
    assert!(matches!(
        check_digest(&b"PK\x03\x04 a spreadsheet"[..]),
        Err(SealError::NotSealed)
    ));
    assert!(matches!(check_digest(&b""[..]), Err(SealError::NotSealed)));
}
