//! What is kept after every epoch, so that an interrupted training goes on as if nothing had happened.
//!
//! A checkpoint is a folder `epoch-007`, written under another name and renamed when whole: a crash leaves the one
//! before. Random numbers need no keeping: they follow from seed, epoch and picture.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use burn::module::Module as _;
use burn::store::ModuleRecord;
use burn::tensor::{Bytes, Device};
use serde::{Deserialize, Serialize};

use super::average::Average;
use super::model::Trainee;
use super::{Run, Settings};

const STATE: &str = "state.json";
const TRAINEE: &str = "trainee.bpk";
const OPTIMISER: &str = "optimiser.bpk";
const AVERAGE: &str = "average.bpk";
const BEST: &str = "best.bpk";

/// One epoch's figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Epoch {
    /// Mean cross-entropy over the epoch's augmented pictures.
    pub(crate) loss: f64,
    /// Share of them that were read rightly, 0 to 1.
    pub(crate) accuracy: f64,
    /// Mean cross-entropy of the average's answers to the validation digits.
    pub(crate) validation_loss: f64,
    /// Share of those answered rightly, 0 to 1.
    pub(crate) validation_accuracy: f64,
    /// How long it took.
    pub(crate) seconds: f64,
}

#[derive(Serialize, Deserialize)]
struct State {
    settings: Settings,
    code: String,
    history: Vec<Epoch>,
}

/// Write `run` into `folder`, in place of the checkpoint before.
pub(crate) fn save(run: &Run, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let unfinished = folder.join("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    fs::create_dir(&unfinished)?;
    run.trainee.clone().into_record().save(unfinished.join(TRAINEE))?;
    run.optimiser.save(unfinished.join(OPTIMISER))?;
    run.average
        .fill(run.trainee.valid())
        .into_record()
        .save(unfinished.join(AVERAGE))?;
    run.best
        .fill(run.trainee.valid())
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

/// The newest checkpoint in `folder`, if there is one.
///
/// # Errors
///
/// When it can't be read, or was made with other settings than `settings`.
pub(crate) fn load(settings: &Settings, folder: &Path, device: &Device) -> Result<Option<Run>> {
    let Some(newest) = checkpoints(folder)?.pop() else {
        return Ok(None);
    };
    let state: State = serde_json::from_slice(&fs::read(newest.join(STATE))?)
        .with_context(|| format!("{} is damaged: remove it", newest.display()))?;
    anyhow::ensure!(
        state.settings == *settings,
        "the training interrupted in {} had other settings ({:?}): give it the same, or start anew with --fresh",
        newest.display(),
        state.settings
    );
    // Whole files, read now: burn's own file reader is lazy, and the next checkpoint removes this one.
    let read = |name| -> Result<Bytes> { Ok(Bytes::from_bytes_vec(fs::read(newest.join(name))?)) };
    let fresh = Trainee::init(device);
    let average = |name| -> Result<Average> {
        Ok(Average::of(
            &fresh.valid().try_load_record(ModuleRecord::from_bytes(read(name)?)?)?,
        ))
    };
    Ok(Some(Run {
        average: average(AVERAGE)?,
        best: average(BEST)?,
        optimiser: super::optimiser().from_bytes(read(OPTIMISER)?)?,
        trainee: fresh.try_load_record(ModuleRecord::from_bytes(read(TRAINEE)?)?)?,
        settings: state.settings,
        code: state.code,
        history: state.history,
    }))
}

/// Oldest first.
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
