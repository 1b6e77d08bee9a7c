//! Where limits are counted, and tests that run with each of these places.

use std::time::Duration;

use server::settings::{Secret, Settings};

use crate::support::redis::Redis;

/// Where the limits of a test are counted.
pub(crate) struct Storage(Option<Redis>);

impl Storage {
    /// In the process.
    pub(crate) fn memory() -> Self {
        Self(None)
    }

    /// In a Redis of the test's own.
    pub(crate) fn redis() -> Self {
        Self(Some(Redis::start()))
    }

    pub(crate) fn configure(&self, settings: &mut Settings) {
        if let Some(redis) = &self.0 {
            count_in(redis, settings);
        }
    }
}

/// Counts in this Redis, and waits for it long enough for a busy machine.
pub(crate) fn count_in(redis: &Redis, settings: &mut Settings) {
    settings.limits.ratelimit_storage_url = Secret::new(&*redis.url);
    settings.limits.ratelimit_storage_timeout_milliseconds = Duration::from_secs(10);
}

/// Makes two tests of each function: with the limits counted in the process, and in Redis.
macro_rules! in_each_storage {
    ($($test:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $test() {
                super::$test(&$crate::limits::storage::Storage::memory()).await;
            })+
        }

        mod redis {
            $(#[tokio::test]
            async fn $test() {
                super::$test(&$crate::limits::storage::Storage::redis()).await;
            })+
        }
    };
}

pub(crate) use in_each_storage;
