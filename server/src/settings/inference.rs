//! Settings of inference.

use clap::Args;
use classifier::Backend;

use super::parse;

/// The backend, its queue and its batches.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Inference")]
pub struct InferenceSettings {
    /// Inference backend: flex, or ndarray, the slower reference
    #[arg(long, env, default_value = "flex")]
    pub inference_device: Backend,
    /// Images, and requests of the Open Inference Protocol, that may wait for inference; further ones are rejected with 503
    #[arg(long, env, default_value = "256", value_parser = parse::positive())]
    pub queue_length: usize,
    /// Maximum number of them in one forward pass; a single image doesn't wait for others
    #[arg(long, env, default_value = "32", value_parser = parse::positive())]
    pub batch_size: usize,
}
