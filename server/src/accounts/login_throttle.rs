//! Wrong passwords and codes: guessing is slowed down without locking the account's owner out.
//!
//! From one IP address only a few guesses at one account are allowed, then further ones are refused for a while; the owner,
//! at another IP address, isn't affected. Guesses from many IP addresses make every answer about that account slower, up to
//! [`MAX_DELAY`].

use std::{net::IpAddr, time::Duration};

use api::validation::EMAIL_LENGTH;

use crate::{
    domain::{account_key, quota::Quotas},
    limits::{Counter, LimitStorage, Limiter, RateLimitError, RateLimitKey},
};

/// Wrong passwords for one account from one IP address in [`PERIOD`]; then one more every three minutes.
const MAX_FAILURES: u32 = 5;
const PERIOD: Duration = Duration::from_mins(15);

/// What each failure of the last [`PERIOD`] adds to the time of an answer, and the most it adds up to.
const DELAY_PER_FAILURE: Duration = Duration::from_millis(100);
const MAX_DELAY: Duration = Duration::from_secs(2);

/// The recent failed logins.
pub(crate) struct LoginThrottle {
    limiter: Limiter,
    failures: Counter,
}

/// The account that a login is about, whether it exists or not.
pub(crate) struct ThrottledAccount(String);

impl ThrottledAccount {
    /// From its name or, where there is no such account, from what was given for it: cut to one character more than a valid
    /// address, which is enough to tell accounts apart.
    pub(crate) fn new(name_or_address: &str) -> Self {
        let start: String = name_or_address.chars().take(EMAIL_LENGTH + 1).collect();
        Self(account_key(&start))
    }
}

impl LoginThrottle {
    /// Without failures yet. If not `enabled`, failures have no effect.
    pub(crate) fn new(storage: &LimitStorage, enabled: bool) -> Self {
        let quotas = Quotas::one(MAX_FAILURES, PERIOD);
        Self {
            limiter: Limiter::new(storage, "sign-in", enabled, &quotas),
            failures: Counter::new(storage, "failed-sign-in", enabled, PERIOD),
        }
    }

    /// Checks whether a login may be attempted. A refused attempt isn't counted.
    pub(crate) async fn check(&self, ip: IpAddr, account: &ThrottledAccount) -> Result<(), RateLimitError> {
        self.limiter.peek(&limit_key(ip, account)).await.map(|_| ())
    }

    /// How long to wait before an answer about this account.
    pub(crate) async fn delay(&self, account: &ThrottledAccount) -> Duration {
        let failures = self.failures.get(&failures_key(account)).await;
        DELAY_PER_FAILURE.saturating_mul(failures).min(MAX_DELAY)
    }

    /// Counts an attempt at a code before its result is known: a code has only six digits, and attempts at the same time
    /// must not get around the limit.
    pub(crate) async fn charge(&self, ip: IpAddr, account: &ThrottledAccount) -> Result<(), RateLimitError> {
        self.limiter.check(&limit_key(ip, account)).await.map(|_| ())
    }

    /// Undoes one [`LoginThrottle::charge`].
    pub(crate) async fn refund(&self, ip: IpAddr, account: &ThrottledAccount) {
        self.limiter.refund(&limit_key(ip, account), 1).await;
    }

    /// Counts a wrong password.
    pub(crate) async fn record_failure(&self, ip: IpAddr, account: &ThrottledAccount) {
        // The next check reads the result.
        let _status = self.charge(ip, account).await;
        self.record_charged(account).await;
    }

    /// Counts a wrong code, which is charged already.
    pub(crate) async fn record_charged(&self, account: &ThrottledAccount) {
        self.failures.increment(failures_key(account)).await;
    }
}

fn limit_key(ip: IpAddr, account: &ThrottledAccount) -> RateLimitKey {
    RateLimitKey::SignIn(ip, account.0.clone())
}

fn failures_key(account: &ThrottledAccount) -> RateLimitKey {
    RateLimitKey::Account(account.0.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name_or_address: &str) -> String {
        ThrottledAccount::new(name_or_address).0
    }

    #[test]
    fn an_address_is_remembered_whole_and_a_longer_text_is_cut() {
        let longest = "Ñ".repeat(EMAIL_LENGTH);
        assert_eq!(key(&longest), longest.to_lowercase());
        assert_ne!(key(&format!("{longest}x")), key(&longest));
        assert_eq!(key(&"x".repeat(8 << 20)).len(), EMAIL_LENGTH + 1);
        assert_eq!(key("ana@españa.es"), key("Ana@xn--espaa-rta.es"));
    }
}
