//! `serve`

use anyhow::{Context as _, bail};
use axum_server::{Handle, tls_rustls::RustlsConfig};
use clap::Args;
use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use zhicha_server::{
    api,
    app::{SystemClock, Trust},
    boot, tls,
};

/// How long running requests may take to finish when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// Serves the API on one port. Stops on Ctrl-C or SIGTERM after finishing what runs.
#[derive(Args)]
pub(super) struct Serve {
    /// 数据目录 (the data folder)
    #[arg(long)]
    data: PathBuf,
    /// 监听地址 (address and port)
    #[arg(long, default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// 证书里的主机名或地址，可多次 (host names or addresses of the certificate)
    #[arg(long = "name")]
    names: Vec<String>,
    /// 自备证书链 PEM (a certificate chain of your own)
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// 自备私钥 PEM (its key)
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// 不用 TLS，只许在本机回环地址上 (no TLS, on loopback only)
    #[arg(long)]
    http_on_loopback: bool,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<()> {
        tracing_subscriber::fmt()
            .json()
            .with_writer(std::io::stderr)
            .with_env_filter(
                tracing_subscriber::EnvFilter::try_from_env("ZHICHA_LOG")
                    .unwrap_or_else(|_| "info".into()),
            )
            .init();
        if self.http_on_loopback && !self.listen.ip().is_loopback() {
            bail!(
                "{} 不是本机回环地址，不能不用 TLS；请去掉 --http-on-loopback (not loopback: TLS is required)",
                self.listen
            );
        }
        if !self.data.is_dir() {
            bail!(
                "数据目录 {0} 不存在，请先运行：zhicha-server init --data {0} --city 城市名 (no such folder; run init first)",
                self.data.display()
            );
        }
        let _lock = boot::lock(&self.data)?;
        let secure = self.tls()?;
        let trust = secure.as_ref().map_or_else(Trust::default, |t| Trust {
            ca_pem: t.ca_pem.clone(),
            fingerprint: t.fingerprint.clone(),
        });
        let fingerprint = trust.fingerprint.clone();
        let app = Arc::new(boot::open(&self.data, Arc::new(SystemClock), trust)?);
        let listener = TcpListener::bind(self.listen).with_context(|| {
            format!(
                "端口 {} 用不了，可能已被占用：换一个 --listen，或停掉占用它的程序 (cannot listen; choose another port)",
                self.listen
            )
        })?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let router = api::router(app);
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(async move {
                let handle = Handle::new();
                tokio::spawn(stop_on_signal(handle.clone()));
                let service = router.into_make_service_with_connect_info::<SocketAddr>();
                // The listener is bound: a connection made from here on is answered.
                println!("listening {address} fingerprint {fingerprint}");
                match secure {
                    Some(secure) => {
                        let config = RustlsConfig::from_config(secure.config);
                        axum_server::from_tcp_rustls(listener, config)?
                            .handle(handle)
                            .serve(service)
                            .await
                    }
                    None => {
                        axum_server::from_tcp(listener)?
                            .handle(handle)
                            .serve(service)
                            .await
                    }
                }
            })?;
        tracing::info!("stopped");
        Ok(())
    }

    fn tls(&self) -> anyhow::Result<Option<tls::Tls>> {
        if self.http_on_loopback {
            return Ok(None);
        }
        let secure = match (&self.tls_cert, &self.tls_key) {
            (Some(chain), Some(key)) => tls::files(chain, key)?,
            _ => tls::city(&self.data, &self.names)?,
        };
        Ok(Some(secure))
    }
}

async fn stop_on_signal(handle: Handle<SocketAddr>) {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        match terminate {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
    tracing::info!("stopping: finishing what runs");
    handle.graceful_shutdown(Some(GRACE));
}
