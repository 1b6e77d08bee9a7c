//! How the weights are made (feature `train`): `make train` runs this, and nothing else may write `weights/`.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts, steps and pixels: all small enough for any number type"
)]

mod augment;
mod average;
mod batches;
mod card;
mod checkpoint;
mod evaluate;
mod fold;
mod model;

#[cfg(test)]
mod tests;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use burn::module::Module as _;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Int, Tensor, TensorData};
use indicatif::{ProgressBar, ProgressStyle};
use rand::seq::SliceRandom as _;
use serde::{Deserialize, Serialize};

use crate::SIDE;
use crate::mnist::{Digits, Part};
use average::Average;
use batches::Batch;
use checkpoint::Epoch;
use model::Trainee;

/// Digits of the training set that are held back to choose the model and its temperature by.
pub(crate) const VALIDATION: usize = 5_000;

/// What decides the weights; a checkpoint of other settings is not resumed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Of everything random: split, weights, order, augmentation, dropout.
    pub seed: u64,
    /// Passes over the training digits.
    pub epochs: usize,
    /// Pictures a step.
    pub batch: usize,
    /// The learning rate at its highest, after the warm-up.
    pub learning_rate: f64,
}

/// Where things are.
#[derive(Debug, Clone)]
pub struct Folders {
    /// MNIST's IDX files.
    pub data: PathBuf,
    /// Checkpoints.
    pub work: PathBuf,
    /// The shipped weights and their card.
    pub weights: PathBuf,
}

/// A training between two epochs.
struct Run {
    settings: Settings,
    /// Version of the code at the start.
    code: String,
    trainee: Trainee,
    optimiser: ModuleOptimizer,
    average: Average,
    /// The average after the epoch of least validation loss.
    best: Average,
    history: Vec<Epoch>,
}

/// Decoupled, so scaled by the learning rate.
pub(crate) const WEIGHT_DECAY: f32 = 0.02;

fn optimiser() -> ModuleOptimizer {
    AdamWConfig::new()
        .with_weight_decay(WEIGHT_DECAY)
        .with_epsilon(1e-8)
        .init()
}

/// Train, or go on with what was interrupted in `folders.work`; then write the weights and their card.
///
/// # Errors
///
/// When MNIST is missing, a file can't be read or written, or the checkpoint has other settings.
pub fn train(settings: &Settings, folders: &Folders) -> Result<()> {
    let digits = Digits::read(&folders.data, Part::Train)?;
    let (learn, validate) = split(digits.len(), VALIDATION, settings.seed);
    let device = Device::flex().autodiff();
    let mut run = match checkpoint::load(settings, &folders.work, &device)? {
        Some(run) => {
            say(&format!("going on after epoch {}", run.history.len()))?;
            run
        }
        None => Run::start(settings, &device),
    };
    let steps = learn.len() / settings.batch;
    let bar = progress_bar(steps * settings.epochs, steps * run.history.len())?;
    while run.history.len() < settings.epochs {
        let epoch = run.epoch(&digits, &learn, &validate, &device, &bar)?;
        checkpoint::save(&run, &folders.work)?;
        bar.suspend(|| say(&line(run.history.len(), &epoch)))?;
    }
    bar.finish_and_clear();
    card::ship(&run, &digits, &validate, folders)
}

/// Shuffled indices, the last `held_back` of them for validation.
fn split(digits: usize, held_back: usize, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut learn: Vec<usize> = (0..digits).collect();
    // No epoch has this number.
    learn.shuffle(&mut augment::generator(seed, usize::MAX >> 32, 0));
    let validate = learn.split_off(digits - held_back);
    (learn, validate)
}

impl Run {
    fn start(settings: &Settings, device: &Device) -> Self {
        device.seed(settings.seed);
        let trainee = Trainee::init(device);
        let average = Average::of(&trainee);
        Self {
            settings: settings.clone(),
            code: card::code_version(),
            trainee,
            optimiser: optimiser(),
            best: average.clone(),
            average,
            history: Vec::new(),
        }
    }

