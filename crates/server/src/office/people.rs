//! People and their codes.

use super::{Fault, name};
use crate::{
    password,
    store::{Tx, accounts::NewAccount},
};
use serde::Deserialize;
use utoipa::ToSchema;
use zhicha_domain::{
    ids::{AccountId, UnitId},
    rights::{Act, Preset, Reach, reach},
};

/// How long an enrolment code is good for, milliseconds: a day.
pub const CODE_MS: i64 = 24 * 3_600_000;

/// A new person.
#[derive(Deserialize, ToSchema)]
pub struct NewPerson {
    /// Login: lower-case letters, digits, dot, dash, underscore.
    pub login: String,
    /// Name.
    pub name: String,
    /// Preset.
    pub preset: Preset,
    /// Its unit, for the preset `unit`.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// Its first password; an inspector who only uses the phone needs none.
    #[serde(default)]
    pub password: Option<String>,
}

/// Whether a login can be one.
#[must_use]
pub fn is_login(text: &str) -> bool {
    (2..=40).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b))
}

/// Checks a new person as far as it can be done without the store, so that a bad form costs no
/// password hash.
///
/// # Errors
/// [`Fault`].
pub fn check(new: &NewPerson) -> Result<(), Fault> {
    if !is_login(&new.login) {
        return Err(Fault::invalid(
            "login",
            "登录名用 2 到 40 个小写字母、数字、点、横线或下划线",
            "a login has 2 to 40 lower-case letters, digits, dots, dashes or underscores",
        ));
    }
    name(&new.name, "姓名", "the name")?;
    match &new.password {
        Some(password) => password::check(password).map_err(|weak| {
            let text = weak.to_string();
            let (zh, en) = text.split_once(" (").unwrap_or((&text, ""));
            Fault::invalid("password", zh, en.trim_end_matches(')'))
        }),
        None if new.preset == Preset::Inspector => Ok(()),
        None => Err(Fault::invalid(
            "password",
            "请给一个初始密码",
            "a first password is needed",
        )),
    }
}

/// Adds a person.
///
/// # Errors
/// [`Fault`].
pub fn add(
    tx: &Tx<'_>,
    new: &NewPerson,
    account: AccountId,
    password_hash: String,
    now_ms: i64,
) -> Result<(), Fault> {
    let unit = match (new.preset, new.unit) {
        (Preset::Unit, Some(unit)) if tx.has_unit(unit)? => Some(unit),
        (Preset::Unit, _) => {
            return Err(Fault::invalid(
                "unit",
                "责任单位账号要选一个已有的单位",
                "an account of a unit needs an existing unit",
            ));
        }
        (_, None) => None,
        (_, Some(_)) => {
            return Err(Fault::invalid(
                "unit",
                "只有责任单位账号才选单位",
                "only an account of a unit has a unit",
            ));
        }
    };
    let row = NewAccount {
        account,
        login: new.login.clone(),
        name: name(&new.name, "姓名", "the name")?,
        preset: new.preset,
        unit,
        password_hash,
    };
    if tx.insert_account(&row, now_ms)? {
        return Ok(());
    }
    Err(Fault::conflict(
        "login_taken",
        format!("登录名 {} 已有人用，请换一个", new.login),
        "this login is taken",
    ))
}

/// Stores a code for an inspector's phone by its hash.
///
/// # Errors
/// [`Fault`]; a person who does not use the phone gets none.
pub fn add_code(
    tx: &Tx<'_>,
    account: AccountId,
    code_hash: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    let person = tx
        .account_card(account)?
        .filter(|a| !a.disabled)
        .ok_or(Fault::NotFound)?;
    if reach(person.preset, Act::Field) == Reach::Nowhere {
        return Err(Fault::conflict(
            "no_phone",
            "只有巡查员账号可以绑定手机",
            "only an inspector's account binds a phone",
        ));
    }
    tx.insert_code(code_hash, account, now_ms + CODE_MS)?;
    Ok(())
}
