//! Where this window is said to be.

use zhicha_domain::geo::{Datum, Fix};

/// A computer has no receiver: `ZHICHA_POSITION` names a file with `latitude,longitude,accuracy_m`,
/// read at each ask, for tests and demonstrations. The fix says of itself where it comes from. On a
/// phone the page asks the system instead.
#[tauri::command(async)]
pub(crate) fn position() -> Option<Fix> {
    if cfg!(mobile) {
        return None;
    }
    let path = std::env::var_os("ZHICHA_POSITION")?;
    let text = std::fs::read_to_string(path).ok()?;
    let mut parts = text.trim().split(',').map(|part| part.trim().parse().ok());
    Some(Fix {
        lat: parts.next()??,
        lon: parts.next()??,
        acc_m: parts.next().flatten(),
        datum: Datum::Wgs84,
        provider: "test".to_owned(),
        age_ms: 0,
        simulated: false,
    })
}
