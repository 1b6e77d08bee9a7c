//! Settings of the shutdown.

use std::time::Duration;

use clap::Args;

use super::parse;

/// Graceful shutdown on SIGTERM or SIGINT; a second signal ends the process at once.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Shutdown")]
pub struct ShutdownSettings {
    /// Seconds to keep serving after the signal while /health/ready responds 503, so that a load balancer notices
    #[arg(long, env, default_value = "0", value_parser = parse::seconds_or_none())]
    pub shutdown_delay_seconds: Duration,
    /// Seconds that requests in progress have to finish
    #[arg(long, env, default_value = "10", value_parser = parse::seconds_or_none())]
    pub shutdown_grace_seconds: Duration,
}
