//! Rate limits.
//!
//! Each quota is a token bucket of `governor` (GCRA). Several quotas can apply to one key: a request is charged to all of
//! them only if all of them allow it (docs/adr/0006-limits.md).

mod store;

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use governor::{
    RateLimiter,
    clock::{Clock, QuantaClock},
    middleware::{StateInformationMiddleware, StateSnapshot},
};

use store::{BoundedStore, Probe};

use crate::domain::quota::{Quota, Quotas};

/// What a quota is counted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum RateLimitKey {
    /// A route and a client address.
    Ip(String, IpAddr),
    /// The id of a user.
    User(i64),
    /// A client address and the account that a login is about.
    SignIn(IpAddr, String),
}

/// The state of a quota for one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RateLimitStatus {
    /// Requests per period.
    pub limit: u32,
    /// Requests that are left.
    pub remaining: u32,
    /// Time until the quota is full again.
    pub reset: Duration,
}

/// A request exceeds a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("rate limit exceeded")]
pub(crate) struct RateLimitError {
    /// The state of the exceeded quota.
    pub status: RateLimitStatus,
    /// Time until a request is allowed again.
    pub wait: Duration,
}

type Window = RateLimiter<Probe, BoundedStore, QuantaClock, StateInformationMiddleware>;

const ONE: NonZeroU32 = NonZeroU32::MIN;

/// One quota and its state.
struct WindowState {
    quota: Quota,
    window: Window,
    /// The store of `window`, which doesn't expose it.
    store: BoundedStore,
}

/// Several quotas that apply together.
pub(crate) struct Limiter {
    windows: Vec<WindowState>,
    /// Held between checking all quotas and charging them, for less than a microsecond.
    lock: Mutex<()>,
}

impl Limiter {
    /// A limiter with these quotas, or with none when not `enabled`.
    pub(crate) fn new(enabled: bool, quotas: &Quotas) -> Self {
        let window = |quota: &Quota| {
            // At least a nanosecond, as the parser of the notation ensures.
            let rate = governor::Quota::with_period(quota.period / quota.count.get())?.allow_burst(quota.count);
            let store = BoundedStore::new(quota.period);
            let window = RateLimiter::<_, _, _>::new(rate, store.clone(), QuantaClock::default());
            Some(WindowState {
                quota: *quota,
                window: window.with_middleware(),
                store,
            })
        };
        Self {
            windows: if enabled {
                quotas.0.iter().filter_map(window).collect()
            } else {
                Vec::new()
            },
            lock: Mutex::new(()),
        }
    }

    /// Charges a request to every quota, or to none. Returns the status with the fewest requests left, or `None` without
    /// quotas.
    ///
    /// # Errors
    ///
    /// [`RateLimitError`] of the quota with the longest wait.
    pub(crate) fn check(&self, key: &RateLimitKey) -> Result<Option<RateLimitStatus>, RateLimitError> {
        self.check_all(key, ONE)
    }

    /// As [`Limiter::check`] for as many requests as `count`: all of them or none.
    ///
    /// # Errors
    ///
    /// As for [`Limiter::check`]; a quota of fewer requests is always exceeded.
    pub(crate) fn check_all(
        &self,
        key: &RateLimitKey,
        count: NonZeroU32,
    ) -> Result<Option<RateLimitStatus>, RateLimitError> {
        let _guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.statuses(key, count)?;
        let charged = self.windows.iter().filter_map(|WindowState { quota, window, .. }| {
            let snapshot = window.check_key_n(&Probe::charge(key), count).ok()?.ok()?;
            Some(status(quota, snapshot.remaining_burst_capacity()))
        });
        Ok(charged.min_by_key(|status| status.remaining))
    }

    /// Undoes as many [`Limiter::check`] as `count`.
    pub(crate) fn refund(&self, key: &RateLimitKey, count: u32) {
        for WindowState { quota, store, .. } in &self.windows {
            store.refund(key, quota.period / quota.count.get() * count);
        }
    }

    /// As [`Limiter::check`], without charging.
    ///
    /// # Errors
    ///
    /// [`RateLimitError`] when no request is left.
    pub(crate) fn peek(&self, key: &RateLimitKey) -> Result<Option<RateLimitStatus>, RateLimitError> {
        let statuses = self.statuses(key, ONE)?;
        Ok(statuses.into_iter().min_by_key(|status| status.remaining))
    }

    /// As [`Limiter::peek`], also when no request is left.
    pub(crate) fn status(&self, key: &RateLimitKey) -> Option<RateLimitStatus> {
        self.peek(key).unwrap_or_else(|exceeded| Some(exceeded.status))
    }

    /// The status of each quota before `count` requests, without charging them.
    fn statuses(&self, key: &RateLimitKey, count: NonZeroU32) -> Result<Vec<RateLimitStatus>, RateLimitError> {
        let mut statuses = Vec::with_capacity(self.windows.len());
        let mut exceeded: Option<RateLimitError> = None;
        for WindowState { quota, window, .. } in &self.windows {
            let wait = match window.check_key_n(&Probe::peek(key), count) {
                Ok(Ok(snapshot)) => {
                    statuses.push(status(quota, remaining_before(&snapshot, count, quota.count)));
                    continue;
                }
                Ok(Err(until)) => until.wait_time_from(window.clock().now()),
                // More than the whole quota.
                Err(_) => quota.period,
            };
            if exceeded.is_none_or(|other| other.wait < wait) {
                exceeded = Some(RateLimitError {
                    status: status(quota, 0),
                    wait,
                });
            }
        }
        exceeded.map_or(Ok(statuses), Err)
    }
}

