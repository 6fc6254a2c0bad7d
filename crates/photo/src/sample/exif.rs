//! The EXIF block of a sample, written the way a phone writes it (TIFF 6.0, EXIF 2.32).

use super::{SampleGps, SampleSpec};

/// A field's type, as TIFF numbers them, with its values.
enum Data {
    Bytes(Vec<u8>),
    Text(String),
    Short(u16),
    Long(u32),
    Rationals(Vec<(u32, u32)>),
    Undefined(Vec<u8>),
}

impl Data {
    /// Type number, count of values, big-endian bytes.
    fn encode(&self) -> (u16, u32, Vec<u8>) {
        match self {
            Self::Bytes(bytes) => (1, bytes.len() as u32, bytes.clone()),
            Self::Text(text) => {
                let mut bytes = text.as_bytes().to_vec();
                bytes.push(0);
                (2, bytes.len() as u32, bytes)
            }
            Self::Short(value) => (3, 1, value.to_be_bytes().to_vec()),
            Self::Long(value) => (4, 1, value.to_be_bytes().to_vec()),
            Self::Rationals(values) => {
                let bytes = values
                    .iter()
                    .flat_map(|(n, d)| [n.to_be_bytes(), d.to_be_bytes()].concat())
                    .collect();
                (5, values.len() as u32, bytes)
            }
            Self::Undefined(bytes) => (7, bytes.len() as u32, bytes.clone()),
        }
    }
}

/// A directory whose place in the block is known before its contents are: its length depends on
/// its fields alone.
fn directory(start: usize, fields: &[(u16, Data)]) -> Vec<u8> {
    let mut entries = (fields.len() as u16).to_be_bytes().to_vec();
    let mut overflow = Vec::new();
    let values_at = start + 2 + 12 * fields.len() + 4;
    for (tag, data) in fields {
        let (kind, count, mut bytes) = data.encode();
        entries.extend(tag.to_be_bytes());
        entries.extend(kind.to_be_bytes());
        entries.extend(count.to_be_bytes());
        if bytes.len() <= 4 {
            bytes.resize(4, 0);
            entries.extend(bytes);
        } else {
            entries.extend(((values_at + overflow.len()) as u32).to_be_bytes());
            overflow.extend(bytes);
            // Values begin on even offsets.
            if overflow.len() % 2 == 1 {
                overflow.push(0);
            }
        }
    }
    // No further directory follows this one.
    entries.extend(0_u32.to_be_bytes());
    entries.extend(overflow);
    entries
}

/// The payload of the APP1 segment for `spec`.
pub(super) fn block(spec: &SampleSpec) -> Vec<u8> {
    const HEADER: usize = 8;
    let detail = vec![
        (0x9000, Data::Undefined(b"0232".to_vec())),
        (0x9003, Data::Text(spec.taken_at.clone())),
        (0x9011, Data::Text(spec.taken_at_offset.clone())),
        (0x9291, Data::Text("250".to_owned())),
        (0xA002, Data::Long(u32::from(spec.width_px))),
        (0xA003, Data::Long(u32::from(spec.height_px))),
    ];
    let place = spec.gps.as_ref().map(place);
    let main = |detail_at: usize, place_at: usize| {
        let mut fields = vec![
            (0x010F, Data::Text("Zhicha".to_owned())),
            (0x0110, Data::Text("sample".to_owned())),
            (0x0112, Data::Short(u16::from(spec.orientation))),
            (0x0131, Data::Text("zhicha-photo".to_owned())),
            (0x8769, Data::Long(detail_at as u32)),
        ];
        if place.is_some() {
            fields.push((0x8825, Data::Long(place_at as u32)));
        }
        directory(HEADER, &fields)
    };
    // The first pass only measures.
    let detail_at = HEADER + main(0, 0).len();
    let detail = directory(detail_at, &detail);
    let place_at = detail_at + detail.len();

    let mut block = b"Exif\0\0MM\0*".to_vec();
    block.extend((HEADER as u32).to_be_bytes());
    block.extend(main(detail_at, place_at));
    block.extend(detail);
    if let Some(fields) = &place {
        block.extend(directory(place_at, fields));
    }
    block
}

fn place(gps: &SampleGps) -> Vec<(u16, Data)> {
    let letter = |degrees: f64, plus: &str, minus: &str| {
        Data::Text(if degrees < 0.0 { minus } else { plus }.to_owned())
    };
    vec![
        (0x00, Data::Bytes(vec![2, 3, 0, 0])),
        (0x01, letter(gps.lat_deg, "N", "S")),
        (0x02, sexagesimal(gps.lat_deg)),
        (0x03, letter(gps.lon_deg, "E", "W")),
        (0x04, sexagesimal(gps.lon_deg)),
        (0x05, Data::Bytes(vec![u8::from(gps.altitude_m < 0.0)])),
        (
            0x06,
            Data::Rationals(vec![((gps.altitude_m.abs() * 100.0).round() as u32, 100)]),
        ),
        (0x12, Data::Text("WGS-84".to_owned())),
        (
            0x1F,
            Data::Rationals(vec![((gps.accuracy_m * 100.0).round() as u32, 100)]),
        ),
    ]
}

/// Degrees, minutes and seconds to a ten-thousandth, 3 mm on the ground.
fn sexagesimal(degrees: f64) -> Data {
    const PER_SECOND: u64 = 10_000;
    let total = (degrees.abs() * 3600.0 * PER_SECOND as f64).round() as u64;
    let seconds = total / PER_SECOND;
    Data::Rationals(vec![
        ((seconds / 3600) as u32, 1),
        ((seconds / 60 % 60) as u32, 1),
        ((total % (60 * PER_SECOND)) as u32, PER_SECOND as u32),
    ])
}
