//! The accept path as a plain function on a store of its own.

use super::*;
use crate::{
    city::CityKeys,
    store::{self, changes, city_log},
};
use ed25519_dalek::SigningKey;
use rand::{SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use rusqlite::{Connection, params};
use zhicha_domain::{
    ids::{AccountId, DeviceId, LogId, uuid_v7},
    ops::{
        Tip,
        body::{
            ObservationRecorded, Outcome, Place, ProblemAmended, ProblemFiled, ProblemWithdrawn,
            Severity, Source, VisitMode, VisitRole, VisitStarted,
        },
        chain::Author,
        cut,
    },
    seal::envelope::SealPrivate,
    time::Stamp,
    wire::PublicKey,
};

struct Bench {
    _dir: tempfile::TempDir,
    db: Connection,
    keys: CityKeys,
    key: SigningKey,
    account: AccountId,
    device: DeviceId,
    tip: Tip,
    next: u8,
}

fn uuid(n: u8) -> uuid::Uuid {
    uuid_v7(1_772_700_000_000, [n; 10])
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = store::open(&dir.path().join("zhicha.db"), 1).unwrap();
        let recovery = SealPrivate::generate(&mut rand::rng());
        let keys = CityKeys::generate("满洲里市", &recovery, 1, &mut rand::rng()).unwrap();
        city_log::ensure_city(&db, &keys, 1).unwrap();
        let key = SigningKey::from_bytes(&[9; 32]);
        let (account, device): (AccountId, DeviceId) = (uuid(200).into(), uuid(201).into());
        let log: LogId = uuid(202).into();
        let bench = Self {
            _dir: dir,
            db,
            keys,
            key,
            account,
            device,
            tip: Tip::empty(log),
            next: 0,
        };
        let public = PublicKey::from(&bench.key.verifying_key());
        let new = store::devices::NewDevice {
            code_hash: "code",
            device,
            account,
            name: "手机",
            key: &public,
            previous: None,
        };
        bench.tx().bind(&new, 1).unwrap();
        bench
    }

    fn tx(&self) -> Tx<'_> {
        Tx {
            db: &self.db,
            city: self.keys.city,
        }
    }

    fn cut(&mut self, body: OpBody) -> SignedOp {
        self.next += 1;
        let author = Author {
            account: self.account,
            device: self.device,
            key: &self.key,
        };
        let at = Stamp {
            ms: 5,
            off_min: 480,
            boot: String::new(),
            elapsed_ms: 0,
            server_off_ms: None,
        };
        let (op, tip) = cut(self.tip, uuid(self.next).into(), at, &author, &body).unwrap();
        self.tip = tip;
        op
    }

    fn take(&self, one: &SignedOp) -> Received {
        op(&self.tx(), one, 1000).unwrap()
    }

    fn text(&self, sql: &str) -> String {
        self.db.query_row(sql, [], |r| r.get(0)).unwrap()
    }

    fn number(&self, sql: &str) -> i64 {
        self.db.query_row(sql, [], |r| r.get(0)).unwrap()
    }

    /// Everything the ops led to, in one text.
    fn dump(&self) -> String {
        self.text(
            "SELECT (SELECT json_group_array(visit_id || coalesce(finished_ms, '')) FROM visits)
                 || (SELECT json_group_array(item || outcome) FROM
                        (SELECT item, outcome FROM observations ORDER BY op_id))
                 || (SELECT json_group_array(problem_id || state || category || amended) FROM
                        (SELECT * FROM problems ORDER BY problem_id))
                 || (SELECT json_group_array(op_id || verdict || code) FROM
                        (SELECT * FROM ops ORDER BY op_id))
                 || (SELECT json_group_array(seq || hash || forked) FROM logs)",
        )
    }
}

fn visit() -> OpBody {
    OpBody::VisitStarted(VisitStarted {
        visit: uuid(100).into(),
        task: None,
        site: None,
        mode: VisitMode::Day,
        role: VisitRole::Lead,
        manual: "v1".into(),
    })
}

fn observation(item: &str) -> OpBody {
    OpBody::ObservationRecorded(ObservationRecorded {
        visit: uuid(100).into(),
        item: item.into(),
        outcome: Outcome::YesNo { ok: true },
        note: String::new(),
    })
}

