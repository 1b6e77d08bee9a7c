//! The address that the server listens on.

use std::net::IpAddr;

use clap::Args;

/// The address to listen on; by default `site-addr` of Leptos.toml.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Address")]
pub struct ListenSettings {
    /// The IP address to listen on; 0.0.0.0 or :: for every interface [default: that of Leptos.toml, 127.0.0.1]
    #[arg(long, env)]
    pub host: Option<IpAddr>,
    /// The port to listen on; 0 selects a free one and logs it [default: that of Leptos.toml, 3000]
    #[arg(long, env)]
    pub port: Option<u16>,
}
