//! Settings of the prediction cache.

use clap::{Args, builder::RangedU64ValueParser};

/// The prediction cache.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Cache")]
pub struct CacheSettings {
    /// Predictions cached by the hash of the image, about 1 kB each; 0 disables the cache
    #[arg(long, env, default_value = "10000", value_parser = RangedU64ValueParser::<u64>::new())]
    pub cache_entries: u64,
}
