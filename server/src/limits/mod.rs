//! Rate limits, counted in this process, or in Redis by several servers together.
//!
//! Several quotas can apply to one key: a request is charged to all of them only if all of them allow it
//! (docs/adr/0006-limits.md). While Redis is away, the process counts by itself (docs/adr/0027-shared-limits.md).

mod counter;
mod memory;
mod shared;
mod store;

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

pub(crate) use counter::Counter;
pub(crate) use shared::{LimitStorage, StorageError};

use memory::MemoryLimiter;
use shared::SharedLimiter;

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
    /// The account that a login is about.
    Account(String),
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

/// The status with the fewest requests left, or the error with the longest wait; `None` without quotas.
type Outcome = Result<Option<RateLimitStatus>, RateLimitError>;

const ONE: NonZeroU32 = NonZeroU32::MIN;

/// Several quotas that apply together.
pub(crate) struct Limiter {
    memory: MemoryLimiter,
    shared: Option<SharedLimiter>,
}

impl Limiter {
    /// A limiter with these quotas, or with none when not `enabled`. In `storage`, `name` tells its counts from those of
    /// other limiters.
    pub(crate) fn new(storage: &LimitStorage, name: &'static str, enabled: bool, quotas: &Quotas) -> Self {
        Self {
            memory: MemoryLimiter::new(enabled, quotas),
            shared: storage.limiter(name, quotas).filter(|_| enabled),
        }
    }

    /// Charges a request to every quota, or to none. Returns the status with the fewest requests left, or `None` without
    /// quotas.
    ///
    /// # Errors
    ///
    /// [`RateLimitError`] of the quota with the longest wait.
    pub(crate) async fn check(&self, key: &RateLimitKey) -> Outcome {
        self.check_all(key, ONE).await
    }

    /// As [`Limiter::check`] for as many requests as `count`: all of them or none.
    ///
    /// # Errors
    ///
    /// As for [`Limiter::check`]; a quota of fewer requests is always exceeded.
    pub(crate) async fn check_all(&self, key: &RateLimitKey, count: NonZeroU32) -> Outcome {
        if let Some(shared) = &self.shared
            && let Some(outcome) = shared.check_all(key, count).await
        {
            return outcome;
        }
        self.memory.check_all(key, count)
    }

    /// Undoes as many [`Limiter::check`] as `count`.
    pub(crate) async fn refund(&self, key: &RateLimitKey, count: u32) {
        if let Some(shared) = &self.shared
            && shared.refund(key, count).await.is_some()
        {
            return;
        }
        self.memory.refund(key, count);
    }

    /// As [`Limiter::check`], without charging.
    ///
    /// # Errors
    ///
    /// [`RateLimitError`] when no request is left.
    pub(crate) async fn peek(&self, key: &RateLimitKey) -> Outcome {
        if let Some(shared) = &self.shared
            && let Some(outcome) = shared.peek(key).await
        {
            return outcome;
        }
        self.memory.peek(key)
    }

    /// As [`Limiter::peek`], also when no request is left.
    pub(crate) async fn status(&self, key: &RateLimitKey) -> Option<RateLimitStatus> {
        let status = self.peek(key).await;
        status.unwrap_or_else(|exceeded| Some(exceeded.status))
    }
}

/// What several quotas say together.
fn combined(quotas: impl Iterator<Item = Result<RateLimitStatus, RateLimitError>>) -> Outcome {
    let (mut fewest, mut longest) = (None, None);
    for quota in quotas {
        match quota {
            Ok(status) => {
                if fewest.is_none_or(|other: RateLimitStatus| status.remaining < other.remaining) {
                    fewest = Some(status);
                }
            }
            Err(exceeded) => {
                if longest.is_none_or(|other: RateLimitError| other.wait < exceeded.wait) {
                    longest = Some(exceeded);
                }
            }
        }
    }
    longest.map_or(Ok(fewest), Err)
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
