//! Training of the shipped weights (feature `train`). The `train` binary calls it; `weights/` is written by nothing
//! else.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts, steps and pixels: all small enough for any number type"
)]

mod augment;
mod batches;
mod checkpoint;
mod ema;
mod evaluate;
mod export;
mod fold;
mod model_card;
mod progress;
mod run;
mod schedule;
mod training_network;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::mnist::{Dataset, Split};
use progress::{epoch_line, print_line, progress_bar};
use run::{TrainingRun, split};

/// Training images held out for model selection and temperature calibration.
const VALIDATION: usize = 5_000;

/// Everything that determines the weights. A checkpoint with different settings is not resumed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Seed of the split, the initial weights, the order, the augmentation and the dropout.
    pub seed: u64,
    /// Passes over the training images.
    pub epochs: usize,
    /// Images per step.
    pub batch: usize,
    /// Peak learning rate, reached after the warm-up.
    pub learning_rate: f64,
}

/// Folders that a training reads and writes.
#[derive(Debug, Clone)]
pub struct Paths {
    /// MNIST's IDX files.
    pub data: PathBuf,
    /// Checkpoints.
    pub work: PathBuf,
    /// The exported weights and their model card.
    pub weights: PathBuf,
}

/// Trains the network, or resumes the training interrupted in `paths.work`, and exports the weights and the model card.
///
/// # Errors
///
/// If MNIST is missing, a file can't be read or written, or the checkpoint has different settings.
pub fn train(settings: &Settings, paths: &Paths) -> Result<()> {
    let digits = Dataset::read(&paths.data, Split::Train)?;
    let (training, validation) = split(digits.len(), VALIDATION, settings.seed);
    let device = Device::flex().autodiff();
    let mut run = match checkpoint::load(settings, &paths.work, &device)? {
        Some(run) => {
            print_line(&format!("going on after epoch {}", run.history.len()))?;
            run
        }
        None => TrainingRun::start(settings, &device),
    };
    let steps = training.len() / settings.batch;
    let bar = progress_bar(steps * settings.epochs, steps * run.history.len())?;
    while run.history.len() < settings.epochs {
        let epoch = run.epoch(&digits, &training, &validation, &device, &bar)?;
        checkpoint::save(&run, &paths.work)?;
        bar.suspend(|| print_line(&epoch_line(run.history.len(), &epoch)))?;
    }
    bar.finish_and_clear();
    export::export(&run, &digits, &validation, paths)
}

/// Removes the checkpoints in `work`.
///
/// # Errors
///
/// If the folder can't be removed.
pub fn remove_checkpoints(work: &Path) -> Result<()> {
    if work.exists() {
        std::fs::remove_dir_all(work).with_context(|| work.display().to_string())?;
    }
    Ok(())
}
