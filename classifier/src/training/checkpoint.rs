//! Checkpoints after each epoch, from which an interrupted training resumes with identical results.
//!
//! A checkpoint is a folder `epoch-007`, written under another name and renamed when complete, so a crash leaves the
//! previous one intact. The state of random generators is not saved: they are seeded from seed, epoch and image index.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use burn::module::Module as _;
use burn::store::ModuleRecord;
use burn::tensor::{Bytes, Device};
use serde::{Deserialize, Serialize};

use super::Settings;
use super::ema::Ema;
use super::run::{self, TrainingRun};
use super::training_network::TrainingNetwork;

const STATE: &str = "state.json";
const NETWORK: &str = "network.bpk";
const OPTIMISER: &str = "optimiser.bpk";
const EMA: &str = "ema.bpk";
const BEST: &str = "best.bpk";

/// Metrics of one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct EpochMetrics {
    /// Mean cross-entropy over the augmented training images.
    pub(crate) loss: f64,
    /// Accuracy on them, 0 to 1.
    pub(crate) accuracy: f64,
    /// Mean cross-entropy of the average on the validation images.
    pub(crate) validation_loss: f64,
    /// Accuracy of the average on them, 0 to 1.
    pub(crate) validation_accuracy: f64,
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
pub(crate) fn save(run: &TrainingRun, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let unfinished = folder.join("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    fs::create_dir(&unfinished)?;
    run.network.clone().into_record().save(unfinished.join(NETWORK))?;
    run.optimiser.save(unfinished.join(OPTIMISER))?;
    run.ema
        .fill(run.network.valid())
        .into_record()
        .save(unfinished.join(EMA))?;
    run.best
        .fill(run.network.valid())
        .into_record()
        .save(unfinished.join(BEST))?;
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
pub(crate) fn load(settings: &Settings, folder: &Path, device: &Device) -> Result<Option<TrainingRun>> {
    let Some(newest) = checkpoints(folder)?.pop() else {
        return Ok(None);
    };
    let state: State = serde_json::from_slice(&fs::read(newest.join(STATE))?)
        .with_context(|| format!("{} is damaged: remove it", newest.display()))?;
    anyhow::ensure!(
        state.settings == *settings,
        "the training interrupted in {} had other settings ({:?}): give it the same, or start again with --fresh",
        newest.display(),
        state.settings
    );
    // The files are read completely here: burn's file reader is lazy, and the next checkpoint removes this one.
    let read = |name| -> Result<Bytes> { Ok(Bytes::from_bytes_vec(fs::read(newest.join(name))?)) };
    let fresh = TrainingNetwork::init(device);
    let ema = |name| -> Result<Ema> {
        Ok(Ema::of(
            &fresh.valid().try_load_record(ModuleRecord::from_bytes(read(name)?)?)?,
        ))
    };
    Ok(Some(TrainingRun {
        ema: ema(EMA)?,
        best: ema(BEST)?,
        optimiser: run::optimiser().from_bytes(read(OPTIMISER)?)?,
        network: fresh.try_load_record(ModuleRecord::from_bytes(read(NETWORK)?)?)?,
        settings: state.settings,
        code: state.code,
        history: state.history,
    }))
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
