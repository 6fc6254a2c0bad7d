//! Passwords of the office's accounts: Argon2id, and a floor for their strength.

use argon2::{
    Argon2, PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash,
};

/// The fewest characters of a password.
pub const MIN_CHARS: usize = 10;

/// Why a password is not taken, or could not be hashed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PasswordError {
    /// Too short.
    #[error("密码至少 {MIN_CHARS} 个字符 (at least {MIN_CHARS} characters)")]
    Short,
    /// One character over and over.
    #[error("密码不能只由同一个字符组成 (not one character over and over)")]
    Monotone,
    /// The hash could not be made.
    #[error("密码处理出错，请再试 (the password could not be hashed)")]
    Hash,
}

/// Whether a password may be used.
///
/// # Errors
/// [`PasswordError`].
pub fn check(password: &str) -> Result<(), PasswordError> {
    if password.chars().count() < MIN_CHARS {
        return Err(PasswordError::Short);
    }
    let mut letters = password.chars();
    let first = letters.next();
    if letters.all(|c| Some(c) == first) {
        return Err(PasswordError::Monotone);
    }
    Ok(())
}

/// Hashes a password with a fresh salt; takes tens of milliseconds by design.
///
/// # Errors
/// [`PasswordError::Hash`].
pub fn hash(password: &str) -> Result<String, PasswordError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| PasswordError::Hash)
}

/// Whether the password belongs to the hash. An empty hash belongs to none, and takes as long.
#[must_use]
pub fn verify(password: &str, hash: &str) -> bool {
    match PasswordHash::new(hash) {
        Ok(parsed) => Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok(),
        Err(_) => {
            let _ = self::hash(password);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_alone() {
        let made = hash("manzhouli-2026").unwrap();
        assert!(made.starts_with("$argon2id$"));
        assert!(verify("manzhouli-2026", &made));
        assert!(!verify("manzhouli-2027", &made));
        assert!(!verify("manzhouli-2026", ""));
    }

    #[test]
    fn weak_ones_are_named() {
        assert_eq!(check("short"), Err(PasswordError::Short));
        assert_eq!(check("aaaaaaaaaaaa"), Err(PasswordError::Monotone));
        assert_eq!(check("十个字的密码也是可以"), Ok(()));
    }
}
