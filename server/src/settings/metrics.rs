//! Who may read the metrics.

use clap::Args;

use super::Secret;

/// Least length of the token.
const TOKEN_BYTES: usize = 32;

/// The metrics for Prometheus.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Metrics")]
pub struct MetricsSettings {
    /// What GET /metrics asks for as a bearer token; anyone may read it when this isn't set; 32 bytes or more
    #[arg(long, env, hide_env_values = true, value_parser = token)]
    pub metrics_token: Option<Secret>,
}

/// A token that can't be guessed.
fn token(text: &str) -> Result<Secret, String> {
    if text.len() < TOKEN_BYTES {
        return Err(format!("a token has {TOKEN_BYTES} bytes or more"));
    }
    Ok(Secret::new(text))
}