fn problem(category: &str) -> OpBody {
    OpBody::ProblemFiled(ProblemFiled {
        problem: uuid(101).into(),
        temp_no: "临-A1-0305-01".into(),
        visit: Some(uuid(100).into()),
        site: None,
        item: String::new(),
        source: Source::Inspection,
        category: category.into(),
        severity: Severity::Normal,
        place: Place::default(),
        note: "路面破损".into(),
        photos: vec![],
        missing_shot: String::new(),
        suggested_unit: None,
        suggested_class: String::new(),
    })
}

fn amendment() -> OpBody {
    OpBody::ProblemAmended(ProblemAmended {
        problem: uuid(101).into(),
        note: "补充".into(),
        photos: vec![],
        place: None,
    })
}

fn withdrawal() -> OpBody {
    OpBody::ProblemWithdrawn(ProblemWithdrawn {
        problem: uuid(101).into(),
        reason: "记错了".into(),
    })
}

#[test]
fn a_better_place_that_came_later_is_taken_and_a_worse_one_is_not() {
    let mut bench = Bench::new();
    let filed = bench.cut(problem("D01"));
    bench.take(&filed);
    let amend = |text: &str, acc_m| {
        let fix = zhicha_domain::geo::Fix::parse(&format!("49.6,117.4,{acc_m}"), "gps").unwrap();
        OpBody::ProblemAmended(ProblemAmended {
            problem: uuid(101).into(),
            note: String::new(),
            photos: vec![],
            place: Some(Place {
                text: text.into(),
                fix: Some(fix),
                by_hand: None,
            }),
        })
    };
    for (acc_m, stands) in [(30, 30), (5, 5), (80, 5)] {
        let op = bench.cut(amend("东口", acc_m));
        bench.take(&op);
        let sql = "SELECT CAST(json_extract(fix, '$.acc_m') AS INTEGER) FROM problems";
        assert_eq!(bench.number(sql), stands);
    }
}

#[test]
fn an_op_again_gets_the_first_receipt_and_happens_once() {
    let mut bench = Bench::new();
    let one = bench.cut(problem("D01"));
    let first = bench.take(&one);
    let again = op(&bench.tx(), &one, 99_999).unwrap();
    assert_eq!(first, again);
    assert_eq!(bench.number("SELECT count(*) FROM problems"), 1);
    assert_eq!(bench.number("SELECT count(*) FROM problem_events"), 1);
}

#[test]
fn any_order_of_arrival_leads_to_the_same_rows() {
    let mut bench = Bench::new();
    let ops: Vec<SignedOp> = [
        visit(),
        observation("BJXX-01"),
        observation("BJXX-02"),
        problem("D01"),
        amendment(),
    ]
    .into_iter()
    .map(|b| bench.cut(b))
    .collect();
    for one in &ops {
        assert!(matches!(bench.take(one), Received::Received(_)));
    }
    let expected = bench.dump();
    for seed in 0..20 {
        let mut shuffled = ops.clone();
        shuffled.shuffle(&mut StdRng::seed_from_u64(seed));
        let mut other = Bench::new();
        for one in &shuffled {
            other.take(one);
        }
        assert_eq!(other.dump(), expected, "seed {seed}");
        other.tip = bench.tip;
    }
}

#[test]
fn a_parent_that_is_not_there_yet_parks_the_op_and_tells_when_it_comes() {
    let mut bench = Bench::new();
    let first = bench.cut(problem("D01"));
    let second = bench.cut(amendment());
    bench.take(&second);
    assert_eq!(
        bench.text("SELECT verdict || ' ' || code FROM ops"),
        "parked waiting_for"
    );
    bench.take(&first);
    assert_eq!(
        bench.number("SELECT count(*) FROM ops WHERE verdict = 'applied'"),
        2
    );
    let audience = changes::account(bench.account);
    let page = changes::pull(&bench.db, bench.keys.city, &audience, 0, 100).unwrap();
    let verdicts: Vec<_> = page
        .changes
        .iter()
        .filter_map(|c| match &c.body {
            ChangeBody::Verdict(v) => Some((v.op, v.status)),
            _ => None,
        })
        .collect();
    let id = |op: &SignedOp| op.read_head().unwrap().op;
    assert_eq!(
        verdicts,
        [
            (id(&second), VerdictStatus::Parked),
            (id(&first), VerdictStatus::Applied),
            (id(&second), VerdictStatus::Applied),
        ]
    );
}

#[test]
fn an_unknown_category_lands_as_other_with_what_was_claimed() {
    let mut bench = Bench::new();
    let one = bench.cut(problem("B99"));
    bench.take(&one);
    assert_eq!(
        bench.text("SELECT category || ' ' || claimed_category FROM problems"),
        "Z99 B99"
    );
    assert_eq!(
        bench.text("SELECT verdict || ' ' || code || ' ' || detail FROM ops"),
        "applied category_retired B99"
    );
}

