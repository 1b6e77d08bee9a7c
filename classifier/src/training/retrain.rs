//! Retraining: the shipped network learns from reviewed corrections beside what it has learned from, and is exported if it
//! is better (ADR 26).

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use super::augment::GENTLE_SHARES;
use super::batches::{self, Mixture};
use super::corrections::{self, Corrections};
use super::fonts::Fonts;
use super::judgement::Scores;
use super::mixture::{IMAGES_PER_EPOCH, Kind, Sources};
use super::model_card::RetrainingFigures;
use super::progress::print_line;
use super::run::{TrainingRun, split};
use super::{Paths, Retraining, Settings, VALIDATION, checkpoint, export, finish, fold, remove_folder, validation};
use crate::mnist::{Dataset, Split};
use crate::{THRESHOLD, model_card, shipped_weights};

/// In an epoch there is one correction for this many other images, or fewer: they are to change what is read of them, and
/// little else.
const SHARE: usize = 10;

/// How often an epoch has each correction at most. A few would otherwise be learned by heart.
const MAX_REPEATS: usize = 100;

/// Batches that batch norm's first statistics are taken from, and an epoch that no training reaches.
const BATCHES: usize = 8;
const EPOCH: usize = (u32::MAX - 4) as usize;

/// The folder in which an export is written before it gets its name.
const UNFINISHED: &str = "unfinished";

/// How a retraining ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The network is better, and in this folder.
    Written(PathBuf),
    /// It isn't, for these reasons, and nothing was written.
    Refused(Vec<String>),
}

/// What is read of the shipped network's card.
#[derive(Deserialize)]
struct Shipped {
    model: String,
    /// That of the split: a retraining must not learn from what judges it.
    seed: u64,
}

/// Changes the shipped network with the corrections of a data set, `digits` of MNIST's digits and as many made ones in
/// proportion, or resumes the retraining interrupted in `paths.work`. If it is better then, it is written into a folder of
/// `paths.weights`, named by its version. `settings.seed` and `settings.retraining` are not used.
///
/// # Errors
///
/// If MNIST or the data set is missing, there are too few corrections, a file can't be read or written, or the checkpoint
/// has different settings.
pub fn retrain(
    settings: &Settings,
    digits: usize,
    data_set: &Path,
    with_fonts: bool,
    paths: &Paths,
) -> Result<Verdict> {
    let shipped: Shipped = serde_json::from_str(model_card()).context("the shipped model card")?;
    let found = corrections::read(data_set, shipped.seed)?;
    let settings = Settings {
        seed: shipped.seed,
        retraining: Some(Retraining {
            base: shipped.model.clone(),
            corrections: found.sha256.clone(),
            digits,
            with_fonts,
        }),
        ..settings.clone()
    };
    let mnist = Dataset::read(&paths.data, Split::Train)?;
    let (training, held_back) = split(mnist.len(), VALIDATION, settings.seed);
    let fonts = if with_fonts {
        Fonts::read(&paths.fonts)?
    } else {
        Fonts::default()
    };
    let judges = validation::examples(&mnist, &held_back, &fonts, settings.seed);
    let digits = digits.min(training.len());
    let made = made(digits, training.len(), with_fonts);
    let others = digits + made.iter().map(|(_, count)| count).sum::<usize>();
    let mixture = Mixture {
        sources: Sources {
            digits: &mnist,
            indices: &training[..digits],
            fonts: &fonts.training,
        },
        made: &made,
        corrections: &found.learned,
        repeats: (others / SHARE / found.learned.len()).clamp(1, MAX_REPEATS),
    };
    ensure!(
        mixture.steps(settings.batch) > 0,
        "an epoch has fewer images than a batch"
    );

    let base = shipped_weights();
    let before = Scores::of(&base, THRESHOLD, &judges, &found.kept_back)?;
    print_line(&format!(
        "{} corrections; {} to learn from, each {} times in an epoch, and {} to judge by, of which {} reads {} right",
        found.given,
        found.learned.len(),
        mixture.repeats,
        found.kept_back.len(),
        shipped.model,
        before.kept_back.right
    ))?;
    let mut run = match checkpoint::load(&settings, &paths.work)? {
        Some(run) => run,
        None => start(&settings, &mixture, &base)?,
    };
    finish(&mut run, &mixture, &judges, &paths.work)?;

    let exported = export::calibrated(&run, &judges)?;
    let after = Scores::of(&exported.bytes, exported.threshold, &judges, &found.kept_back)?;
    let objections = before.objections(&after);
    let verdict = if objections.is_empty() {
        let figures = figures(shipped.model, &found, mixture.repeats, [before, after]);
        let card = export::card(&run, &exported, &mixture, &judges, &paths.data, Some(figures))?;
        let folder = paths.weights.join(&exported.version);
        let files: [(&str, &[u8]); 2] = [("digits.bpk", &exported.bytes), ("model_card.json", &card)];
        write_together(&folder, &files)?;
        print_line(&format!(
            "right: {} of the corrections that were kept back, before {}; {} of MNIST's validation digits, before {}",
            after.kept_back, before.kept_back, after.mnist, before.mnist
        ))?;
        Verdict::Written(folder)
    } else {
        Verdict::Refused(objections)
    };
    remove_folder(&paths.work)?;
    Ok(verdict)
}

/// Images of each kind in an epoch with `digits` of the `all` digits that the shipped network has learned from.
fn made(digits: usize, all: usize, with_fonts: bool) -> Vec<(Kind, usize)> {
    IMAGES_PER_EPOCH
        .into_iter()
        .filter(|(kind, _)| with_fonts || !kind.needs_fonts())
        .map(|(kind, count)| (kind, count * digits / all))
        .collect()
}

/// A run that begins with the network of an exported file.
fn start(settings: &Settings, mixture: &Mixture<'_>, file: &[u8]) -> Result<TrainingRun> {
    let pixels: Vec<f32> = thread::scope(|scope| {
        let batches = batches::epoch(scope, mixture, settings, GENTLE_SHARES, EPOCH);
        batches.iter().take(BATCHES).flat_map(|batch| batch.pixels).collect()
    });
    let mut run = TrainingRun::start(settings);
    let weights = fold::unfold(&run.layout, file, &pixels)?;
    run.average.clone_from(&weights);
    run.best.clone_from(&weights);
    run.weights = weights;
    Ok(run)
}

fn figures(base: String, corrections: &Corrections, repeats: usize, [before, after]: [Scores; 2]) -> RetrainingFigures {
    RetrainingFigures {
        base,
        corrections_sha256: corrections.sha256.clone(),
        images: corrections.given,
        corrections: corrections.learned.len(),
        learned: corrections::by_label(&corrections.learned),
        kept_back: corrections::by_label(&corrections.kept_back),
        repeats,
        before,
        after,
    }
}

/// Writes files into a new folder: whenever the process or the power ends, there are none of them, or all.
fn write_together(folder: &Path, files: &[(&str, &[u8])]) -> Result<()> {
    let parent = folder.parent().context("a folder in a folder")?;
    let unfinished = parent.join(UNFINISHED);
    // What a process that was killed has left.
    remove_folder(&unfinished)?;
    fs::create_dir_all(&unfinished)?;
    for (name, bytes) in files {
        export::write(&unfinished.join(name), bytes)?;
    }
    let sync = |folder: &Path| File::open(folder).and_then(|folder| folder.sync_all());
    sync(&unfinished)?;
    // The same network was written before.
    remove_folder(folder)?;
    fs::rename(&unfinished, folder).with_context(|| folder.display().to_string())?;
    sync(parent)?;
    Ok(())
}
