//! Meeting a server for the first time: the presented chain's last certificate is the city's CA, and
//! its fingerprint must be the one the office handed over. Nothing is sent before that is known.

use super::{
    NetError,
    http::{address, config_with},
};
use data_encoding::BASE64_MIME;
use rustls::{
    ClientConnection, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use std::{
    io::Write as _,
    net::{TcpStream, ToSocketAddrs as _},
    sync::{Arc, Mutex},
    time::Duration,
};
use zhicha_domain::hash::Digest;

const PATIENCE: Duration = Duration::from_secs(10);

/// The fingerprint as it is handed over: 64 hex digits, colons and spaces allowed.
///
/// # Errors
/// [`NetError::Certificate`] when it is none.
pub fn fingerprint_of(text: &str) -> Result<Digest, NetError> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ':')
        .collect::<String>()
        .to_ascii_lowercase();
    plain.parse().map_err(|_| {
        NetError::Certificate("指纹应为 64 位十六进制 (a fingerprint has 64 hex digits)".into())
    })
}

/// Connects to `server`, and gives the PEM of its CA if the fingerprint matches; empty on plain
/// loopback.
///
/// # Errors
/// [`NetError`]; [`NetError::Certificate`] names the fingerprint found.
pub fn fetch_ca(server: &str, expected: Option<Digest>) -> Result<String, NetError> {
    let Some(last) = last_certificate(server)? else {
        return Ok(String::new());
    };
    let found = Digest::of(&last);
    match expected {
        Some(expected) if expected == found => Ok(format!(
            "-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n",
            BASE64_MIME.encode(&last).replace('\r', "")
        )),
        _ => Err(NetError::Certificate(format!(
            "服务器的指纹是 {found}，请与办公室给的逐位核对，一致时用 --fingerprint 给出 (compare it with the one the office gave you and pass it with --fingerprint)"
        ))),
    }
}

/// The fingerprint of the CA that `server` shows, to be compared by a person; `None` on plain
/// loopback.
///
/// # Errors
/// [`NetError`].
pub fn fingerprint_at(server: &str) -> Result<Option<Digest>, NetError> {
    Ok(last_certificate(server)?.map(|last| Digest::of(&last)))
}

/// The last certificate of the chain that `server` shows, DER; `None` on plain loopback.
fn last_certificate(server: &str) -> Result<Option<Vec<u8>>, NetError> {
    let url = address(server)?;
    if url.scheme() == "http" {
        return Ok(None);
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    let bare = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let seen = Arc::new(Recorder::default());
    let config = config_with(seen.clone())?;
    let name =
        ServerName::try_from(bare.clone()).map_err(|_| NetError::Address(server.to_owned()))?;
    let unreachable = |e: std::io::Error| NetError::Unreachable(e.to_string());
    let target = (bare.as_str(), port)
        .to_socket_addrs()
        .map_err(unreachable)?
        .next()
        .ok_or_else(|| NetError::Address(server.to_owned()))?;
    let mut socket = TcpStream::connect_timeout(&target, PATIENCE).map_err(unreachable)?;
    socket
        .set_read_timeout(Some(PATIENCE))
        .map_err(unreachable)?;
    socket
        .set_write_timeout(Some(PATIENCE))
        .map_err(unreachable)?;
    let mut connection = ClientConnection::new(Arc::new(config), name)
        .map_err(|e| NetError::Certificate(e.to_string()))?;
    while connection.is_handshaking() {
        connection.complete_io(&mut socket).map_err(unreachable)?;
    }
    connection.send_close_notify();
    let _ = connection.write_tls(&mut socket);
    let _ = socket.flush();
    let last = seen.last.lock().ok().and_then(|mut last| last.take());
    match last {
        Some(last) => Ok(Some(last)),
        None => Err(NetError::Certificate("没有证书 (none presented)".into())),
    }
}

/// Keeps the chain's last certificate; judges nothing, since nothing is sent on this connection.
#[derive(Debug, Default)]
struct Recorder {
    last: Mutex<Option<Vec<u8>>>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let last = intermediates.last().unwrap_or(end_entity);
        if let Ok(mut slot) = self.last.lock() {
            *slot = Some(last.as_ref().to_vec());
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::ring::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}
