//! What several servers count together: in Redis, or in another program with its protocol, such as Valkey
//! (docs/adr/0027-shared-limits.md).
//!
//! While Redis is away, everything here is `None` at once, and the process counts by itself.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use redis::{
    AsyncConnectionConfig, Client, FromRedisValue, RedisError, RedisResult, Script, ScriptInvocation,
    aio::MultiplexedConnection,
};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};
use tracing::{debug, info, warn};

use super::{ONE, Outcome, RateLimitError, RateLimitKey, RateLimitStatus, combined, status};
use crate::{
    domain::quota::{Quota, Quotas},
    settings::LimitSettings,
    tokens::{Keys, pseudonym},
};

/// The beginning of all keys.
const PREFIX: &str = "trazo:limit";

/// How long opening a connection may take, which no request waits for.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The time between two tests of a connection, and between two attempts to open one.
const TEST_INTERVAL: Duration = Duration::from_millis(500);

/// Where the limits are counted: in this process, or in Redis. Cheap to clone.
#[derive(Clone)]
pub(crate) struct LimitStorage(Option<Arc<Redis>>);

/// Why there is no storage.
#[derive(Debug, thiserror::Error)]
#[error("RATELIMIT_STORAGE_URL isn't the URL of a Redis: {0}")]
pub struct StorageError(#[from] RedisError);

struct Redis {
    client: Client,
    charge: Script,
    add: Script,
    /// The keys of clients tell nothing about them without these.
    keys: Keys,
    /// How long a request waits.
    max_wait: Duration,
    /// `None` while Redis is away.
    connection: Mutex<Option<Arc<MultiplexedConnection>>>,
}

impl LimitStorage {
    /// This process.
    pub(crate) fn in_process() -> Self {
        Self(None)
    }

    /// As the settings say. A Redis that is away is logged, and used once it is there.
    pub(crate) async fn open(settings: &LimitSettings, keys: &Keys) -> Result<Self, StorageError> {
        let Some(url) = settings.redis_url() else {
            return Ok(Self::in_process());
        };
        let redis = Redis {
            client: Client::open(url.expose())?,
            charge: Script::new(include_str!("charge.lua")),
            add: Script::new(include_str!("add.lua")),
            keys: keys.clone(),
            max_wait: settings.ratelimit_storage_timeout_milliseconds,
            connection: Mutex::default(),
        };
        if let Err(cause) = redis.connect().await {
            log_away(&cause);
        }
        Ok(Self(Some(Arc::new(redis))))
    }

    /// Whether the limits are counted where the settings say.
    pub(crate) fn is_up(&self) -> bool {
        self.0.as_ref().is_none_or(|redis| redis.connection().is_some())
    }

    /// Starts the task that keeps the connection.
    pub(crate) fn start(&self) -> Option<JoinHandle<()>> {
        let redis = Arc::clone(self.0.as_ref()?);
        Some(tokio::spawn(async move { redis.keep_connected().await }))
    }

    pub(super) fn limiter(&self, name: &'static str, quotas: &Quotas) -> Option<SharedLimiter> {
        Some(SharedLimiter {
            redis: Arc::clone(self.0.as_ref()?),
            name,
            quotas: quotas.0.iter().map(SharedQuota::new).collect(),
        })
    }

    pub(super) fn counter(&self, name: &'static str, period: Duration) -> Option<SharedCounter> {
        Some(SharedCounter {
            redis: Arc::clone(self.0.as_ref()?),
            name,
            period,
        })
    }
}

impl Redis {
    fn connection(&self) -> Option<Arc<MultiplexedConnection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key of a client in the counts with this name. Both what it tells and its length are bounded.
    fn key(&self, name: &str, key: &RateLimitKey) -> String {
        let text = match key {
            RateLimitKey::Ip(route, ip) => format!("{ip} {route}"),
            RateLimitKey::User(id) => id.to_string(),
            RateLimitKey::SignIn(ip, account) => format!("{ip} {account}"),
            RateLimitKey::Account(account) => account.clone(),
        };
        let pseudonym = pseudonym(&self.keys, &format!("limit {name}"), &text);
        format!("{PREFIX}:{name}:{pseudonym}")
    }

    /// The answer to a script. If there is none in time, Redis is away, and no further request waits for it.
    async fn ask<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Option<T> {
        let connection = self.connection()?;
        let mut clone = MultiplexedConnection::clone(&connection);
        // Its future is large, and part of that of each limited request.
        match within(self.max_wait, Box::pin(script.invoke_async(&mut clone))).await {
            Ok(answer) => Some(answer),
            Err(cause) => {
                self.lose(&connection, &cause);
                None
            }
        }
    }

    /// Drops a connection, unless a later one has replaced it.
    fn lose(&self, lost: &Arc<MultiplexedConnection>, cause: &str) {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if connection.as_ref().is_some_and(|current| Arc::ptr_eq(current, lost)) {
            *connection = None;
            drop(connection);
            log_away(cause);
        }
    }

    /// Opens a connection that is used if a charge succeeds on it.
    async fn connect(&self) -> Result<(), String> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None);
        let opened = within(CONNECT_TIMEOUT, async {
            let mut connection = self
                .client
                .get_multiplexed_async_connection_with_config(&config)
                .await?;
            self.add.load_async(&mut connection).await?;
            let _left: Vec<u64> = self.test().invoke_async(&mut connection).await?;
            Ok(connection)
        });
        let opened = Arc::new(opened.await?);
        *self.connection.lock().unwrap_or_else(PoisonError::into_inner) = Some(opened);
        Ok(())
    }

    /// A charge to a key that no client has.
    fn test(&self) -> ScriptInvocation<'_> {
        let mut script = self.charge.key(format!("{PREFIX}:test"));
        script.arg(0).arg(1).arg(1).arg(1);
        script
    }

    /// Tests the connection at an interval, also without requests, and opens a new one when it is lost. Never returns.
    async fn keep_connected(&self) {
        loop {
            sleep(TEST_INTERVAL).await;
            if self.connection().is_some() {
                let _left: Option<Vec<u64>> = self.ask(&self.test()).await;
                continue;
            }
            match self.connect().await {
                Ok(()) => info!("Redis responde otra vez: los límites se cuentan allí."),
                Err(cause) => debug!("Redis sigue sin responder: {cause}"),
            }
        }
    }
}

