//! The gate before the API: no client takes the whole server. `tower_governor`, keyed by the client's address.
//!
//! Its layer holds one rate, and charges for what a later layer refuses: right for a gate that is full again within a
//! second, wrong for quotas of an hour and a day, which [`super::Limiter`] keeps.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{body::Body, http::Request, response::Response};
use governor::middleware::NoOpMiddleware;
use tokio::task::JoinHandle;
use tower_governor::{
    GovernorError, GovernorLayer,
    governor::{GovernorConfig, GovernorConfigBuilder, SharedRateLimiter},
    key_extractor::KeyExtractor,
};

use super::rate_limit::endpoint_refused;
use crate::{
    domain::quota::Quotas,
    http::extract::Client,
    limits::{RateLimitError, RateLimitStatus},
};

/// How often those are forgotten who haven't asked of late.
const CLEANING: Duration = Duration::from_secs(5);

type Config = GovernorConfig<ByClient, NoOpMiddleware>;

/// The gate.
#[derive(Clone)]
pub struct Flood {
    config: Arc<Config>,
    standing: RateLimitStatus,
}

/// The client's address, as the layer outside has found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByClient;

impl KeyExtractor for ByClient {
    type Key = IpAddr;

    fn extract<T>(&self, request: &Request<T>) -> Result<IpAddr, GovernorError> {
        let client = request.extensions().get::<Client>();
        client.map(|client| client.ip).ok_or(GovernorError::UnableToExtractKey)
    }
}

impl Flood {
    /// By the first of the quotas; none when limits are lifted.
    pub fn new(enabled: bool, quotas: &Quotas) -> Option<Self> {
        let quota = quotas.0.first().filter(|_| enabled)?;
        let config = GovernorConfigBuilder::default()
            .period(quota.period / quota.count.get())
            .burst_size(quota.count.get())
            .key_extractor(ByClient)
            .finish()?;
        Some(Self {
            config: Arc::new(config),
            standing: RateLimitStatus {
                limit: quota.count.get(),
                remaining: 0,
                reset: quota.period,
            },
        })
    }

    /// The layer around the API's routes.
    pub fn layer(&self) -> GovernorLayer<ByClient, NoOpMiddleware, Body> {
        let standing = self.standing;
        GovernorLayer::new(Arc::clone(&self.config)).error_handler(move |error| refuse(standing, &error))
    }

    /// Forget who hasn't asked of late, again and again: by itself the map only grows.
    pub fn keep_small(&self) -> JoinHandle<()> {
        let limiter = Arc::clone(self.config.limiter());
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(CLEANING).await;
                clean(&limiter);
            }
        })
    }
}

fn clean(limiter: &SharedRateLimiter<IpAddr, NoOpMiddleware>) {
    limiter.retain_recent();
    limiter.shrink_to_fit();
}

fn refuse(standing: RateLimitStatus, error: &GovernorError) -> Response {
    let seconds = match error {
        GovernorError::TooManyRequests { wait_time, .. } => *wait_time,
        GovernorError::UnableToExtractKey | GovernorError::Other { .. } => 0,
    };
    let refused = RateLimitError {
        status: standing,
        wait: Duration::from_secs(seconds.max(1)),
    };
    endpoint_refused("/api", "/api", &refused)
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, thread, time::Duration};

    use super::*;

    #[test]
    fn a_million_clients_are_forgotten() {
        let flood = Flood::new(true, &"100 per second".parse().unwrap()).unwrap();
        let limiter = flood.config.limiter();
        for client in 0..1_000_000 {
            assert!(limiter.check_key(&Ipv4Addr::from_bits(client).into()).is_ok());
        }
        thread::sleep(Duration::from_millis(20));
        clean(limiter);
        assert!(limiter.is_empty(), "{}", limiter.len());
    }
}
