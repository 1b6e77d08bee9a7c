//! Counts by key that are forgotten some time after they were last added to.

use std::time::Duration;

use moka::sync::Cache;

use super::{LimitStorage, RateLimitKey, shared::SharedCounter};

/// The number of keys that this process remembers.
const MAX_KEYS: u64 = 100_000;

/// A counter for each key.
pub(crate) struct Counter {
    memory: Cache<RateLimitKey, u32>,
    shared: Option<SharedCounter>,
}

impl Counter {
    /// Without counts yet; if not `enabled`, nothing is counted. In `storage`, `name` tells its counts from others.
    pub(crate) fn new(storage: &LimitStorage, name: &'static str, enabled: bool, period: Duration) -> Self {
        Self {
            memory: Cache::builder()
                .max_capacity(if enabled { MAX_KEYS } else { 0 })
                .time_to_live(period)
                .build(),
            shared: storage.counter(name, period).filter(|_| enabled),
        }
    }

    /// The count of a key.
    pub(crate) async fn get(&self, key: &RateLimitKey) -> u32 {
        if let Some(shared) = &self.shared
            && let Some(count) = shared.add(key, 0).await
        {
            return count;
        }
        self.memory.get(key).unwrap_or(0)
    }

    /// Adds one to the count of a key.
    pub(crate) async fn increment(&self, key: RateLimitKey) {
        if let Some(shared) = &self.shared
            && shared.add(&key, 1).await.is_some()
        {
            return;
        }
        self.memory
            .entry(key)
            .and_upsert_with(|entry| entry.map_or(1, |entry| entry.into_value().saturating_add(1)));
    }
}
