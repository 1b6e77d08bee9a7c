//! Limits on decoding images.

use clap::Args;

use super::parse;

/// Limits on decoding. Maximum memory: `DECODE_PERMITS` times three times `DECODE_MEMORY_BYTES`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Decoding")]
pub struct DecodeSettings {
    /// Images decoded at the same time, one thread each
    #[arg(long, env, default_value = "2", value_parser = parse::positive())]
    pub decode_permits: usize,
    /// Images that may wait to be decoded; further ones are rejected with 503
    #[arg(long, env, default_value = "256", value_parser = parse::positive())]
    pub decode_queue_length: usize,
    /// Maximum number of pixels, read from the header of the image; larger ones are rejected with 422
    #[arg(long, env, default_value = "67108864", value_parser = parse::positive())]
    pub max_image_pixels: usize,
    /// A third of the memory that decoding one image may take, in bytes; images that take more are rejected with 422
    #[arg(long, env, default_value = "100663296", value_parser = parse::positive())]
    pub decode_memory_bytes: usize,
}
