//! Training of the shipped weights (feature `train`). The `train` binary calls it; `weights/` is written by nothing
//! else. The `retrain` binary calls [`retrain`], which changes the shipped network with reviewed corrections.
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
mod corrections;
mod evaluate;
mod export;
mod fold;
mod fonts;
mod gradient;
mod judgement;
mod mixture;
mod model_card;
mod optimiser;
mod pen;
mod progress;
mod retrain;
mod run;
mod schedule;
mod shapes;
mod validation;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::mnist::{self, Dataset, Split};
use batches::Mixture;
use fonts::Fonts;
use mixture::{Example, IMAGES_PER_EPOCH, Kind, Sources};
use progress::{epoch_line, progress_bar};
use run::{TrainingRun, split};

pub use progress::print_line;
pub use retrain::{Verdict, retrain};

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
    /// What a retraining depends on, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retraining: Option<Retraining>,
}

/// What a retraining depends on beside the other settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Retraining {
    /// Version of the network that it changes.
    pub base: String,
    /// SHA-256 of the corrections' file.
    pub corrections: String,
    /// MNIST's digits in an epoch.
    pub digits: usize,
    /// Whether images are made of fonts.
    pub with_fonts: bool,
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

impl Paths {
    /// MNIST's files are by default in the user's cache, and the fonts beside them, where `make fonts` puts them.
    ///
    /// # Errors
    ///
    /// When the user's cache is needed and unknown.
    pub fn new(data: Option<PathBuf>, fonts: Option<PathBuf>, work: PathBuf, weights: PathBuf) -> Result<Self> {
        let data = data.map_or_else(mnist::data_dir, Ok)?;
        Ok(Self {
            fonts: fonts.unwrap_or_else(|| data.join("../fonts")),
            data,
            work,
            weights,
        })
    }
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
    let mixture = Mixture {
        sources: Sources {
            digits: &digits,
            indices: &training,
            fonts: &fonts.training,
        },
        made: &IMAGES_PER_EPOCH,
        corrections: &[],
        repeats: 0,
    };
    let mut run = match checkpoint::load(settings, &paths.work)? {
        Some(run) => run,
        None => TrainingRun::start(settings),
    };
    if !as_it_is {
        finish(&mut run, &mixture, &judges, &paths.work)?;
    }
    export::export(&run, &mixture, &judges, paths)
}

/// Trains until the last epoch, with a checkpoint in `work` after each.
fn finish(run: &mut TrainingRun, mixture: &Mixture<'_>, judges: &Judges, work: &Path) -> Result<()> {
    if !run.history.is_empty() {
        print_line(&format!("going on after epoch {}", run.history.len()))?;
    }
    let (epochs, steps) = (run.settings.epochs, mixture.steps(run.settings.batch));
    let bar = progress_bar(steps * epochs, steps * run.history.len())?;
    while run.history.len() < epochs {
        let epoch = run.epoch(mixture, judges, &bar)?;
        checkpoint::save(run, work)?;
        bar.suspend(|| print_line(&epoch_line(run.history.len(), &epoch)))?;
    }
    bar.finish_and_clear();
    Ok(())
}

/// Removes a folder, such as that of the checkpoints, if it exists.
pub fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    Ok(())
}
