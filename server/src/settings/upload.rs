//! What may be posted.

use clap::Args;

use super::parse;

/// Limits of request bodies.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Uploads")]
pub struct UploadSettings {
    /// Bytes of the largest request body taken; a larger one is refused with 413
    #[arg(long, env, default_value = "8388608", value_parser = parse::positive())]
    pub max_upload_bytes: usize,
    /// Bytes of all uploads held in memory at once; what doesn't fit is refused with 503
    #[arg(long, env, default_value = "268435456", value_parser = parse::positive())]
    pub upload_memory_bytes: usize,
}
