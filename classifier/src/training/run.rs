//! One training run: its state between epochs and the training of one epoch.

use std::time::Instant;

use anyhow::Result;
use indicatif::ProgressBar;
use rand::seq::SliceRandom as _;

use super::batches::{self, Mixture};
use super::checkpoint::EpochMetrics;
use super::fold::{self, Calibration};
use super::gradient::{self, Layout, Weights};
use super::mixture::Kind;
use super::optimiser::{self, Moments};
use super::progress::EpochTotals;
use super::{Judges, Settings, augment, evaluate, export, schedule};

/// The state of a training between two epochs.
pub(crate) struct TrainingRun {
    pub(crate) settings: Settings,
    /// Version of the code when the training started.
    pub(crate) code: String,
    pub(crate) layout: Layout,
    pub(crate) weights: Weights,
    pub(crate) moments: Moments,
    pub(crate) average: Weights,
    /// The average after the epoch with the lowest validation loss. In a retraining the newest one: its first epoch would
    /// have the lowest loss on images that the shipped network has learned.
    pub(crate) best: Weights,
    pub(crate) history: Vec<EpochMetrics>,
}

/// Shuffled indices: the training set, and the last `held_back` for validation.
pub(crate) fn split(digits: usize, held_back: usize, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut training: Vec<usize> = (0..digits).collect();
    // An epoch number that no training reaches.
    training.shuffle(&mut augment::generator(seed, usize::MAX >> 32, 0));
    let validation = training.split_off(digits - held_back);
    (training, validation)
}

impl TrainingRun {
    pub(crate) fn start(settings: &Settings) -> Self {
        let weights = Weights::random(&Layout::new(), settings.seed);
        Self::start_with(settings, weights)
    }

    pub(crate) fn start_with(settings: &Settings, weights: Weights) -> Self {
        Self {
            settings: settings.clone(),
            code: export::code_version(),
            layout: Layout::new(),
            moments: Moments::zeros(weights.parameters.len()),
            average: weights.clone(),
            best: weights.clone(),
            weights,
            history: Vec::new(),
        }
    }

    /// All numbers that a checkpoint holds.
    pub(crate) fn numbers(&mut self) -> [&mut Vec<f32>; 8] {
        [
            &mut self.weights.parameters,
            &mut self.weights.statistics,
            &mut self.moments.first,
            &mut self.moments.second,
            &mut self.average.parameters,
            &mut self.average.statistics,
            &mut self.best.parameters,
            &mut self.best.statistics,
        ]
    }

    /// Trains for one epoch on the mixture, then evaluates the average on the validation images.
    pub(crate) fn epoch(&mut self, mixture: &Mixture<'_>, judges: &Judges, bar: &ProgressBar) -> Result<EpochMetrics> {
        let start = Instant::now();
        let epoch = self.history.len();
        let seed = self.settings.seed;
        let steps = mixture.steps(self.settings.batch);
        let shares = if schedule::is_gentle(&self.settings, epoch) {
            augment::GENTLE_SHARES
        } else {
            augment::STRONG_SHARES
        };
        let mut totals = EpochTotals::default();
        std::thread::scope(|scope| {
            for (position, images) in batches::epoch(scope, mixture, &self.settings, shares, epoch)
                .iter()
                .enumerate()
            {
                let step = epoch * steps + position;
                let dropout = [usize::try_from(seed).unwrap_or(0), step];
                let found = gradient::step(&self.layout, &mut self.weights, &images.pixels, &images.labels, dropout);
                totals.add(&found, images.labels.len());
                let rate = schedule::learning_rate(&self.settings, step, steps);
                self.moments
                    .update(&mut self.weights.parameters, &found.gradient, rate, step);
                optimiser::average(&mut self.average, &self.weights, step);
                bar.inc(1);
                bar.set_message(format!("epoch {} · {}", epoch + 1, totals));
            }
        });
        let network = fold::export(&self.layout, &self.average, Calibration::NONE)?;
        let (mut mnist, mut made) = (Vec::new(), Vec::new());
        for (kind, examples) in judges {
            if *kind == Kind::Mnist { &mut mnist } else { &mut made }.extend(examples.iter().cloned());
        }
        let mnist = evaluate::evaluate(&network, &mnist)?;
        let made = evaluate::evaluate(&network, &made)?;
        let metrics = EpochMetrics {
            loss: totals.loss(),
            accuracy: totals.accuracy(),
            validation_loss: f64::midpoint(mnist.loss(), made.loss()),
            validation_accuracy: mnist.accuracy(),
            made_accuracy: made.accuracy(),
            seconds: start.elapsed().as_secs_f64(),
        };
        let is_lowest = self
            .history
            .iter()
            .all(|previous| metrics.validation_loss < previous.validation_loss);
        if is_lowest || self.settings.retraining.is_some() {
            self.best = self.average.clone();
        }
        self.history.push(metrics);
        Ok(metrics)
    }

    /// The epoch of [`TrainingRun::best`], from 0.
    pub(crate) fn best_epoch(&self) -> usize {
        if self.settings.retraining.is_some() {
            return self.history.len().saturating_sub(1);
        }
        let losses = self.history.iter().map(|epoch| epoch.validation_loss).enumerate();
        losses
            .min_by(|left, right| left.1.total_cmp(&right.1))
            .map_or(0, |(epoch, _)| epoch)
    }
}
