//! Failed sign-ins: who guesses is slowed, and the owner isn't locked out.
//!
//! Guesses at one account from one address are few, then refused for a while: the owner, at another address, signs in
//! as ever. Guesses from many addresses make every answer about that account slower, up to [`SLOWEST`], and no more.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use api::validation::USERNAME_LENGTH;
use moka::sync::Cache;

use crate::{
    domain::quota::{Quota, Quotas},
    limits::{Limiter, RateLimitError, RateLimitKey},
};

/// Wrong passwords for one account from one address; then one more every three minutes.
const GUESSES: u32 = 5;
const PERIOD: Duration = Duration::from_mins(15);

/// What each failure of the last quarter of an hour adds to an answer's time, and the most it comes to.
const SLOWER: Duration = Duration::from_millis(100);
const SLOWEST: Duration = Duration::from_secs(2);

/// Accounts whose failures are remembered.
const ACCOUNTS: u64 = 100_000;

/// The failures of late.
pub struct Attempts {
    guesses: Limiter,
    failures: Cache<String, u32>,
}

impl Attempts {
    /// None yet. When not `enabled`, failures cost nothing, as limits do.
    pub fn new(enabled: bool) -> Self {
        let count = NonZeroU32::new(GUESSES).unwrap_or(NonZeroU32::MIN);
        Self {
            guesses: Limiter::new(enabled, &Quotas(vec![Quota { count, period: PERIOD }])),
            failures: Cache::builder()
                .max_capacity(if enabled { ACCOUNTS } else { 0 })
                .time_to_live(PERIOD)
                .build(),
        }
    }

    /// Whether a guess may be made; what is refused costs nothing.
    ///
    /// # Errors
    ///
    /// [`RateLimitError`] with the time to wait.
    pub fn check(&self, ip: IpAddr, username: &str) -> Result<(), RateLimitError> {
        self.guesses.peek(&who(ip, username)).map(|_| ())
    }

    /// How long to wait before an answer about this account.
    pub fn delay(&self, username: &str) -> Duration {
        let failures = self.failures.get(&key(username)).unwrap_or(0);
        SLOWER.saturating_mul(failures).min(SLOWEST)
    }

    /// A guess was wrong.
    pub fn failed(&self, ip: IpAddr, username: &str) {
        // RateLimitError or not: the next check tells.
        let _standing = self.guesses.check(&who(ip, username));
        self.failures
            .entry(key(username))
            .and_upsert_with(|entry| entry.map_or(1, |entry| entry.into_value().saturating_add(1)));
    }
}

fn who(ip: IpAddr, username: &str) -> RateLimitKey {
    RateLimitKey::SignIn(ip, key(username))
}

/// A name as it is remembered: in lower case, and no longer than it takes to know that nobody has it.
fn key(username: &str) -> String {
    let letters = username.chars().take(USERNAME_LENGTH.end() + 1);
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_remembered_whole_and_a_flood_of_text_is_not() {
        let longest = "Ñ".repeat(*USERNAME_LENGTH.end());
        assert_eq!(key(&longest), longest.to_lowercase());
        assert_ne!(key(&format!("{longest}x")), key(&longest));
        assert_eq!(key(&"x".repeat(8 << 20)).len(), 33);
    }
}
