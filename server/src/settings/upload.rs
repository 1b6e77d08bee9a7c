//! Limits on uploads.

use clap::Args;

use super::parse;

/// Limits on request bodies.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Uploads")]
pub struct UploadSettings {
    /// Maximum size of a request body, and of each file, in bytes; larger ones are rejected with 413
    #[arg(long, env, default_value = "8388608", value_parser = parse::positive())]
    pub max_upload_bytes: usize,
    /// Maximum size of the body of POST /api/predict/batch in bytes; larger ones are rejected with 413
    #[arg(long, env, default_value = "33554432", value_parser = parse::positive())]
    pub max_batch_bytes: usize,
    /// Maximum size of all uploads in memory together, in bytes; further ones are rejected with 503
    #[arg(long, env, default_value = "268435456", value_parser = parse::positive())]
    pub upload_memory_bytes: usize,
}
