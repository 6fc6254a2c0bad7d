//! A phone's engine and a server's routes in one process, and a line between them that fails on
//! purpose. Both ends are the product's own code; only the line is the test's.

use anyhow::Context as _;
use axum::{
    Router,
    body::{Body, Bytes},
};
use http_body_util::BodyExt as _;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tower::ServiceExt as _;
use zhicha_domain::{
    ids::{AccountId, uuid_v7},
    numbers::enrol_code,
    rights::Preset,
    time::Stamp,
};
use zhicha_field::{
    Vault,
    clock::Clock,
    enrol::Ticket,
    net::{NetError, Request, Response, Transport},
};
use zhicha_server::{
    api::{self, secret},
    app::{self, Shared, Trust},
    boot,
    city::CityKeys,
    store::{StoreError, Tx, accounts::NewAccount},
};

/// The PIN of every vault here.
pub const PIN: &[u8] = b"428163";

/// What happens to one exchange.
#[derive(Clone)]
pub enum Fault {
    /// Nothing arrives.
    Unreachable,
    /// The server does its work; the answer is lost.
    LoseReply,
    /// The connection breaks after half of the body.
    Cut,
    /// One bit of the body changes on the way.
    Flip,
    /// Somebody on the way answers instead.
    Answer(u16, &'static str),
    /// The answer arrives altered.
    Edit(fn(&mut Response)),
}

type Chooser = Box<dyn FnMut(&Request) -> Option<Fault> + Send>;

/// The server's side.
pub struct Served {
    /// The service.
    pub app: Shared,
    /// Its data folder.
    pub data: PathBuf,
    router: Router,
    runtime: tokio::runtime::Runtime,
}

/// Both ends' clock.
pub struct TestClock(pub std::sync::atomic::AtomicI64);

impl TestClock {
    fn at(ms: i64) -> Arc<Self> {
        Arc::new(Self(ms.into()))
    }

    fn ms(&self) -> i64 {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

impl app::Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.ms()
    }
}

impl Clock for TestClock {
    fn stamp(&self) -> Stamp {
        Stamp {
            ms: self.ms(),
            off_min: 480,
            boot: String::new(),
            elapsed_ms: 0,
            server_off_ms: None,
        }
    }
}

/// 2026-03-05 16:00 in the city.
pub const NOW: i64 = 1_772_697_600_000;

impl Served {
    /// A fresh city in `dir`.
    ///
    /// # Errors
    /// When the folder cannot be set up.
    pub fn fresh(dir: &Path) -> anyhow::Result<Self> {
        let data = dir.join("data");
        CityKeys::init(
            &data,
            "满洲里市",
            &dir.join("recovery.key"),
            NOW,
            &mut rand::rng(),
        )?;
        Self::open(&data)
    }

    /// Opens a folder.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        let app = Arc::new(boot::open(data, TestClock::at(NOW), Trust::default())?);
        Ok(Self {
            router: api::router(Arc::clone(&app)),
            app,
            data: data.to_owned(),
            runtime: tokio::runtime::Runtime::new()?,
        })
    }

    /// A new inspector; gives the account and a code.
    ///
    /// # Errors
    /// When the store says no.
    pub fn inspector(&self, login: &str) -> anyhow::Result<(AccountId, String)> {
        let account: AccountId = uuid_v7(NOW, rand::random()).into();
        let code = enrol_code(rand::random());
        let hash = secret::stored(&code);
        let new = NewAccount {
            account,
            login: login.to_owned(),
            name: format!("巡查员{login}"),
            preset: Preset::Inspector,
            unit: None,
            password_hash: String::new(),
        };
        self.write(move |tx| {
            tx.insert_account(&new, NOW)?;
            tx.insert_code(&hash, account, NOW + 86_400_000)
        })?;
        Ok((account, code))
    }

