//! Where the server listens.

use std::net::IpAddr;

use clap::Args;

/// The address to listen on; what isn't given is taken from `site-addr` of Leptos.toml.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Address")]
pub struct ListenSettings {
    /// The IP address to listen on; 0.0.0.0 or :: for every interface [default: Leptos.toml's, 127.0.0.1]
    #[arg(long, env)]
    pub host: Option<IpAddr>,
    /// The port to listen on; 0 takes a free one and logs it [default: Leptos.toml's, 3000]
    #[arg(long, env)]
    pub port: Option<u16>,
}