    /// One pass over the digits at `learn`, then the average's figures on those at `validate`.
    fn epoch(
        &mut self,
        digits: &Digits,
        learn: &[usize],
        validate: &[usize],
        device: &Device,
        bar: &ProgressBar,
    ) -> Result<Epoch> {
        let start = Instant::now();
        let epoch = self.history.len();
        // Dropout's draws; from the epoch, so that a resumed training repeats them.
        device.seed(self.settings.seed ^ (epoch as u64 + 1) << 32);
        let steps = learn.len() / self.settings.batch;
        let criterion = CrossEntropyLossConfig::new().init(device);
        let mut tally = Tally::default();
        std::thread::scope(|scope| -> Result<()> {
            let batches = batches::epoch(scope, digits, learn, self.settings.batch, self.settings.seed, epoch);
            for (place, batch) in batches.iter().enumerate() {
                let step = epoch * steps + place;
                let (pictures, labels) = tensors(batch, device);
                let logits = self.trainee.forward(pictures);
                let loss = criterion.forward(logits.clone(), labels.clone());
                tally.add(&logits, &labels, &loss);
                let gradients = GradientsParams::from_grads(loss.backward(), &self.trainee);
                let rate = learning_rate(&self.settings, step, steps);
                self.trainee = self.optimiser.step(rate, self.trainee.clone(), gradients);
                self.trainee.settle();
                self.average.update(&self.trainee, step);
                bar.inc(1);
                bar.set_message(format!("epoch {} · {}", epoch + 1, tally));
            }
            Ok(())
        })?;
        let inner = device.clone().inner();
        let network = fold::fold(&self.average.fill(self.trainee.valid()));
        let answers = evaluate::answer(&network, digits, validate, &inner)?;
        let figures = Epoch {
            loss: tally.loss(),
            accuracy: tally.accuracy(),
            validation_loss: answers.loss(1.0),
            validation_accuracy: answers.accuracy(),
            seconds: start.elapsed().as_secs_f64(),
        };
        if self
            .history
            .iter()
            .all(|before| figures.validation_loss < before.validation_loss)
        {
            self.best = self.average.clone();
        }
        self.history.push(figures);
        Ok(figures)
    }

    /// Which epoch [`Run::best`] is of, from 0.
    fn best_epoch(&self) -> usize {
        let losses = self.history.iter().map(|epoch| epoch.validation_loss).enumerate();
        losses
            .min_by(|one, other| one.1.total_cmp(&other.1))
            .map_or(0, |(epoch, _)| epoch)
    }
}

/// Linear warm-up over the first epoch, then half a cosine down to nothing.
fn learning_rate(settings: &Settings, step: usize, steps: usize) -> f64 {
    let (step, warm_up, total) = (step as f64 + 1.0, steps as f64, (steps * settings.epochs) as f64);
    if step < warm_up {
        return settings.learning_rate * step / warm_up;
    }
    let progress = (step - warm_up) / (total - warm_up).max(1.0);
    settings.learning_rate * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos())
}

fn tensors(batch: Batch, device: &Device) -> (Tensor<4>, Tensor<1, Int>) {
    let count = batch.labels.len();
    let labels: Vec<i64> = batch.labels.into_iter().map(i64::from).collect();
    (
        Tensor::from_data(TensorData::new(batch.pixels, [count, 1, SIDE, SIDE]), device),
        Tensor::from_data(TensorData::new(labels, [count]), device),
    )
}

/// Loss and right answers of an epoch so far.
#[derive(Default)]
struct Tally {
    loss: f64,
    steps: f64,
    right: f64,
    pictures: f64,
}

impl Tally {
    fn add(&mut self, logits: &Tensor<2>, labels: &Tensor<1, Int>, loss: &Tensor<1>) {
        let answers = logits.clone().inner().argmax(1).into_data();
        let labels = labels.clone().into_data();
        let right = answers
            .iter::<i64>()
            .zip(labels.iter::<i64>())
            .filter(|(answer, label)| answer == label);
        self.right += right.count() as f64;
        self.pictures += labels.num_elements() as f64;
        self.loss += loss.clone().into_data().iter::<f64>().sum::<f64>();
        self.steps += 1.0;
    }

    fn loss(&self) -> f64 {
        self.loss / self.steps
    }

    fn accuracy(&self) -> f64 {
        self.right / self.pictures
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "loss {:.4} · accuracy {:.2} %",
            self.loss(),
            100.0 * self.accuracy()
        )
    }
}

fn progress_bar(total: usize, done: usize) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} % · {msg} · {eta} left")
        .context("the progress bar's template")?;
    let bar = ProgressBar::new(total as u64)
        .with_style(style)
        .with_position(done as u64);
    bar.reset_eta();
    bar.enable_steady_tick(Duration::from_secs(1));
    Ok(bar)
}

fn line(epochs: usize, epoch: &Epoch) -> String {
    format!(
        "epoch {epochs:>3}: loss {:.4}, accuracy {:.2} %; validation loss {:.4}, accuracy {:.2} %; {:.0} s",
        epoch.loss,
        100.0 * epoch.accuracy,
        epoch.validation_loss,
        100.0 * epoch.validation_accuracy,
        epoch.seconds
    )
}

/// A line for whoever runs the training.
fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

/// Forget what was interrupted.
///
/// # Errors
///
/// When the folder can't be removed.
pub fn forget(work: &Path) -> Result<()> {
    if work.exists() {
        std::fs::remove_dir_all(work).with_context(|| work.display().to_string())?;
    }
    Ok(())
}
