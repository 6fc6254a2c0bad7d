use super::{
    body::*,
    chain::{Author, Tip, check_run, cut},
    office::*,
    receipt::*,
    *,
};
use crate::{
    geo::Fix,
    hash::Digest,
    ids::uuid_v7,
    photo::{Origin, PhotoSubject, Shot},
    time::Stamp,
    workflow::{Event, State},
};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use uuid::Uuid;

fn id(n: u8) -> Uuid {
    uuid_v7(1_772_700_000_000, [n; 10])
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[42; 32])
}

fn stamp() -> Stamp {
    Stamp {
        ms: 1_772_700_000_000,
        off_min: 480,
        boot: "b1".into(),
        elapsed_ms: 12_345,
        server_off_ms: Some(-250),
    }
}

fn problem() -> OpBody {
    OpBody::ProblemFiled(ProblemFiled {
        problem: id(10).into(),
        temp_no: "临-A7-0305-03".into(),
        visit: Some(id(11).into()),
        site: Some(id(12).into()),
        item: "BJXX-10".into(),
        source: Source::Inspection,
        category: "B01".into(),
        severity: Severity::Normal,
        place: Place {
            text: "六道街与二道街交叉口向西15米路南".into(),
            fix: Some(Fix::parse("49.5978,117.3785,8", "gps").unwrap()),
            by_hand: None,
        },
        note: "占用人行道约3米".into(),
        photos: vec![id(13).into()],
        missing_shot: String::new(),
        suggested_unit: None,
        suggested_class: "L0".into(),
    })
}

fn one_of_each() -> Vec<OpBody> {
    let file = FileFact {
        sha256: Digest::of(b"bytes"),
        len: 5,
        mime: "image/jpeg".into(),
    };
    vec![
        OpBody::VisitStarted(VisitStarted {
            visit: id(11).into(),
            task: Some(id(14).into()),
            site: Some(id(12).into()),
            mode: VisitMode::Day,
            role: VisitRole::Lead,
            manual: "v1".into(),
        }),
        OpBody::ObservationRecorded(ObservationRecorded {
            visit: id(11).into(),
            item: "BJXX-03".into(),
            outcome: Outcome::Ratio {
                passed: 19,
                sampled: 20,
            },
            note: "末端一盏不亮".into(),
        }),
        OpBody::VisitFinished(VisitFinished {
            visit: id(11).into(),
            unobserved: vec!["BJXX-21".into()],
        }),
        OpBody::PhotoAdded(PhotoAdded {
            photo: id(13).into(),
            of: PhotoSubject::Problem(id(10).into()),
            shot: Shot::Near,
            origin: Origin::Import,
            original: file.clone(),
            preview: Some(file.clone()),
            thumbnail: None,
            no_preview: String::new(),
            taken: None,
            fix: None,
            exif_fix: Some(Fix::parse("49.5978,117.3785", "exif").unwrap()),
            exif_taken: "2026:03:05 14:05:12".into(),
            exif_camera: "Zhicha sample".into(),
        }),
        problem(),
        OpBody::ProblemAmended(ProblemAmended {
            problem: id(10).into(),
            note: "又多了两处".into(),
            photos: vec![id(15).into()],
            place: None,
        }),
        OpBody::ProblemWithdrawn(ProblemWithdrawn {
            problem: id(10).into(),
            reason: "重复记录".into(),
        }),
        OpBody::DutyPlanned(DutyPlanned {
            duty: id(20).into(),
            date: "2026-03-05".to_owned().try_into().unwrap(),
            lead: id(2).into(),
            members: vec![],
            tasks: vec![PlannedTask {
                task: id(14).into(),
                site: id(12).into(),
            }],
        }),
        OpBody::DutyDeparted(DutyDeparted {
            duty: id(20).into(),
        }),
        OpBody::ProblemAct(ProblemAct {
            problem: id(10).into(),
            from: State::Accepted,
            event: Event::Assign,
            to: State::Assigned,
            note: String::new(),
            detail: Some(ActDetail::Dispatched {
                dispatch: id(21).into(),
                no: "2026-3-01".into(),
                unit: id(22).into(),
                deadline_ms: 1_772_800_000_000,
                class: "L0".into(),
            }),
        }),
    ]
}

fn run(bodies: &[OpBody]) -> Vec<SignedOp> {
    let key = key();
    let author = Author {
        account: id(2).into(),
        device: id(3).into(),
        key: &key,
    };
    let mut tip = Tip::empty(id(1).into());
    let mut ops = Vec::new();
    for (n, body) in bodies.iter().enumerate() {
        let op = id(100 + n as u8).into();
        let (signed, next) = cut(tip, op, stamp(), &author, body).unwrap();
        ops.push(signed);
        tip = next;
    }
    ops
}

#[test]
fn every_kind_has_a_snapshot_and_reads_back() {
    let all = one_of_each();
    let kinds: Vec<&str> = all.iter().map(OpBody::kind).collect();
    assert_eq!(kinds, OpBody::KINDS);
    for body in all {
        let text = body.to_json();
        assert_eq!(OpBody::read(body.kind(), 1, &text).unwrap(), body);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        insta::assert_json_snapshot!(body.kind().replace('.', "_"), value);
    }
}

