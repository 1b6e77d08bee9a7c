//! What decoding a picture may cost.

use clap::Args;

use super::parse;

/// Limits of decoding. Memory at worst: permits times three times the decode memory.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Decoding")]
pub struct DecodeSettings {
    /// Pictures decoded at once, each on a thread of its own
    #[arg(long, env, default_value = "2", value_parser = parse::positive())]
    pub decode_permits: usize,
    /// Pictures that may wait to be decoded; further ones are refused with 503
    #[arg(long, env, default_value = "256", value_parser = parse::positive())]
    pub decode_queue_length: usize,
    /// Pixels of the largest picture decoded, read from its header; a larger one is refused with 422
    #[arg(long, env, default_value = "16777216", value_parser = parse::positive())]
    pub max_image_pixels: usize,
    /// Bytes of the largest decoded picture, and of the decoder's own buffers; beyond, 422
    #[arg(long, env, default_value = "100663296", value_parser = parse::positive())]
    pub decode_memory_bytes: usize,
}
