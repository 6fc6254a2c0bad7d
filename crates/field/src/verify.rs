//! Checking a vault against itself and against the server's signed word.
//!
//! Proven: each op is signed by this phone's key and its body is the one signed for; the ops form one
//! chain without gap; the server's signed head lies on that chain; each photo file has the hash and
//! length its op names. Not proven by this: that the phone's clock was right, or that an imported
//! picture shows what it is said to show.

use crate::{FieldError, Vault, vault::log};
use serde::Serialize;
use zhicha_domain::{
    hash::Digest,
    ops::{SignedLogHead, SignedOp, Tip, check_run},
};

/// What a check found.
#[derive(Debug, Default, Serialize)]
pub struct Verified {
    /// Ops in the log.
    pub ops: u64,
    /// Photo files checked.
    pub files: u64,
    /// Up to where the server has signed; `None`: nothing was sent yet.
    pub server_seq: Option<u64>,
    /// What is wrong; empty: everything holds.
    pub faults: Vec<String>,
}

impl Vault {
    /// Checks log, server head and photo files.
    ///
    /// # Errors
    /// [`FieldError`] when the vault itself cannot be read.
    pub fn verify(&self) -> Result<Verified, FieldError> {
        let mut found = Verified::default();
        let who = self.who()?;
        let ops: Vec<SignedOp> = log::ops(&self.db, 0, None, usize::MAX)?
            .into_iter()
            .map(|(_, op)| op)
            .collect();
        found.ops = ops.len() as u64;
        let key = self.device_key().verifying_key();
        if let Err(fault) = check_run(Tip::empty(who.log), &ops, &key) {
            found.faults.push(format!("日志：{fault} (log)"));
        }
        self.check_head(&ops, &mut found)?;
        let files: Vec<(String, String, i64)> = self
            .db
            .prepare("SELECT file, sha256, len FROM photo_files")?
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
            .collect::<Result<_, _>>()?;
        for (file, sha256, len) in files {
            found.files += 1;
            let holds = sha256
                .parse::<Digest>()
                .ok()
                .map(|sha256| self.read_file(&file, sha256))
                .is_some_and(|read| read.is_ok_and(|b| i64::try_from(b.len()) == Ok(len)));
            if !holds {
                found
                    .faults
                    .push(format!("照片文件 {file} 与校验值不符 (photo file)"));
            }
        }
        Ok(found)
    }

    fn check_head(&self, ops: &[SignedOp], found: &mut Verified) -> Result<(), FieldError> {
        let Some(text) = self.meta("log_head")? else {
            return Ok(());
        };
        let head = self
            .enrolled()?
            .server_key
            .verifying()
            .ok()
            .zip(serde_json::from_str::<SignedLogHead>(&text).ok())
            .and_then(|(key, signed)| signed.verify(&key).ok());
        let Some(head) = head else {
            found
                .faults
                .push("服务器签名的日志头不对 (the server's signed head)".into());
            return Ok(());
        };
        found.server_seq = Some(head.seq);
        let ours = usize::try_from(head.seq)
            .ok()
            .and_then(|seq| seq.checked_sub(1))
            .and_then(|at| ops.get(at))
            .map(SignedOp::hash);
        if head.seq > 0 && ours != Some(head.hash) {
            found.faults.push(
                "服务器签过的日志头不在本机日志上，缺了记录 (records signed for by the server are missing)"
                    .into(),
            );
        }
        Ok(())
    }
}
