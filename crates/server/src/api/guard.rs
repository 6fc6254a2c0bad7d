//! Counting wrong guesses: five in a row close a door for fifteen minutes.

use parking_lot::Mutex;
use std::collections::HashMap;

/// Wrong tries before the door closes.
pub const TRIES: u32 = 5;
/// How long it stays closed, milliseconds.
pub const CLOSED_MS: i64 = 15 * 60 * 1000;
/// Names remembered at most; beyond it the oldest closed door opens first.
const REMEMBERED: usize = 10_000;

/// Wrong guesses by name (a login, an address).
#[derive(Default)]
pub struct Guard {
    wrong: Mutex<HashMap<String, (u32, i64)>>,
}

/// The doors of this server.
#[derive(Default)]
pub struct Guards {
    /// By login.
    pub login: Guard,
    /// By the address a code came from.
    pub code: Guard,
}

impl Guard {
    /// Seconds until the door opens again, if it is closed.
    pub fn closed_for_s(&self, name: &str, now_ms: i64) -> Option<u64> {
        let wrong = self.wrong.lock();
        let (tries, since) = wrong.get(name)?;
        let left = since + CLOSED_MS - now_ms;
        (*tries >= TRIES && left > 0).then(|| u64::try_from(left / 1000 + 1).unwrap_or(1))
    }

    /// Notes a wrong guess; gives the tries left.
    pub fn wrong(&self, name: &str, now_ms: i64) -> u32 {
        let mut wrong = self.wrong.lock();
        if wrong.len() >= REMEMBERED {
            wrong.retain(|_, (_, since)| *since + CLOSED_MS > now_ms);
        }
        let entry = wrong.entry(name.to_owned()).or_insert((0, now_ms));
        if entry.1 + CLOSED_MS <= now_ms {
            *entry = (0, now_ms);
        }
        *entry = (entry.0 + 1, now_ms);
        TRIES.saturating_sub(entry.0)
    }

    /// A right guess clears the name.
    pub fn right(&self, name: &str) {
        self.wrong.lock().remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_guesses_close_the_door_for_fifteen_minutes() {
        let guard = Guard::default();
        let left: Vec<u32> = (0..5).map(|_| guard.wrong("a", 1000)).collect();
        assert_eq!(left, [4, 3, 2, 1, 0]);
        assert_eq!(guard.closed_for_s("a", 1000), Some(901));
        assert_eq!(guard.closed_for_s("b", 1000), None);
        assert_eq!(guard.closed_for_s("a", 1000 + CLOSED_MS), None);
        assert_eq!(guard.wrong("a", 1000 + CLOSED_MS), 4);
        guard.right("a");
        assert_eq!(guard.wrong("a", 1000 + CLOSED_MS), 4);
    }
}