/// A snapshot contains what is left after `count` requests, which a probe by [`Probe::peek`] doesn't charge.
fn remaining_before(snapshot: &StateSnapshot, count: NonZeroU32, limit: NonZeroU32) -> u32 {
    let left = snapshot.remaining_burst_capacity().saturating_add(count.get());
    left.min(limit.get())
}

fn status(quota: &Quota, remaining: u32) -> RateLimitStatus {
    let limit = quota.count.get();
    let reset = quota.period / limit * limit.saturating_sub(remaining);
    RateLimitStatus {
        limit,
        remaining,
        reset,
    }
}

impl RateLimitError {
    /// Seconds to wait, rounded up.
    pub(crate) fn retry_after(&self) -> u32 {
        let seconds = self.wait.as_secs() + u64::from(self.wait.subsec_nanos() > 0);
        u32::try_from(seconds.max(1)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(quotas: &str) -> Limiter {
        Limiter::new(true, &quotas.parse().unwrap())
    }

    fn spend(limiter: &Limiter, key: &RateLimitKey) -> usize {
        (0..1000).take_while(|_| limiter.check(key).is_ok()).count()
    }

    #[test]
    fn a_quota_allows_exactly_its_limit() {
        let limiter = limiter("10 per hour");
        assert_eq!(spend(&limiter, &RateLimitKey::User(1)), 10);
        assert_eq!(spend(&limiter, &RateLimitKey::User(2)), 10);
        let error = limiter.check(&RateLimitKey::User(1)).unwrap_err();
        assert_eq!(error.status.limit, 10);
        assert!((355..=360).contains(&error.retry_after()), "{error:?}");
    }

    #[test]
    fn a_request_rejected_by_one_quota_is_not_charged_to_the_other() {
        let limiter = limiter("20 per day;3 per hour");
        let key = RateLimitKey::User(1);
        assert_eq!(spend(&limiter, &key), 3);
        for _ in 0..100 {
            assert_eq!(limiter.check(&key).unwrap_err().status.limit, 3);
        }
        // Three requests were charged to the daily quota, so 17 are left.
        let WindowState { quota, window, .. } = &limiter.windows[0];
        let left = window.check_key(&Probe::peek(&key)).unwrap();
        assert_eq!(remaining_before(&left, ONE, quota.count), 17);
    }

    #[test]
    fn a_peek_is_not_charged() {
        let limiter = limiter("5 per day");
        let key = RateLimitKey::User(1);
        for _ in 0..100 {
            assert_eq!(limiter.peek(&key).unwrap().unwrap().remaining, 5);
        }
        let status = limiter.check(&key).unwrap().unwrap();
        assert_eq!((status.limit, status.remaining), (5, 4));
        assert_eq!(limiter.peek(&key).unwrap().unwrap().remaining, 4);
    }

    #[test]
    fn refunded_requests_are_available_again_and_no_more() {
        let limiter = limiter("20 per day;3 per hour");
        let key = RateLimitKey::User(1);
        for _ in 0..100 {
            limiter.check(&key).unwrap();
            limiter.refund(&key, 1);
        }
        // Without a charge, a refund has no effect.
        limiter.refund(&key, 1);
        limiter.refund(&RateLimitKey::User(2), 1);
        assert_eq!(spend(&limiter, &key), 3);
        assert_eq!(spend(&limiter, &RateLimitKey::User(2)), 3);
    }

    #[test]
    fn several_requests_are_charged_together_or_not_at_all() {
        let limiter = limiter("20 per day;5 per hour");
        let key = RateLimitKey::User(1);
        let check = |count| limiter.check_all(&key, NonZeroU32::new(count).unwrap());
        let left = || limiter.status(&key).map(|status| status.remaining);
        assert_eq!(check(3).unwrap().unwrap().remaining, 2);
        let error = check(3).unwrap_err();
        assert_eq!(error.status.limit, 5);
        assert!((710..=720).contains(&error.retry_after()), "{error:?}");
        assert_eq!(left(), Some(2));
        // Waiting doesn't help.
        assert_eq!(check(6).unwrap_err().wait, Duration::from_hours(1));
        limiter.refund(&key, 3);
        assert_eq!(check(5).unwrap().unwrap().remaining, 0);
        assert_eq!(left(), Some(0));
    }

    #[test]
    fn disabled_limits_have_no_status() {
        let limiter = Limiter::new(false, &"1 per day".parse().unwrap());
        assert!((0..100).all(|_| limiter.check(&RateLimitKey::User(1)) == Ok(None)));
    }

    #[test]
    fn concurrent_requests_get_no_more_than_the_limit() {
        let limiter = limiter("50 per hour;20 per minute");
        let given: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| spend(&limiter, &RateLimitKey::User(1))))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(given, 20);
    }

    #[test]
    fn the_number_of_keys_is_bounded() {
        let limiter = limiter("50 per hour");
        for client in 0..1_000_000 {
            assert!(limiter.check(&RateLimitKey::User(client)).is_ok());
        }
        let keys = limiter.windows[0].window.len();
        assert!(keys as u64 <= store::MAX_KEYS, "{keys}");
    }
}
