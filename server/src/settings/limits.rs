//! How often a client may ask.

use clap::{Args, builder::NonEmptyStringValueParser, builder::TypedValueParser};
use ipnet::IpNet;

use crate::domain::quota::Quotas;

/// Limits in Flask-Limiter's notation: `200 per day;50 per hour`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitSettings {
    /// Whether any limit holds
    #[arg(long, env, default_value = "true", action = clap::ArgAction::Set)]
    pub ratelimit_enabled: bool,
    /// On each route of the API that anyone may ask and that has no limit of its own, per IP
    #[arg(long, env, default_value = "200 per day;50 per hour")]
    pub ratelimit_default: Quotas,
    /// On registering, per IP
    #[arg(long, env, default_value = "10 per hour")]
    pub ratelimit_register: Quotas,
    /// On predictions, per user
    #[arg(long, env, default_value = "100 per day")]
    pub ratelimit_predict: Quotas,
    /// On all requests to the API together, per IP: keeps one client from taking the whole server
    #[arg(long, env, default_value = "100 per second")]
    pub ratelimit_flood: Quotas,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks, with commas between [default: none]
    #[arg(long, env, value_delimiter = ',', value_parser = NonEmptyStringValueParser::new().try_map(|text| network(&text)))]
    pub trusted_proxies: Vec<IpNet>,
}

/// A network, or a single address as the network of one.
fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
        .map_err(|_| "neither an address nor a network as 10.0.0.0/8".to_owned())
}
