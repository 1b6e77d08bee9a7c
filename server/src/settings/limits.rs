//! Rate limits.

use clap::{Args, builder::NonEmptyStringValueParser, builder::TypedValueParser};
use ipnet::IpNet;

use crate::domain::quota::Quotas;

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
    /// Proxies whose X-Forwarded-For and X-Request-Id are trusted: addresses or networks, separated by commas
    /// [default: none]
    #[arg(long, env, value_delimiter = ',', value_parser = NonEmptyStringValueParser::new().try_map(|text| network(&text)))]
    pub trusted_proxies: Vec<IpNet>,
}

/// A network, or a single address as a network of one.
fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
        .map_err(|_| "neither an address nor a network such as 10.0.0.0/8".to_owned())
}
