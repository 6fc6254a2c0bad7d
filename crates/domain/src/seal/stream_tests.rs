use super::*;
use proptest::prelude::*;
use std::io::Cursor;

const SECRET: [u8; 32] = [7; 32];

fn seal(plain: &[u8], header: &[u8]) -> Vec<u8> {
    let mut w = SealWriter::new(Vec::new(), &SECRET, Purpose::Photo, [9; 16], header).unwrap();
    w.write_all(plain).unwrap();
    w.finish().unwrap()
}

fn open(sealed: &[u8]) -> Result<(Vec<u8>, Vec<u8>), SealError> {
    let mut r = SealReader::new(sealed, &SECRET, Purpose::Photo)?;
    let header = r.header().to_vec();
    let mut plain = Vec::new();
    r.read_to_end(&mut plain).map_err(|_| SealError::Broken)?;
    Ok((header, plain))
}

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i * 31 % 251) as u8).collect()
}

#[test]
fn every_length_around_a_chunk_comes_back() {
    for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5] {
        let plain = pattern(len);
        let (header, back) = open(&seal(&plain, b"facts")).unwrap();
        assert_eq!(header, b"facts");
        assert!(back == plain, "length {len}");
    }
}

#[test]
fn the_form_is_the_one_written_down() {
    // A stranger's implementation can be checked against this vector (docs/PROTOCOL.md).
    let sealed = seal("路面破损".as_bytes(), b"{}");
    assert_eq!(
        data_encoding::HEXLOWER.encode(&sealed),
        include_str!("stream_vector.txt").trim()
    );
}

#[test]
fn a_file_cut_anywhere_does_not_open() {
    let sealed = seal(&pattern(2 * CHUNK + 10), b"h");
    for keep in [0, 5, 27, 28, 40, 45 + CHUNK + 16, sealed.len() - 1] {
        assert!(open(&sealed[..keep]).is_err(), "kept {keep}");
    }
    // Exactly at the end of a full chunk.
    let header_end = 28 + 17;
    assert!(open(&sealed[..header_end + CHUNK + TAG]).is_err());
}

#[test]
fn one_purpose_does_not_open_as_another_nor_under_another_key() {
    let sealed = seal(b"x", b"");
    assert!(matches!(
        SealReader::new(sealed.as_slice(), &SECRET, Purpose::Bundle),
        Err(SealError::NotSealed)
    ));
    assert!(matches!(
        SealReader::new(sealed.as_slice(), &[8; 32], Purpose::Photo),
        Err(SealError::Broken)
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_flipped_bit_is_noticed(len in 0usize..200_000, at in 0usize..1_000_000, bit in 0u8..8) {
        let mut sealed = seal(&pattern(len), b"header");
        let at = at % sealed.len();
        sealed[at] ^= 1 << bit;
        // The three reserved bytes are covered by the header's associated data as well.
        prop_assert!(open(&sealed).is_err());
    }

    #[test]
    fn a_range_reads_what_the_whole_holds(len in 0usize..200_000, offset in 0usize..220_000, want in 0usize..150_000) {
        let plain = pattern(len);
        let sealed = seal(&plain, b"h");
        let got = read_range(Cursor::new(&sealed), &SECRET, Purpose::Photo, offset as u64, want).unwrap();
        let from = offset.min(len);
        let to = (from + want).min(len);
        prop_assert!(got == plain[from..to]);
    }
}
