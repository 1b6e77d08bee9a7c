//! How the server ends.

use std::time::Duration;

use clap::Args;

use super::parse;

/// The graceful stop on SIGTERM or SIGINT; a second signal ends at once.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Stop")]
pub struct ShutdownSettings {
    /// Seconds to go on serving after the signal while /health/ready answers 503, for a load balancer to see it
    #[arg(long, env, default_value = "0", value_parser = parse::seconds_or_none())]
    pub shutdown_delay_seconds: Duration,
    /// Seconds that requests under way are given to finish
    #[arg(long, env, default_value = "10", value_parser = parse::seconds_or_none())]
    pub shutdown_grace_seconds: Duration,
}
