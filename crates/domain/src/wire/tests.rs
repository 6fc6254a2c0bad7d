//! Every message has a snapshot: a change of the wire is seen before it is made.

use super::*;
use crate::{
    catalog::checklist,
    geo::Fix,
    hash::Digest,
    ids::uuid_v7,
    ops::{Receipt, Received, Verdict, VerdictStatus},
    rights::Preset,
    seal::envelope::SealPublic,
    workflow::State,
};
use ed25519_dalek::SigningKey;
use uuid::Uuid;

fn id(n: u8) -> Uuid {
    uuid_v7(1_772_700_000_000, [n; 10])
}

fn key() -> PublicKey {
    PublicKey::from(&SigningKey::from_bytes(&[1; 32]).verifying_key())
}

macro_rules! snapshot {
    ($value:expr) => {{
        let value = $value;
        insta::assert_json_snapshot!(value);
        let back = serde_json::from_str(&serde_json::to_string(&value).unwrap()).unwrap();
        assert_eq!(value, back);
    }};
}

#[test]
fn hello() {
    snapshot!(Hello {
        service: "zhicha".into(),
        protocol: 1,
        version: "0.1.0".into(),
        now_ms: 1,
        epoch: "e1".into(),
        limits: Limits::default(),
    });
}

#[test]
fn enrolment() {
    snapshot!(EnrolRequest {
        code: "2345-WXYZ".into(),
        device_name: "巡查手机".into(),
        public_key: key(),
        previous_device: Some(id(1).into()),
    });
    snapshot!(Enrolled {
        city: id(2).into(),
        city_name: "满洲里市".into(),
        account: id(3).into(),
        account_name: "王*".into(),
        preset: Preset::Inspector,
        device: id(4).into(),
        device_label: "A7".into(),
        ca_pem: String::new(),
        server_key: key(),
        sealing_key: SealPublic([2; 32]),
        recovery_key: SealPublic([3; 32]),
        epoch: "e1".into(),
        now_ms: 5,
    });
}

#[test]
fn sessions() {
    snapshot!(Challenge {
        nonce: "n".into(),
        now_ms: 1
    });
    snapshot!(SessionRequest {
        device: id(4).into(),
        nonce: "n".into(),
        signature: "c2ln".into(),
    });
    snapshot!(Session {
        token: "t".into(),
        expires_ms: 2,
        now_ms: 1
    });
    assert_eq!(
        session_message(id(4).into(), "n"),
        format!("zhicha-session-v1\0{}\nn", id(4)).into_bytes()
    );
}

#[test]
fn push_answers() {
    snapshot!(PushAnswer {
        results: vec![
            Received::Received(Receipt {
                op: id(1).into(),
                hash: Digest::of(b"head"),
                received_ms: 7,
            }),
            Received::Refused {
                op: None,
                code: "malformed".into(),
                zh: "这一条不是有效的记录".into(),
                en: "not a valid op".into(),
            },
        ],
        heads: vec![],
        now_ms: 8,
    });
}

#[test]
fn have() {
    snapshot!(HaveRequest {
        ops: vec![id(1).into()],
        files: vec![Digest::of(b"x")],
    });
    snapshot!(HaveAnswer {
        ops: vec![id(1).into()],
        files: vec![],
        backed_up: Some(BackedUp::default()),
        epoch: "e1".into(),
    });
}

#[test]
fn pulled_changes() {
    let task = TaskCard {
        task: id(1).into(),
        duty: id(2).into(),
        date: "2026-03-05".to_owned().try_into().unwrap(),
        site: SiteCard {
            site: id(3).into(),
            name: "道北市场".into(),
            site_type: "JMSC".into(),
            area: "道北街道".into(),
            address: "道北三道街".into(),
            lat: Some(49.5978),
            lon: Some(117.3785),
        },
        manual: "v1".into(),
        items: checklist("JMSC")[..1].to_vec(),
    };
    let bodies = vec![
        ChangeBody::Duty(DutyNotice {
            duty: id(2).into(),
            date: task.date.clone(),
            lead: true,
        }),
        ChangeBody::Task(Box::new(task)),
        ChangeBody::TaskWithdrawn(TaskWithdrawn { task: id(1).into() }),
        ChangeBody::Verdict(Verdict {
            op: id(5).into(),
            status: VerdictStatus::Applied,
            code: "category_retired".into(),
            detail: "B99".into(),
        }),
        ChangeBody::Problem(ProblemNotice {
            problem: id(6).into(),
            state: State::Returned,
            no: String::new(),
            reason: "缺远景照片".into(),
            category: "B01".into(),
        }),
        ChangeBody::FileComplete {
            photo: id(7).into(),
            rendition: crate::photo::Rendition::Preview,
            sha256: Digest::of(b"x"),
        },
        ChangeBody::Gone(Tombstone {
            of: "duty".into(),
            id: "x".into(),
        }),
    ];
    let kinds: Vec<String> = bodies
        .iter()
        .map(|b| {
            serde_json::to_value(b).unwrap()["kind"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(kinds, ChangeBody::KINDS);
    snapshot!(PullPage {
        changes: bodies
            .into_iter()
            .map(|body| Change { at_ms: 1, body })
            .collect(),
        next: "opaque".into(),
        more: false,
        now_ms: 2,
    });
}

#[test]
fn a_kind_of_a_newer_server_is_passed_over_and_a_known_one_has_to_have_its_form() {
    let newer = r#"{"at_ms": 1, "kind": "weather", "body": {"c": -30}}"#;
    let change: Change = serde_json::from_str(newer).unwrap();
    assert_eq!(change.body, ChangeBody::Unknown("weather".into()));
    let broken = r#"{"at_ms": 1, "kind": "duty", "body": {"c": -30}}"#;
    assert!(serde_json::from_str::<Change>(broken).is_err());
}

#[test]
fn failures_and_fixes() {
    snapshot!(Failure {
        code: "not_found".into(),
        zh: "没有这一条，或没有查看权限".into(),
        en: "not there, or no access".into(),
        retry_after_s: None,
    });
    snapshot!(Fix::parse("49.5978,117.3785,8", "gps").unwrap());
}