#[test]
fn an_op_is_this_byte_for_byte() {
    // The test vector of docs/PROTOCOL.md: key 42×32, first op of the log.
    let ops = run(&[problem()]);
    insta::assert_json_snapshot!(ops[0]);
    insta::assert_snapshot!(ops[0].hash().to_string());
}

#[test]
fn a_run_holds_and_reaches_its_tip() {
    let ops = run(&one_of_each());
    let tip = check_run(Tip::empty(id(1).into()), &ops, &key().verifying_key()).unwrap();
    assert_eq!(tip.seq, ops.len() as u64);
    assert_eq!(tip.hash, ops.last().unwrap().hash());
}

#[test]
fn a_dropped_swapped_or_altered_op_is_found() {
    let ops = run(&one_of_each());
    let check = |ops: &[SignedOp]| check_run(Tip::empty(id(1).into()), ops, &key().verifying_key());
    let mut dropped = ops.clone();
    dropped.remove(3);
    assert_eq!(
        check(&dropped),
        Err(ChainFault::Gap {
            expected: 4,
            found: 5
        })
    );
    let mut swapped = ops.clone();
    swapped.swap(1, 2);
    assert!(matches!(check(&swapped), Err(ChainFault::Gap { .. })));
    let mut altered = ops.clone();
    altered[4].body = altered[4].body.as_ref().map(|b| b.replace("3米", "1米"));
    assert_eq!(
        check(&altered),
        Err(ChainFault::Op {
            seq: 5,
            fault: OpError::BodyHash
        })
    );
    let mut relabelled = ops.clone();
    relabelled[4].head = relabelled[4].head.replace("problem.filed", "problem.fixed");
    assert_eq!(
        check(&relabelled),
        Err(ChainFault::Op {
            seq: 5,
            fault: OpError::Signature
        })
    );
    let mut forked = run(&one_of_each()[..1]);
    forked.push(run(&[problem(), problem()])[1].clone());
    assert_eq!(check(&forked), Err(ChainFault::Link { seq: 2 }));
}

#[test]
fn a_body_erased_by_law_leaves_a_log_that_holds() {
    let mut ops = run(&one_of_each());
    ops[4].body = None;
    assert!(check_run(Tip::empty(id(1).into()), &ops, &key().verifying_key()).is_ok());
}

#[test]
fn text_too_long_is_refused_when_the_op_is_cut() {
    let OpBody::ProblemFiled(mut filed) = problem() else {
        unreachable!()
    };
    filed.note = "长".repeat(30_000);
    let key = key();
    let author = Author {
        account: id(2).into(),
        device: id(3).into(),
        key: &key,
    };
    let made = cut(
        Tip::empty(id(1).into()),
        id(9).into(),
        stamp(),
        &author,
        &OpBody::ProblemFiled(filed),
    );
    assert!(matches!(made, Err(OpError::TooLarge { bytes }) if bytes > 90_000));
}

#[test]
fn a_kind_from_the_future_is_kept_whole() {
    let text = r#"{"visit":"x","new":[1,2]}"#;
    let body = OpBody::read("visit.sung", 3, text).unwrap();
    assert_eq!(body.kind(), "visit.sung");
    assert_eq!(body.to_json(), text);
    assert!(OpBody::read("problem.filed", 2, "{}").is_ok());
    assert!(OpBody::read("problem.filed", 1, "{}").is_err());
}

#[test]
fn a_log_head_holds_only_with_the_servers_signature() {
    let head = LogHead {
        v: 1,
        city: id(1).into(),
        log: id(2).into(),
        seq: 9,
        hash: Digest::of(b"x"),
        at_ms: 5,
    };
    let mut signed = SignedLogHead::sign(&head, &key());
    insta::assert_json_snapshot!(signed);
    assert_eq!(signed.verify(&key().verifying_key()), Ok(head));
    signed.text = signed.text.replace("\"seq\":9", "\"seq\":8");
    assert_eq!(signed.verify(&key().verifying_key()), Err(BadLogHead));
}

#[test]
fn an_outcome_fits_its_scale() {
    use crate::catalog::Scale;
    let ratio = Outcome::Ratio {
        passed: 21,
        sampled: 20,
    };
    assert!(!ratio.fits(Scale::R));
    assert!(Outcome::Unobserved.fits(Scale::G3));
    assert!(!Outcome::YesNo { ok: true }.fits(Scale::G3));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_from_outside_make_verification_panic(
        head in ".{0,200}", body in ".{0,200}", sig in ".{0,120}",
    ) {
        let op = SignedOp { head, body: Some(body), sig };
        prop_assert!(op.verify(&key().verifying_key()).is_err());
    }

    #[test]
    fn any_flip_in_head_or_body_is_found(at in 0usize..4000, bit in 0u8..7) {
        let mut op = run(&[problem()]).remove(0);
        let body = op.body.take().unwrap();
        let mut bytes = [op.head.as_bytes(), body.as_bytes()].concat();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        let split = op.head.len();
        let (h, b) = bytes.split_at(split);
        if let (Ok(h), Ok(b)) = (std::str::from_utf8(h), std::str::from_utf8(b)) {
            op.head = h.to_owned();
            op.body = Some(b.to_owned());
            prop_assert!(op.verify(&key().verifying_key()).is_err());
        }
    }
}
