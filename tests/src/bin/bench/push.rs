//! Eight phones push at once into one server process over TLS; every receipt stands for bytes that
//! are durable. The ops are cut beforehand: the server's work is measured, not the phones'.

use crate::Figure;
use anyhow::Context as _;
use data_encoding::BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use reqwest::blocking::Client;
use serde_json::json;
use std::{
    sync::{Arc, Barrier},
    time::{Instant, SystemTime, UNIX_EPOCH},
};
use zhicha_domain::{
    ids::{VisitId, uuid_v7},
    ops::{
        OpBody, Received, SignedOp, Tip,
        body::{ObservationRecorded, Outcome, VisitMode, VisitRole, VisitStarted},
        chain::Author,
        cut,
    },
    time::Stamp,
    wire::{Challenge, Enrolled, PublicKey, PushAnswer, Session, session_message},
};
use zhicha_tests::{
    office,
    server::{self, ADMIN_PASSWORD, Server},
};

const PHONES: usize = 8;
const OPS: usize = 2000;
const BATCH: usize = 50;

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(0))
}

struct Phone {
    client: Client,
    url: String,
    token: String,
    batches: Vec<Vec<SignedOp>>,
}

impl Phone {
    fn bound(server: &Server, code: &str) -> anyhow::Result<Self> {
        let client = office::client(&server.data)?;
        let key = SigningKey::from_bytes(&rand::random());
        let post = |path: &str, body: serde_json::Value| {
            office::read(
                client
                    .post(format!("{}{path}", server.url))
                    .json(&body)
                    .send()?,
            )
        };
        let public = PublicKey::from(&key.verifying_key());
        let ask = json!({"code": code, "device_name": "bench", "public_key": public});
        let bound: Enrolled = serde_json::from_value(post("/v1/enrol", ask)?)?;
        let device = bound.device;
        let challenge: Challenge =
            serde_json::from_value(post("/v1/session/challenge", json!({"device": device}))?)?;
        let signature = key.sign(&session_message(device, &challenge.nonce));
        let ask = json!({
            "device": device, "nonce": challenge.nonce,
            "signature": BASE64.encode(&signature.to_bytes()),
        });
        let session: Session = serde_json::from_value(post("/v1/session", ask)?)?;
        let author = Author {
            account: bound.account,
            device,
            key: &key,
        };
        Ok(Self {
            url: server.url.clone(),
            token: session.token,
            batches: ops(&author)?,
            client,
        })
    }

    fn push(&self) -> anyhow::Result<usize> {
        let mut taken = 0;
        for ops in &self.batches {
            let answer = self
                .client
                .post(format!("{}/v1/sync/push", self.url))
                .bearer_auth(&self.token)
                .json(&json!({"ops": ops}))
                .send()?;
            let answer: PushAnswer = serde_json::from_value(office::read(answer)?)?;
            let received = |r: &&Received| matches!(r, Received::Received(_));
            taken += answer.results.iter().filter(received).count();
        }
        Ok(taken)
    }
}

/// A visit and its observations, as a phone would send them after a morning without a network.
fn ops(author: &Author<'_>) -> anyhow::Result<Vec<Vec<SignedOp>>> {
    let visit: VisitId = uuid_v7(now_ms(), rand::random()).into();
    let mut tip = Tip::empty(uuid_v7(now_ms(), rand::random()).into());
    let mut all = Vec::with_capacity(OPS);
    for n in 0..OPS {
        let body = if n == 0 {
            OpBody::VisitStarted(VisitStarted {
                visit,
                task: None,
                site: None,
                mode: VisitMode::Day,
                role: VisitRole::Lead,
                manual: "v1".into(),
            })
        } else {
            OpBody::ObservationRecorded(ObservationRecorded {
                visit,
                item: format!("BJXX-{:02}", n % 20 + 1),
                outcome: Outcome::Count { count: 1 },
                note: "沿街看了一遍，两处占道".into(),
            })
        };
        let at = Stamp {
            ms: now_ms(),
            off_min: 480,
            boot: String::new(),
            elapsed_ms: n as u64,
            server_off_ms: Some(0),
        };
        let (op, next) = cut(
            tip,
            uuid_v7(now_ms(), rand::random()).into(),
            at,
            author,
            &body,
        )?;
        tip = next;
        all.push(op);
    }
    Ok(all.chunks(BATCH).map(<[SignedOp]>::to_vec).collect())
}

pub(crate) fn figures(floor_ms: f64) -> anyhow::Result<Vec<Figure>> {
    let dir = tempfile::tempdir_in("target")?;
    let data = dir.path().join("data");
    server::init(&data, ADMIN_PASSWORD)?;
    let mut codes = Vec::new();
    for n in 0..PHONES {
        let login = format!("phone{n}");
        server::account(&data, &login, "巡查员", "inspector", ADMIN_PASSWORD)?;
        codes.push(server::code(&data, &login)?);
    }
    let server = Server::start(&data, "127.0.0.1:0")?;
    let phones: Vec<Phone> = codes
        .iter()
        .map(|code| Phone::bound(&server, code))
        .collect::<Result<_, _>>()?;
    let start = Arc::new(Barrier::new(PHONES + 1));
    let threads: Vec<_> = phones
        .into_iter()
        .map(|phone| {
            let start = Arc::clone(&start);
            std::thread::spawn(move || {
                start.wait();
                phone.push()
            })
        })
        .collect();
    start.wait();
    let begun = Instant::now();
    let mut taken = 0;
    for thread in threads {
        taken += thread.join().ok().context("a phone's thread")??;
    }
    let seconds = begun.elapsed().as_secs_f64();
    anyhow::ensure!(
        taken == PHONES * OPS,
        "{taken} of {} ops were taken",
        PHONES * OPS
    );
    server.stop()?;
    Ok(vec![Figure {
        floor: Some(floor_ms),
        ..Figure::plain("push_ops_per_s", taken as f64 / seconds, "op/s")
    }])
}
