//! Connection limits and timeouts.

use std::time::Duration;

use clap::Args;

use super::parse;

/// Limits on connections and requests.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Connections")]
pub struct ConnectionSettings {
    /// Maximum number of open connections; further ones wait in the system's backlog
    #[arg(long, env, default_value = "1024", value_parser = parse::positive())]
    pub max_connections: usize,
    /// Seconds a connection may take to send the headers of a request, or stay idle between two requests
    #[arg(long, env, default_value = "20", value_parser = parse::seconds())]
    pub header_timeout_seconds: Duration,
    /// Seconds a request may take from the last bytes of its body that arrived, before it is rejected with 408; a whole
    /// body may take ten times as long
    #[arg(long, env, default_value = "30", value_parser = parse::seconds())]
    pub request_timeout_seconds: Duration,
    /// Seconds a client may go without taking any of a response that waits for it, before its connection is closed
    #[arg(long, env, default_value = "30", value_parser = parse::seconds())]
    pub response_timeout_seconds: Duration,
}
