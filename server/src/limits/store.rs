//! The state of rate limits, with a bounded number of keys.

use std::time::Duration;

use governor::{
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};
use moka::{ops::compute::Op, sync::Cache};

use super::RateLimitKey;

/// Maximum number of keys per quota, about 150 bytes each. Beyond it, the least recently used key is evicted: a client
/// with that many addresses isn't limited by a quota per address anyway.
pub(super) const MAX_KEYS: u64 = 100_000;

/// The key given to `governor`, and whether the request is charged to its quota.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Probe {
    key: RateLimitKey,
    is_charged: bool,
}

impl Probe {
    /// Whether a request would be allowed now.
    pub(super) fn peek(key: &RateLimitKey) -> Self {
        let key = key.clone();
        Self { key, is_charged: false }
    }

    /// Charges a request if it is allowed.
    pub(super) fn charge(key: &RateLimitKey) -> Self {
        let key = key.clone();
        Self { key, is_charged: true }
    }
}

/// `governor`'s state by key in a bounded cache. Keys not used for the quota's period are evicted; by then the quota is
/// full again.
#[derive(Debug, Clone)]
pub(super) struct BoundedStore(Cache<RateLimitKey, Nanos>);

impl BoundedStore {
    pub(super) fn new(period: Duration) -> Self {
        Self(Cache::builder().max_capacity(MAX_KEYS).time_to_idle(period).build())
    }

    /// Refunds requests that are worth `time`. The state is the time at which the quota is full again; a time in the past
    /// means a full quota.
    pub(super) fn refund(&self, key: &RateLimitKey, time: Duration) {
        self.0.entry_by_ref(key).and_compute_with(|entry| match entry {
            Some(entry) => Op::Put(entry.into_value().saturating_sub(time.into())),
            None => Op::Nop,
        });
    }
}

impl StateStore for BoundedStore {
    type Key = Probe;

    fn measure_and_replace<T, F, E>(&self, probe: &Probe, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        if !probe.is_charged {
            return measure(self.0.get(&probe.key)).map(|(outcome, _)| outcome);
        }
        let mut outcome = None;
        self.0.entry_by_ref(&probe.key).and_compute_with(|entry| {
            let measured = measure(entry.map(moka::Entry::into_value));
            let (op, result) = match measured {
                Ok((allowed, state)) => (Op::Put(state), Ok(allowed)),
                Err(rejected) => (Op::Nop, Err(rejected)),
            };
            outcome = Some(result);
            op
        });
        match outcome {
            Some(outcome) => outcome,
            // Unreachable: the closure has always been called.
            None => measure(None).map(|(outcome, _)| outcome),
        }
    }
}

impl ShrinkableKeyedStateStore<Probe> for BoundedStore {
    fn retain_recent(&self, _drop_below: Nanos) {
        self.0.run_pending_tasks();
    }

    fn len(&self) -> usize {
        self.0.run_pending_tasks();
        usize::try_from(self.0.entry_count()).unwrap_or(usize::MAX)
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
