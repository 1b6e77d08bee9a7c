//! Rate limits.

use std::time::Duration;

use clap::{
    Args,
    builder::{NonEmptyStringValueParser, RangedU64ValueParser, TypedValueParser},
};
use ipnet::IpNet;

use super::Secret;
use crate::domain::quota::Quotas;

/// Quotas are counted in the process.
const MEMORY: &str = "memory://";

/// The schemes of the URL of a Redis.
const REDIS: [&str; 3] = ["redis://", "rediss://", "redis+unix://"];

/// Rate limits in Flask-Limiter's notation: `200 per day;50 per hour`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Rate limits")]
pub struct LimitSettings {
    /// Whether rate limits are enforced
    #[arg(long, env, default_value = "true", action = clap::ArgAction::Set)]
    pub ratelimit_enabled: bool,
    /// Limit of each API route without authentication and without another limit, per IP
    #[arg(long, env, default_value = "200 per day;50 per hour")]
    pub ratelimit_default: Quotas,
    /// Limit of registrations, per IP
    #[arg(long, env, default_value = "10 per hour")]
    pub ratelimit_register: Quotas,
    /// Limit of predictions, per user
    #[arg(long, env, default_value = "100 per day")]
    pub ratelimit_predict: Quotas,
    /// Limit of all API requests together, per IP: prevents one client from using the whole server
    #[arg(long, env, default_value = "100 per second")]
    pub ratelimit_flood: Quotas,
    /// Where limits are counted: memory:// in this process, redis://USER:PASSWORD@HOST:PORT/NUMBER or rediss:// by all servers together
    #[arg(long, env, hide_env_values = true, default_value = "memory://")]
    pub ratelimit_storage_url: Secret,
    /// Milliseconds a request waits for Redis, which then counts as away: until it is back, this process counts by itself
    #[arg(long, env, default_value = "100", value_parser = RangedU64ValueParser::<u64>::new().range(1..=10_000).map(Duration::from_millis))]
    pub ratelimit_storage_timeout_milliseconds: Duration,
    /// Proxies whose X-Forwarded-For and X-Request-Id are trusted: addresses or networks, separated by commas
    /// [default: none]
    #[arg(long, env, value_delimiter = ',', value_parser = NonEmptyStringValueParser::new().try_map(|text| network(&text)))]
    pub trusted_proxies: Vec<IpNet>,
}

impl LimitSettings {
    /// The URL of the Redis that counts, if limits are enforced and it isn't this process that does.
    pub(crate) fn redis_url(&self) -> Option<&Secret> {
        let url = &self.ratelimit_storage_url;
        (self.ratelimit_enabled && url.expose() != MEMORY).then_some(url)
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let url = self.ratelimit_storage_url.expose();
        if url == MEMORY || REDIS.iter().any(|scheme| url.starts_with(scheme)) {
            Ok(())
        } else {
            Err("RATELIMIT_STORAGE_URL is neither memory:// nor redis://HOST:PORT nor rediss://HOST:PORT".to_owned())
        }
    }
}

/// A network, or a single address as a network of one.
fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
        .map_err(|_| "neither an address nor a network such as 10.0.0.0/8".to_owned())
}
