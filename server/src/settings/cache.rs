//! What the server remembers of pictures it has read.

use clap::{Args, builder::RangedU64ValueParser};

/// The cache of answers.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Cache")]
pub struct CacheSettings {
    /// Answers remembered by their picture's hash, about 1 kB each; 0 remembers none
    #[arg(long, env, default_value = "10000", value_parser = RangedU64ValueParser::<u64>::new())]
    pub cache_entries: u64,
}
