use super::*;
use crate::sample::{self, SampleGps, SampleSpec};

fn small(change: impl FnOnce(&mut SampleSpec)) -> Vec<u8> {
    let mut spec = SampleSpec {
        width_px: 16,
        height_px: 16,
        ..SampleSpec::default()
    };
    change(&mut spec);
    sample::jpeg(&spec)
}

fn at(lat_deg: f64, lon_deg: f64) -> Option<GpsFacts> {
    let bytes = small(|spec| {
        spec.gps = Some(SampleGps {
            lat_deg,
            lon_deg,
            altitude_m: 0.0,
            accuracy_m: 5.0,
        });
    });
    read(&bytes, Format::Jpeg).gps
}

/// `bytes` with the one occurrence of `from` replaced.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<_> = (0..bytes.len() - from.len())
        .filter(|&at| bytes[at..].starts_with(from))
        .collect();
    assert_eq!(places.len(), 1, "{from:?} is there {} times", places.len());
    bytes[places[0]..places[0] + to.len()].copy_from_slice(to);
    bytes
}

#[test]
fn the_facts_have_a_stable_shape() {
    let facts = read(&small(|_| ()), Format::Jpeg);
    insta::assert_json_snapshot!(facts);
}

#[test]
fn facts_stored_by_an_older_version_are_still_read() {
    let json = r#"{"make":"Zhicha"}"#;
    let facts: ExifFacts = serde_json::from_str(json).unwrap();
    assert_eq!(facts.make.as_deref(), Some("Zhicha"));
}

#[test]
fn a_place_outside_the_globe_is_no_place() {
    assert!(at(49.6, 117.4).is_some());
    assert_eq!(at(90.5, 117.4), None);
    assert_eq!(at(49.6, -180.5), None);
    assert_eq!(at(0.0, 0.0), None);
    assert!(at(0.0, 117.4).is_some(), "the equator is a place");
}

#[test]
fn a_place_without_its_hemisphere_is_no_place() {
    // Tag 1, type 2, count 2, "N\0" becomes "\0\0".
    let bytes = patched(
        small(|_| ()),
        b"\0\x01\0\x02\0\0\0\x02N\0",
        b"\0\x01\0\x02\0\0\0\x02\0\0",
    );
    assert_eq!(read(&bytes, Format::Jpeg).gps, None);
}

#[test]
fn a_place_of_nought_over_nought_is_no_place() {
    // 49° becomes 0/0.
    let bytes = patched(small(|_| ()), b"\0\0\0\x31\0\0\0\x01", &[0; 8]);
    assert_eq!(read(&bytes, Format::Jpeg).gps, None);
}

#[test]
fn a_clock_never_set_is_no_time() {
    let facts = |taken_at: &str| {
        read(
            &small(|spec| spec.taken_at = taken_at.to_owned()),
            Format::Jpeg,
        )
    };
    assert!(facts("2026:03:05 09:12:44").taken_at_offset.is_some());
    for blank in ["0000:00:00 00:00:00", "    :  :     :  :  ", ""] {
        let facts = facts(blank);
        assert_eq!((facts.taken_at, facts.taken_at_offset), (None, None));
    }
}

#[test]
fn an_orientation_out_of_range_is_dropped() {
    let orientation = |n: u8| {
        // Tag 0x0112, type 3, count 1, value.
        let (from, to) = (
            [1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6],
            [1, 0x12, 0, 3, 0, 0, 0, 1, 0, n],
        );
        read(&patched(small(|_| ()), &from, &to), Format::Jpeg).orientation
    };
    assert_eq!(orientation(8), Some(8));
    assert_eq!((orientation(0), orientation(9)), (None, None));
}

#[test]
fn what_can_be_read_of_broken_exif_is_read() {
    // The pointer to the GPS directory leads out of the block.
    let whole = small(|_| ());
    let tag = b"\x88\x25\0\x04\0\0\0\x01";
    let place = (0..whole.len())
        .find(|&at| whole[at..].starts_with(tag))
        .unwrap()
        + tag.len();
    let mut bytes = whole.clone();
    bytes[place..place + 4].fill(0xEE);
    let facts = read(&bytes, Format::Jpeg);
    assert_eq!(facts.gps, None);
    assert_eq!(facts.make.as_deref(), Some("Zhicha"));
    assert!(facts.taken_at.is_some());
}

#[test]
fn a_file_cut_off_behind_its_exif_still_has_its_facts() {
    let bytes = small(|_| ());
    let facts = read(&bytes, Format::Jpeg);
    assert_eq!(read(&bytes[..bytes.len() - 20], Format::Jpeg), facts);
    assert_eq!(read(&bytes[..100], Format::Jpeg), ExifFacts::default());
}
