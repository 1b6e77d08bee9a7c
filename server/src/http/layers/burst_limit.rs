//! The burst limit of the API, per client address, so that no client can use the whole server: `tower_governor`.
//!
//! Its layer enforces one rate and counts requests that a later layer rejects. That is right for a bucket that refills
//! within a second, but not for hourly and daily quotas, which are kept by [`crate::limits::Limiter`].

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{body::Body, http::Request, response::Response};
use governor::middleware::NoOpMiddleware;
use tokio::task::JoinHandle;
use tower_governor::{
    GovernorError, GovernorLayer,
    governor::{GovernorConfig, GovernorConfigBuilder, SharedRateLimiter},
    key_extractor::KeyExtractor,
};

use super::rate_limit::reject;
use crate::{
    domain::quota::Quotas,
    http::extract::ClientIp,
    limits::{RateLimitError, RateLimitStatus},
};

/// Interval of the removal of idle clients.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(5);

/// The name of the limit in the log and the metrics: it is that of all routes together.
pub(crate) const BURST_ENDPOINT: &str = "/api";

type Config = GovernorConfig<ByClient, NoOpMiddleware>;

/// The burst limit.
#[derive(Clone)]
pub(crate) struct BurstLimit {
    config: Arc<Config>,
    status: RateLimitStatus,
}

/// Uses the address that [`crate::http::extract::resolve_client_ip`] stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ByClient;

impl KeyExtractor for ByClient {
    type Key = IpAddr;

    fn extract<T>(&self, request: &Request<T>) -> Result<IpAddr, GovernorError> {
        let client = request.extensions().get::<ClientIp>();
        client.map(|client| client.ip).ok_or(GovernorError::UnableToExtractKey)
    }
}

impl BurstLimit {
    /// The first of `quotas`; `None` when limits are disabled.
    pub(crate) fn new(enabled: bool, quotas: &Quotas) -> Option<Self> {
        let quota = quotas.0.first().filter(|_| enabled)?;
        let config = GovernorConfigBuilder::default()
            .period(quota.period / quota.count.get())
            .burst_size(quota.count.get())
            .key_extractor(ByClient)
            .finish()?;
        Some(Self {
            config: Arc::new(config),
            status: RateLimitStatus {
                limit: quota.count.get(),
                remaining: 0,
                reset: quota.period,
            },
        })
    }

    /// The layer of the API routes.
    pub(crate) fn layer(&self) -> GovernorLayer<ByClient, NoOpMiddleware, Body> {
        let status = self.status;
        GovernorLayer::new(Arc::clone(&self.config)).error_handler(move |error| reject_burst(status, &error))
    }

    /// Starts the task that removes idle clients; without it the map would grow without bound.
    pub(crate) fn spawn_cleanup(&self) -> JoinHandle<()> {
        let limiter = Arc::clone(self.config.limiter());
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(CLEANUP_INTERVAL).await;
                remove_idle(&limiter);
            }
        })
    }
}

fn remove_idle(limiter: &SharedRateLimiter<IpAddr, NoOpMiddleware>) {
    limiter.retain_recent();
    limiter.shrink_to_fit();
}

fn reject_burst(status: RateLimitStatus, error: &GovernorError) -> Response {
    let seconds = match error {
        GovernorError::TooManyRequests { wait_time, .. } => *wait_time,
        GovernorError::UnableToExtractKey | GovernorError::Other { .. } => 0,
    };
    let refused = RateLimitError {
        status,
        wait: Duration::from_secs(seconds.max(1)),
    };
    reject(BURST_ENDPOINT, &refused)
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, thread, time::Duration};

    use super::*;

    #[test]
    fn a_million_clients_are_forgotten() {
        let limit = BurstLimit::new(true, &"100 per second".parse().unwrap()).unwrap();
        let limiter = limit.config.limiter();
        for client in 0..1_000_000 {
            assert!(limiter.check_key(&Ipv4Addr::from_bits(client).into()).is_ok());
        }
        thread::sleep(Duration::from_millis(20));
        remove_idle(limiter);
        assert!(limiter.is_empty(), "{}", limiter.len());
    }
}
