//! Quotas that this process counts: token buckets of `governor` (GCRA).

use std::{
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
};

use governor::{
    RateLimiter,
    clock::{Clock, QuantaClock},
    middleware::{StateInformationMiddleware, StateSnapshot},
};

use super::{
    ONE, Outcome, RateLimitError, RateLimitKey, RateLimitStatus, combined, status,
    store::{BoundedStore, Probe},
};
use crate::domain::quota::{Quota, Quotas};

type Window = RateLimiter<Probe, BoundedStore, QuantaClock, StateInformationMiddleware>;

/// One quota and its state.
struct WindowState {
    quota: Quota,
    window: Window,
    /// The store of `window`, which doesn't expose it.
    store: BoundedStore,
}

/// Several quotas that apply together.
pub(super) struct MemoryLimiter {
    windows: Vec<WindowState>,
    /// Held between checking all quotas and charging them, for less than a microsecond.
    lock: Mutex<()>,
}

impl MemoryLimiter {
    /// A limiter with these quotas, or with none when not `enabled`.
    pub(super) fn new(enabled: bool, quotas: &Quotas) -> Self {
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

    /// Charges as many requests as `count` to every quota, or none.
    pub(super) fn check_all(&self, key: &RateLimitKey, count: NonZeroU32) -> Outcome {
        let _guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.peek_all(key, count)?;
        let charged = self.windows.iter().filter_map(|WindowState { quota, window, .. }| {
            let snapshot = window.check_key_n(&Probe::charge(key), count).ok()?.ok()?;
            Some(Ok(status(quota, snapshot.remaining_burst_capacity())))
        });
        combined(charged)
    }

    /// Gives `count` requests back.
    pub(super) fn refund(&self, key: &RateLimitKey, count: u32) {
        for WindowState { quota, store, .. } in &self.windows {
            store.refund(key, quota.period / quota.count.get() * count);
        }
    }

    /// What a request would be answered.
    pub(super) fn peek(&self, key: &RateLimitKey) -> Outcome {
        self.peek_all(key, ONE)
    }

    /// As [`MemoryLimiter::check_all`], without charging.
    fn peek_all(&self, key: &RateLimitKey, count: NonZeroU32) -> Outcome {
        combined(self.windows.iter().map(|window| window.peek(key, count)))
    }
}

impl WindowState {
    /// The status before `count` requests.
    fn peek(&self, key: &RateLimitKey, count: NonZeroU32) -> Result<RateLimitStatus, RateLimitError> {
        let Self { quota, window, .. } = self;
        let wait = match window.check_key_n(&Probe::peek(key), count) {
            Ok(Ok(snapshot)) => return Ok(status(quota, remaining_before(&snapshot, count, quota.count))),
            Ok(Err(until)) => until.wait_time_from(window.clock().now()),
            // More than the whole quota.
            Err(_) => quota.period,
        };
        let status = status(quota, 0);
        Err(RateLimitError { status, wait })
    }
}

/// A snapshot contains what is left after `count` requests, which a probe by [`Probe::peek`] doesn't charge.
fn remaining_before(snapshot: &StateSnapshot, count: NonZeroU32, limit: NonZeroU32) -> u32 {
    let left = snapshot.remaining_burst_capacity().saturating_add(count.get());
    left.min(limit.get())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{super::store::MAX_KEYS, *};

    fn limiter(quotas: &str) -> MemoryLimiter {
        MemoryLimiter::new(true, &quotas.parse().unwrap())
    }

    fn spend(limiter: &MemoryLimiter, key: &RateLimitKey) -> usize {
        (0..1000).take_while(|_| limiter.check_all(key, ONE).is_ok()).count()
    }

    #[test]
    fn a_quota_allows_exactly_its_limit() {
        let limiter = limiter("10 per hour");
        assert_eq!(spend(&limiter, &RateLimitKey::User(1)), 10);
        assert_eq!(spend(&limiter, &RateLimitKey::User(2)), 10);
        let error = limiter.check_all(&RateLimitKey::User(1), ONE).unwrap_err();
        assert_eq!(error.status.limit, 10);
        assert!((355..=360).contains(&error.retry_after()), "{error:?}");
    }

    #[test]
    fn a_request_rejected_by_one_quota_is_not_charged_to_the_other() {
        let limiter = limiter("20 per day;3 per hour");
        let key = RateLimitKey::User(1);
        assert_eq!(spend(&limiter, &key), 3);
        for _ in 0..100 {
            assert_eq!(limiter.check_all(&key, ONE).unwrap_err().status.limit, 3);
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
        let status = limiter.check_all(&key, ONE).unwrap().unwrap();
        assert_eq!((status.limit, status.remaining), (5, 4));
        assert_eq!(limiter.peek(&key).unwrap().unwrap().remaining, 4);
    }

    #[test]
    fn refunded_requests_are_available_again_and_no_more() {
        let limiter = limiter("20 per day;3 per hour");
        let key = RateLimitKey::User(1);
        for _ in 0..100 {
            limiter.check_all(&key, ONE).unwrap();
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
        let left = || {
            limiter
                .peek(&key)
                .map_or(Some(0), |status| status.map(|status| status.remaining))
        };
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
        let limiter = MemoryLimiter::new(false, &"1 per day".parse().unwrap());
        assert!((0..100).all(|_| limiter.check_all(&RateLimitKey::User(1), ONE) == Ok(None)));
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
            assert!(limiter.check_all(&RateLimitKey::User(client), ONE).is_ok());
        }
        let keys = limiter.windows[0].window.len();
        assert!(keys as u64 <= MAX_KEYS, "{keys}");
    }
}
