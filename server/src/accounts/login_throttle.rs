//! Failed logins: guessing is slowed down without locking the account's owner out.
//!
//! From one address only a few guesses at one account are allowed, then further ones are refused for a while; the owner,
//! at another address, isn't affected. Guesses from many addresses make every answer about that account slower, up to
//! [`MAX_DELAY`].

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use api::validation::USERNAME_LENGTH;
use moka::sync::Cache;

use crate::{
    domain::quota::{Quota, Quotas},
    limits::{Limiter, RateLimitError, RateLimitKey},
};

/// Wrong passwords for one account from one address in [`PERIOD`]; then one more every three minutes.
const MAX_FAILURES: u32 = 5;
const PERIOD: Duration = Duration::from_mins(15);

/// What each failure of the last [`PERIOD`] adds to the time of an answer, and the most it adds up to.
const DELAY_PER_FAILURE: Duration = Duration::from_millis(100);
const MAX_DELAY: Duration = Duration::from_secs(2);

/// The number of accounts whose failures are remembered.
const MAX_ACCOUNTS: u64 = 100_000;

/// The recent failed logins.
pub(crate) struct LoginThrottle {
    limiter: Limiter,
    failures: Cache<String, u32>,
}

impl LoginThrottle {
    /// Without failures yet. If not `enabled`, failures have no effect.
    pub(crate) fn new(enabled: bool) -> Self {
        let count = NonZeroU32::new(MAX_FAILURES).unwrap_or(NonZeroU32::MIN);
        Self {
            limiter: Limiter::new(enabled, &Quotas(vec![Quota { count, period: PERIOD }])),
            failures: Cache::builder()
                .max_capacity(if enabled { MAX_ACCOUNTS } else { 0 })
                .time_to_live(PERIOD)
                .build(),
        }
    }

    /// Checks whether a login may be attempted. A refused attempt isn't counted.
    ///
    /// # Errors
    ///
    /// [`RateLimitError`] with the time to wait.
    pub(crate) fn check(&self, ip: IpAddr, username: &str) -> Result<(), RateLimitError> {
        self.limiter.peek(&limit_key(ip, username)).map(|_| ())
    }

    /// How long to wait before an answer about this account.
    pub(crate) fn delay(&self, username: &str) -> Duration {
        let failures = self.failures.get(&account_key(username)).unwrap_or(0);
        DELAY_PER_FAILURE.saturating_mul(failures).min(MAX_DELAY)
    }

    /// Counts a wrong password.
    pub(crate) fn record_failure(&self, ip: IpAddr, username: &str) {
        // The next check reads the result.
        let _status = self.limiter.check(&limit_key(ip, username));
        self.failures
            .entry(account_key(username))
            .and_upsert_with(|entry| entry.map_or(1, |entry| entry.into_value().saturating_add(1)));
    }
}

fn limit_key(ip: IpAddr, username: &str) -> RateLimitKey {
    RateLimitKey::SignIn(ip, account_key(username))
}

/// The name in lower case, cut to one character more than a valid name: that is enough to tell names apart.
fn account_key(username: &str) -> String {
    let letters = username.chars().take(USERNAME_LENGTH.end() + 1);
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_remembered_whole_and_a_longer_text_is_cut() {
        let longest = "Ñ".repeat(*USERNAME_LENGTH.end());
        assert_eq!(account_key(&longest), longest.to_lowercase());
        assert_ne!(account_key(&format!("{longest}x")), account_key(&longest));
        assert_eq!(account_key(&"x".repeat(8 << 20)).len(), 33);
    }
}
