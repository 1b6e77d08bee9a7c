//! Access to the metrics.

use clap::Args;
use url::Url;

use super::Secret;

/// Minimum length of the token.
const MIN_TOKEN_BYTES: usize = 32;

/// The metrics for Prometheus.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Metrics")]
pub struct MetricsSettings {
    /// Bearer token required by GET /metrics, 32 bytes or more; public when not set
    #[arg(long, env, hide_env_values = true, value_parser = token)]
    pub metrics_token: Option<Secret>,
    /// URL of a Prometheus that scrapes all servers, http:// or https://, with USER:PASSWORD@ if it asks for them; the status page shows its figures [default: none, and the page shows the server that answers]
    #[arg(long, env, hide_env_values = true, value_parser = prometheus_url)]
    pub prometheus_url: Option<Secret>,
}

fn token(text: &str) -> Result<Secret, String> {
    if text.len() < MIN_TOKEN_BYTES {
        return Err(format!("a token must have {MIN_TOKEN_BYTES} bytes or more"));
    }
    Ok(Secret::new(text))
}

fn prometheus_url(text: &str) -> Result<Secret, String> {
    let url = Url::parse(text).ok();
    let is_valid = url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_valid {
        return Err("a URL is http://HOST:PORT or https://HOST".to_owned());
    }
    Ok(Secret::new(text))
}