    /// Does something in the office's stead.
    ///
    /// # Errors
    /// The work's own.
    pub fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.runtime.block_on(self.app.writer.write(work))
    }

    /// A line to this server; nothing fails on it yet.
    #[must_use]
    pub fn wire(&self) -> Wire<'_> {
        Wire {
            served: self,
            choose: Box::new(|_| None),
            heard: Vec::new(),
        }
    }

    /// A bound phone with its vault in `folder`.
    ///
    /// # Errors
    /// What the phone says.
    pub fn phone(&self, folder: &Path, login: &str) -> anyhow::Result<Vault> {
        let (_, code) = self.inspector(login)?;
        let mut vault = Vault::create(folder, PIN, &mut rand::rng())?;
        let ticket = Ticket {
            server: "https://127.0.0.1:1",
            ca_pem: "",
            code: &code,
            device_name: "手机",
        };
        vault.enrol(&ticket, &mut self.wire(), &clock(), &mut rand::rng())?;
        Ok(vault)
    }

    fn exchange(&self, request: &Request, body: Body) -> anyhow::Result<Response> {
        let mut ask = axum::http::Request::builder()
            .method(request.method)
            .uri(&request.path);
        for (name, value) in &request.headers {
            ask = ask.header(name, value);
        }
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(ask.body(body)?).await?;
            let (parts, body) = answer.into_parts();
            let headers = parts
                .headers
                .iter()
                .map(|(n, v)| (n.to_string(), v.to_str().unwrap_or_default().to_owned()))
                .collect();
            Ok(Response {
                status: parts.status.as_u16(),
                headers,
                body: body.collect().await.context("body")?.to_bytes().to_vec(),
            })
        })
    }
}

/// A clock that stands still at [`NOW`].
#[must_use]
pub fn clock() -> TestClock {
    TestClock(NOW.into())
}

/// The line.
pub struct Wire<'a> {
    served: &'a Served,
    choose: Chooser,
    /// Every answer that reached the phone, headers and body as text.
    pub heard: Vec<String>,
}

impl Wire<'_> {
    /// With a rule for what fails.
    #[must_use]
    pub fn failing(mut self, rule: impl FnMut(&Request) -> Option<Fault> + Send + 'static) -> Self {
        self.choose = Box::new(rule);
        self
    }

    /// The first exchange whose method and path begin so fails.
    #[must_use]
    pub fn once(self, method: &'static str, path: &'static str, fault: Fault) -> Self {
        let mut fault = Some(fault);
        self.failing(move |request| {
            if request.method == method && request.path.starts_with(path) {
                return fault.take();
            }
            None
        })
    }
}

fn gone() -> NetError {
    NetError::Unreachable("the line broke".into())
}

impl Transport for Wire<'_> {
    fn send(&mut self, request: &Request) -> Result<Response, NetError> {
        let whole = || Body::from(request.body.clone());
        let lost = |e: anyhow::Error| NetError::Unreachable(e.to_string());
        let answer = match (self.choose)(request) {
            None => self.served.exchange(request, whole()).map_err(lost)?,
            Some(Fault::Unreachable) => return Err(gone()),
            Some(Fault::LoseReply) => {
                self.served.exchange(request, whole()).map_err(lost)?;
                return Err(gone());
            }
            Some(Fault::Cut) => {
                let half = Bytes::copy_from_slice(&request.body[..request.body.len() / 2]);
                let parts: [Result<Bytes, std::io::Error>; 2] =
                    [Ok(half), Err(std::io::ErrorKind::ConnectionReset.into())];
                let body = Body::from_stream(futures_util::stream::iter(parts));
                let _ = self.served.exchange(request, body);
                return Err(gone());
            }
            Some(Fault::Flip) => {
                let mut body = request.body.clone();
                let middle = body.len() / 2;
                if let Some(byte) = body.get_mut(middle) {
                    *byte ^= 1;
                }
                self.served
                    .exchange(request, Body::from(body))
                    .map_err(lost)?
            }
            Some(Fault::Answer(status, text)) => Response {
                status,
                headers: vec![("content-type".into(), "text/html".into())],
                body: text.as_bytes().to_vec(),
            },
            Some(Fault::Edit(edit)) => {
                let mut answer = self.served.exchange(request, whole()).map_err(lost)?;
                edit(&mut answer);
                answer
            }
        };
        self.heard.push(format!(
            "{:?} {}",
            answer.headers,
            String::from_utf8_lossy(&answer.body)
        ));
        Ok(answer)
    }
}
