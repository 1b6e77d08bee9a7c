//! How pictures are read.

use clap::Args;
use classifier::Backend;

use super::parse;

/// The device, the queue before it and the batch it takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Inference")]
pub struct InferenceSettings {
    /// What computes: flex, or ndarray, the slower reference
    #[arg(long, env, default_value = "flex")]
    pub inference_device: Backend,
    /// Pictures that may wait for inference; further ones are refused with 503
    #[arg(long, env, default_value = "256", value_parser = parse::positive())]
    pub queue_length: usize,
    /// Waiting pictures read in one pass, at most; a lone one is never held back
    #[arg(long, env, default_value = "32", value_parser = parse::positive())]
    pub batch_size: usize,
}
