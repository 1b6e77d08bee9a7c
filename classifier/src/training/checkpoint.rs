//! Checkpoints after each epoch, from which an interrupted training resumes with identical results.
//!
//! A checkpoint is a folder `epoch-007`, written under another name and renamed when complete, so a crash leaves the
//! previous one intact. The state of random generators is not saved: they are seeded from seed, epoch and image index.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::Settings;
use super::run::TrainingRun;

const STATE: &str = "state.json";
/// The run's numbers, four bytes each, little-endian.
const NUMBERS: &str = "numbers.f32";

/// Metrics of one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct EpochMetrics {
    /// Mean cross-entropy over the augmented training images.
    pub(crate) loss: f64,
    /// Accuracy on them, 0 to 1.
    pub(crate) accuracy: f64,
    /// Mean cross-entropy of the average on the validation images: MNIST's count as much as all that are made.
    pub(crate) validation_loss: f64,
    /// Accuracy of the average on MNIST's, 0 to 1.
    pub(crate) validation_accuracy: f64,
    /// Accuracy of the average on the digits that are made, 0 to 1.
    pub(crate) made_accuracy: f64,
    /// Duration.
    pub(crate) seconds: f64,
}

#[derive(Serialize, Deserialize)]
struct State {
    settings: Settings,
    code: String,
    history: Vec<EpochMetrics>,
}

/// Writes `run` into `folder` and removes the previous checkpoint.
pub(crate) fn save(run: &mut TrainingRun, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let unfinished = folder.join("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    fs::create_dir(&unfinished)?;
    let numbers: Vec<u8> = run
        .numbers()
        .into_iter()
        .flat_map(|numbers| numbers.iter().flat_map(|number| number.to_le_bytes()))
        .collect();
    fs::write(unfinished.join(NUMBERS), numbers)?;
    let state = State {
        settings: run.settings.clone(),
        code: run.code.clone(),
        history: run.history.clone(),
    };
    fs::write(unfinished.join(STATE), serde_json::to_vec_pretty(&state)?)?;
    let before = checkpoints(folder)?;
    fs::rename(&unfinished, folder.join(format!("epoch-{:03}", run.history.len())))?;
    for checkpoint in before {
        fs::remove_dir_all(checkpoint)?;
    }
    Ok(())
}

/// Loads the newest checkpoint in `folder`, if there is one.
///
/// Fails if it can't be read or has settings other than `settings`.
pub(crate) fn load(settings: &Settings, folder: &Path) -> Result<Option<TrainingRun>> {
    let Some(newest) = checkpoints(folder)?.pop() else {
        return Ok(None);
    };
    let damaged = || format!("{} is damaged: remove it", newest.display());
    let state: State = serde_json::from_slice(&fs::read(newest.join(STATE))?).with_context(damaged)?;
    anyhow::ensure!(
        state.settings == *settings,
        "the training interrupted in {} had other settings ({:?}): give it the same, or start again with --fresh",
        newest.display(),
        state.settings
    );
    let mut run = TrainingRun::start(settings);
    let numbers = fs::read(newest.join(NUMBERS))?;
    let mut numbers = numbers
        .as_chunks::<4>()
        .0
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes));
    for target in run.numbers() {
        for value in target {
            *value = numbers.next().with_context(damaged)?;
        }
    }
    run.code = state.code;
    run.history = state.history;
    Ok(Some(run))
}

/// The checkpoint folders, oldest first.
fn checkpoints(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut checkpoints = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("epoch-") {
            checkpoints.push(entry.path());
        }
    }
    checkpoints.sort();
    Ok(checkpoints)
}
