//! The city's certificate authority, made at the first start, and the server's certificate under it.
//!
//! `DATA/tls/` holds `ca.pem`, `ca.key`, `server.pem` (leaf and CA) and `server.key`. The CA lives
//! long, because phones pin it; the leaf is made anew when its names change or it nears its end. An
//! office with a certificate of its own names it by flag instead.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};
use zhicha_domain::hash::Digest;

/// What is wrong with certificates.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file system said no.
    #[error("证书文件 {path}：{source} (certificate file)")]
    Io {
        /// Where.
        path: PathBuf,
        /// What.
        source: std::io::Error,
    },
    /// A certificate could not be made.
    #[error("证书做不出来：{0} (cannot make a certificate)")]
    Make(#[from] rcgen::Error),
    /// A certificate or key does not read.
    #[error("证书或私钥 {0} 读不出，请检查文件 (cannot read certificate or key)")]
    Read(PathBuf),
    /// Certificate and key do not belong together.
    #[error("证书和私钥不能用：{0} (certificate and key cannot be used)")]
    Use(#[from] rustls::Error),
}

/// A server's TLS side, and how clients know it.
pub struct Tls {
    /// For the listener.
    pub config: Arc<ServerConfig>,
    /// PEM of the last certificate of the chain, which phones pin.
    pub ca_pem: String,
    /// SHA-256 of its DER.
    pub fingerprint: String,
}

/// Uses the city's own CA under `data`, making what is missing; `names` are host names or addresses
/// beyond the loopback ones.
///
/// # Errors
/// [`TlsError`].
pub fn city(data: &Path, names: &[String]) -> Result<Tls, TlsError> {
    let folder = data.join("tls");
    fs::create_dir_all(&folder).map_err(|source| TlsError::Io {
        path: folder.clone(),
        source,
    })?;
    let (ca_file, ca_key_file) = (folder.join("ca.pem"), folder.join("ca.key"));
    if !ca_file.exists() {
        let key = KeyPair::generate()?;
        let certificate = ca_params()?.self_signed(&key)?;
        write(&ca_key_file, key.serialize_pem().as_bytes(), true)?;
        write(&ca_file, certificate.pem().as_bytes(), false)?;
    }
    let ca_pem = read(&ca_file)?;
    let ca_key = KeyPair::from_pem(&read(&ca_key_file)?)?;
    // Name and key identifier come out as in `ca.pem`, which was made from the same.
    let issuer = Issuer::new(ca_params()?, ca_key);

    // A leaf per start: it costs a millisecond, and its names are always the ones asked for.
    let key = KeyPair::generate()?;
    let mut all = vec!["localhost".to_owned(), "127.0.0.1".into(), "::1".into()];
    all.extend(names.iter().cloned());
    let mut params = CertificateParams::new(all)?;
    params.distinguished_name = named("Zhicha server");
    let leaf = params.signed_by(&key, &issuer)?;
    let chain = format!("{}{ca_pem}", leaf.pem());
    let (chain_file, key_file) = (folder.join("server.pem"), folder.join("server.key"));
    write(&key_file, key.serialize_pem().as_bytes(), true)?;
    write(&chain_file, chain.as_bytes(), false)?;
    files(&chain_file, &key_file)
}

/// Uses a certificate chain and key of the office's own.
///
/// # Errors
/// [`TlsError`].
pub fn files(chain: &Path, key: &Path) -> Result<Tls, TlsError> {
    let unreadable = |path: &Path| TlsError::Read(path.to_owned());
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(chain)
        .map_err(|_| unreadable(chain))?
        .collect::<Result<_, _>>()
        .map_err(|_| unreadable(chain))?;
    let last = certificates.last().ok_or_else(|| unreadable(chain))?;
    let fingerprint = Digest::of(last.as_ref()).to_string();
    let ca_pem = last_pem(&read(chain)?).ok_or_else(|| unreadable(chain))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|_| unreadable(key))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Tls {
        config: Arc::new(config),
        ca_pem,
        fingerprint,
    })
}

fn last_pem(text: &str) -> Option<String> {
    let at = text.rfind("-----BEGIN CERTIFICATE-----")?;
    Some(text[at..].to_owned())
}

fn ca_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name = named("Zhicha city CA");
    Ok(params)
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

fn read(path: &Path) -> Result<String, TlsError> {
    fs::read_to_string(path).map_err(|source| TlsError::Io {
        path: path.to_owned(),
        source,
    })
}

fn write(path: &Path, bytes: &[u8], secret: bool) -> Result<(), TlsError> {
    let at = |source| TlsError::Io {
        path: path.to_owned(),
        source,
    };
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut file = options.open(path).map_err(at)?;
    file.write_all(bytes).map_err(at)?;
    file.sync_all().map_err(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ca_stays_and_the_leaf_is_under_it() {
        let dir = tempfile::tempdir().unwrap();
        let first = city(dir.path(), &[]).unwrap();
        let second = city(dir.path(), &["zhicha.example".into()]).unwrap();
        assert_eq!(first.fingerprint, second.fingerprint);
        assert_eq!(
            first.ca_pem,
            fs::read_to_string(dir.path().join("tls/ca.pem")).unwrap()
        );
    }
}
