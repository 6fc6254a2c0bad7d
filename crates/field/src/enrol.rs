//! Binding a phone to an account. Vault and key exist before the code is spent, so a reply lost on
//! the way is asked for again with the same key.

use crate::{
    FieldError, Vault,
    clock::Clock,
    net::{Request, Transport},
    problem::random,
    vault::set_meta,
};
use rand_core::CryptoRng;
use zhicha_domain::{
    ids::{LogId, uuid_v7},
    wire::{EnrolRequest, Enrolled, PublicKey},
};

/// What the office handed over, and what the owner calls the phone.
pub struct Ticket<'a> {
    /// `https://host:port`
    pub server: &'a str,
    /// The pinned CA; empty on plain loopback.
    pub ca_pem: &'a str,
    /// The one-time code.
    pub code: &'a str,
    /// The phone's name.
    pub device_name: &'a str,
}

impl Vault {
    /// Whether this vault is bound.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn is_enrolled(&self) -> Result<bool, FieldError> {
        Ok(self.meta("device")?.is_some())
    }

    /// What the server said at enrolment.
    ///
    /// # Errors
    /// [`FieldError::NoVault`] before it.
    pub fn enrolled(&self) -> Result<Enrolled, FieldError> {
        let text = self
            .meta("enrolled")?
            .ok_or_else(|| FieldError::NoVault(self.folder().to_owned()))?;
        serde_json::from_str(&text).map_err(|e| FieldError::Unfit(e.to_string()))
    }

    /// The server's address and the pinned CA, kept for every later connection.
    ///
    /// # Errors
    /// [`FieldError::NoVault`] before enrolment.
    pub fn server(&self) -> Result<(String, String), FieldError> {
        match (self.meta("server")?, self.meta("ca_pem")?) {
            (Some(server), Some(ca_pem)) => Ok((server, ca_pem)),
            _ => Err(FieldError::NoVault(self.folder().to_owned())),
        }
    }

    /// Spends the code.
    ///
    /// # Errors
    /// [`FieldError::AlreadyEnrolled`]; [`FieldError::Net`] with the server's words.
    pub fn enrol(
        &mut self,
        ticket: &Ticket<'_>,
        transport: &mut dyn Transport,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<Enrolled, FieldError> {
        if self.is_enrolled()? {
            return Err(FieldError::AlreadyEnrolled(self.folder().to_owned()));
        }
        let request = EnrolRequest {
            code: ticket.code.to_owned(),
            device_name: ticket.device_name.to_owned(),
            public_key: PublicKey::from(&self.device_key().verifying_key()),
            previous_device: None,
        };
        let answer = transport.send(&Request::new("POST", "/v1/enrol").json(&request))?;
        if !answer.ok() {
            return Err(answer.failure().into());
        }
        let enrolled: Enrolled = answer.read()?;
        self.add_recovery(&enrolled.recovery_key, rng)?;
        let log: LogId = uuid_v7(clock.now_ms(), random(rng)).into();
        let text = crate::capture::json(&enrolled)?;
        let offset = enrolled.now_ms.saturating_sub(clock.now_ms());
        let values = [
            ("enrolled", text),
            ("server", ticket.server.to_owned()),
            ("ca_pem", ticket.ca_pem.to_owned()),
            ("account", enrolled.account.to_string()),
            ("device", enrolled.device.to_string()),
            ("device_label", enrolled.device_label.clone()),
            ("log", log.to_string()),
            ("epoch", enrolled.epoch.clone()),
            ("server_off_ms", offset.to_string()),
        ];
        self.transact(|tx| {
            for (key, value) in &values {
                set_meta(tx, key, value)?;
            }
            Ok(())
        })?;
        Ok(enrolled)
    }
}