#[test]
fn a_withdrawal_that_comes_too_late_lands_as_a_comment() {
    let mut bench = Bench::new();
    let first = bench.cut(problem("D01"));
    bench.take(&first);
    bench
        .db
        .execute("UPDATE problems SET state = 'accepted'", [])
        .unwrap();
    let late = bench.cut(withdrawal());
    assert!(matches!(bench.take(&late), Received::Received(_)));
    assert_eq!(bench.text("SELECT state FROM problems"), "accepted");
    assert_eq!(
        bench.text("SELECT note FROM problem_events WHERE event = 'comment'"),
        "记错了"
    );
}

#[test]
fn what_was_asked_for_brings_a_returned_problem_back_to_review() {
    let mut bench = Bench::new();
    let first = bench.cut(problem("D01"));
    bench.take(&first);
    bench
        .db
        .execute("UPDATE problems SET state = 'returned'", [])
        .unwrap();
    let more = bench.cut(amendment());
    bench.take(&more);
    assert_eq!(bench.text("SELECT state FROM problems"), "submitted");
}

#[test]
fn only_what_can_never_be_taken_is_refused() {
    let mut bench = Bench::new();
    let good = bench.cut(problem("D01"));
    let refused = |op: &SignedOp| match bench.take(op) {
        Received::Refused { code, zh, .. } => {
            assert!(zh.contains("本机"), "{zh}");
            code
        }
        Received::Received(r) => panic!("taken: {r:?}"),
    };
    let mut forged = good.clone();
    forged.sig = good.sig.chars().rev().collect();
    assert_eq!(refused(&forged), "bad_signature");
    let mut altered = good.clone();
    altered.body = Some(good.body.as_ref().unwrap().replace("路面", "墙面"));
    assert_eq!(refused(&altered), "body_hash");
    let nonsense = SignedOp {
        head: "{}".into(),
        body: None,
        sig: String::new(),
    };
    assert_eq!(refused(&nonsense), "malformed");
    let mut stranger = Bench::new();
    stranger.device = uuid(77).into();
    let foreign = stranger.cut(problem("D01"));
    assert_eq!(refused(&foreign), "unknown_device");
    let mut long = good;
    long.body = Some("x".repeat(70_000));
    assert_eq!(refused(&long), "too_large");
    assert_eq!(bench.number("SELECT count(*) FROM ops"), 0);
}

#[test]
fn a_log_continued_from_an_older_copy_shows_the_fork_and_keeps_both_ops() {
    let mut bench = Bench::new();
    let first = bench.cut(visit());
    let old = bench.tip;
    let one = bench.cut(observation("BJXX-01"));
    bench.tip = old;
    let other = bench.cut(observation("BJXX-02"));
    for op in [&first, &one, &other] {
        assert!(matches!(bench.take(op), Received::Received(_)));
    }
    assert_eq!(bench.number("SELECT forked FROM logs"), 1);
    assert_eq!(bench.number("SELECT count(*) FROM observations"), 2);
    assert_eq!(bench.number("SELECT seq FROM logs"), 2);
}

#[test]
fn an_op_that_makes_the_server_fail_is_kept_and_parked() {
    let mut bench = Bench::new();
    let one = bench.cut(problem("D01"));
    // The fault: the table it needs is gone.
    bench
        .db
        .execute_batch("ALTER TABLE problem_events RENAME TO gone")
        .unwrap();
    bench.db.execute_batch("SAVEPOINT job").unwrap();
    assert!(op(&bench.tx(), &one, 1000).is_err());
    bench
        .db
        .execute_batch("ROLLBACK TO job; RELEASE job")
        .unwrap();
    let kept = park_faulty(&bench.tx(), &one, 1000).unwrap();
    assert!(matches!(kept, Received::Received(_)));
    assert_eq!(
        bench.text("SELECT verdict || ' ' || code FROM ops"),
        "parked server_fault"
    );
}

#[test]
fn another_persons_problem_cannot_be_withdrawn() {
    let mut bench = Bench::new();
    let first = bench.cut(problem("D01"));
    bench.take(&first);
    bench
        .db
        .execute(
            "UPDATE problems SET reporter_id = $1",
            params![uuid(55).to_string()],
        )
        .unwrap();
    let attempt = bench.cut(withdrawal());
    bench.take(&attempt);
    assert_eq!(bench.text("SELECT state FROM problems"), "submitted");
}