fn log_away(cause: &str) {
    warn!("Redis no responde; hasta que vuelva, este proceso cuenta los límites por su cuenta: {cause}");
}

/// The result of `work`, or why there is none after `limit`.
async fn within<T>(limit: Duration, work: impl Future<Output = RedisResult<T>>) -> Result<T, String> {
    match timeout(limit, work).await {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err(format!("sin respuesta en {} ms", limit.as_millis())),
    }
}

/// As [`super::memory::MemoryLimiter`], in Redis.
pub(super) struct SharedLimiter {
    redis: Arc<Redis>,
    name: &'static str,
    quotas: Vec<SharedQuota>,
}

struct SharedQuota {
    quota: Quota,
    /// The microseconds in which one request becomes available: whole ones, which Lua's numbers hold for a century.
    cost: u64,
}

impl SharedQuota {
    fn new(quota: &Quota) -> Self {
        let cost = (quota.period / quota.count.get()).as_micros();
        Self {
            quota: *quota,
            cost: u64::try_from(cost).unwrap_or(u64::MAX).max(1),
        }
    }

    /// What a quota of which `left` microseconds are left says to `count` requests, of which `charged` are charged.
    fn outcome(&self, left: u64, count: u32, charged: u32) -> Result<RateLimitStatus, RateLimitError> {
        let of = |requests: u32| self.cost.saturating_mul(requests.into());
        let missing = of(count).saturating_sub(left);
        if missing == 0 {
            let remaining = left.saturating_sub(of(charged)) / self.cost;
            return Ok(status(&self.quota, u32::try_from(remaining).unwrap_or(u32::MAX)));
        }
        Err(RateLimitError {
            status: status(&self.quota, 0),
            wait: if count > self.quota.count.get() {
                self.quota.period
            } else {
                Duration::from_micros(missing)
            },
        })
    }
}

impl SharedLimiter {
    /// As [`super::Limiter::check_all`].
    pub(super) async fn check_all(&self, key: &RateLimitKey, count: NonZeroU32) -> Option<Outcome> {
        self.outcome(key, count.get(), count.get()).await
    }

    /// As [`super::Limiter::peek`].
    pub(super) async fn peek(&self, key: &RateLimitKey) -> Option<Outcome> {
        self.outcome(key, ONE.get(), 0).await
    }

    /// As [`super::Limiter::refund`].
    pub(super) async fn refund(&self, key: &RateLimitKey, count: u32) -> Option<()> {
        self.charge(key, 0, -i64::from(count)).await.map(|_| ())
    }

    async fn outcome(&self, key: &RateLimitKey, count: u32, charged: u32) -> Option<Outcome> {
        let left = self.charge(key, count, charged.into()).await?;
        let quotas = self.quotas.iter().zip(left);
        Some(combined(
            quotas.map(|(quota, left)| quota.outcome(left, count, charged)),
        ))
    }

    /// What was left of each quota before.
    async fn charge(&self, key: &RateLimitKey, count: u32, charged: i64) -> Option<Vec<u64>> {
        let mut script = self.redis.charge.key(self.redis.key(self.name, key));
        script.arg(count).arg(charged);
        for SharedQuota { quota, cost } in &self.quotas {
            script.arg(cost).arg(cost.saturating_mul(quota.count.get().into()));
        }
        self.redis.ask(&script).await
    }
}

/// As [`super::Counter`], in Redis.
pub(super) struct SharedCounter {
    redis: Arc<Redis>,
    name: &'static str,
    period: Duration,
}

impl SharedCounter {
    /// Adds to the count of a key and returns it.
    pub(super) async fn add(&self, key: &RateLimitKey, number: u32) -> Option<u32> {
        let period = u64::try_from(self.period.as_millis()).unwrap_or(u64::MAX);
        let mut script = self.redis.add.key(self.redis.key(self.name, key));
        self.redis.ask(script.arg(number).arg(period)).await
    }
}
