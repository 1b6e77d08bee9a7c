//! Access to the metrics.

use clap::Args;

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
}

fn token(text: &str) -> Result<Secret, String> {
    if text.len() < MIN_TOKEN_BYTES {
        return Err(format!("a token must have {MIN_TOKEN_BYTES} bytes or more"));
    }
    Ok(Secret::new(text))
}
