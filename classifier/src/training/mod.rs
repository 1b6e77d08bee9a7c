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
mod evaluate;
mod export;
mod fold;
mod fonts;
mod gradient;
mod mixture;
mod model_card;
mod optimiser;
mod pen;
mod progress;
mod run;
mod schedule;
mod shapes;
mod validation;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::mnist::{Dataset, Split};
use fonts::Fonts;
use mixture::{Example, Kind, Sources};
use progress::{epoch_line, print_line, progress_bar};
use run::{TrainingRun, split};

/// Training images held out for model selection and temperature calibration.
const VALIDATION: usize = 5_000;

/// The validation images by kind.
type Judges = [(Kind, Vec<Example>)];

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
    /// The fonts.
    pub fonts: PathBuf,
    /// Checkpoints.
    pub work: PathBuf,
    /// The exported weights and their model card.
    pub weights: PathBuf,
}

/// Trains the network, or resumes the training interrupted in `paths.work`, and exports the weights and the model card.
/// With `as_it_is`, exports the newest checkpoint without training further.
///
/// # Errors
///
/// If MNIST is missing, a file can't be read or written, or the checkpoint has different settings.
pub fn train(settings: &Settings, paths: &Paths, as_it_is: bool) -> Result<()> {
    let digits = Dataset::read(&paths.data, Split::Train)?;
    let (training, validation) = split(digits.len(), VALIDATION, settings.seed);
    let fonts = Fonts::read(&paths.fonts)?;
    let judges = validation::examples(&digits, &validation, &fonts, settings.seed);
    let sources = Sources {
        digits: &digits,
        indices: &training,
        fonts: &fonts.training,
    };
    let mut run = match checkpoint::load(settings, &paths.work)? {
        Some(run) => {
            print_line(&format!("going on after epoch {}", run.history.len()))?;
            run
        }
        None => TrainingRun::start(settings),
    };
    let steps = batches::steps(&training, settings.batch);
    let bar = progress_bar(steps * settings.epochs, steps * run.history.len())?;
    while !as_it_is && run.history.len() < settings.epochs {
        let epoch = run.epoch(&sources, &judges, &bar)?;
        checkpoint::save(&mut run, &paths.work)?;
        bar.suspend(|| print_line(&epoch_line(run.history.len(), &epoch)))?;
    }
    bar.finish_and_clear();
    export::export(&run, &judges, paths)
}

/// Removes the checkpoints in `work`.
pub fn remove_checkpoints(work: &Path) -> Result<()> {
    if work.exists() {
        std::fs::remove_dir_all(work).with_context(|| work.display().to_string())?;
    }
    Ok(())
}
