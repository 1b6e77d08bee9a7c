//! One training run: its state between epochs and the training of one epoch.

use std::time::Instant;

use anyhow::Result;
use burn::module::Module as _;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Int, Tensor, TensorData};
use indicatif::ProgressBar;
use rand::seq::SliceRandom as _;

use super::Settings;
use super::batches::{self, Batch};
use super::checkpoint::EpochMetrics;
use super::ema::Ema;
use super::progress::EpochTotals;
use super::training_network::TrainingNetwork;
use super::{augment, evaluate, export, fold, schedule};
use crate::SIDE;
use crate::mnist::Dataset;

/// The state of a training between two epochs.
pub(crate) struct TrainingRun {
    pub(crate) settings: Settings,
    /// Version of the code when the training started.
    pub(crate) code: String,
    pub(crate) network: TrainingNetwork,
    pub(crate) optimiser: ModuleOptimizer,
    pub(crate) ema: Ema,
    /// The average after the epoch with the lowest validation loss.
    pub(crate) best: Ema,
    pub(crate) history: Vec<EpochMetrics>,
}

/// Decoupled weight decay, which `AdamW` scales by the learning rate.
pub(crate) const WEIGHT_DECAY: f32 = 0.02;

pub(crate) fn optimiser() -> ModuleOptimizer {
    AdamWConfig::new()
        .with_weight_decay(WEIGHT_DECAY)
        .with_epsilon(1e-8)
        .init()
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
    pub(crate) fn start(settings: &Settings, device: &Device) -> Self {
        device.seed(settings.seed);
        let network = TrainingNetwork::init(device);
        let ema = Ema::of(&network);
        Self {
            settings: settings.clone(),
            code: export::code_version(),
            network,
            optimiser: optimiser(),
            best: ema.clone(),
            ema,
            history: Vec::new(),
        }
    }

    /// Trains for one epoch on the images at `training`, then evaluates the average on those at `validation`.
    pub(crate) fn epoch(
        &mut self,
        digits: &Dataset,
        training: &[usize],
        validation: &[usize],
        device: &Device,
        bar: &ProgressBar,
    ) -> Result<EpochMetrics> {
        let start = Instant::now();
        let epoch = self.history.len();
        // Seeds dropout from the epoch number, so that a resumed training draws the same masks.
        device.seed(self.settings.seed ^ (epoch as u64 + 1) << 32);
        let steps = training.len() / self.settings.batch;
        let criterion = CrossEntropyLossConfig::new().init(device);
        let mut totals = EpochTotals::default();
        std::thread::scope(|scope| -> Result<()> {
            let batches = batches::epoch(scope, digits, training, self.settings.batch, self.settings.seed, epoch);
            for (position, batch) in batches.iter().enumerate() {
                let step = epoch * steps + position;
                let (inputs, labels) = tensors(batch, device);
                let logits = self.network.forward(inputs);
                let loss = criterion.forward(logits.clone(), labels.clone());
                totals.add(&logits, &labels, &loss);
                let gradients = GradientsParams::from_grads(loss.backward(), &self.network);
                let rate = schedule::learning_rate(&self.settings, step, steps);
                self.network = self.optimiser.step(rate, self.network.clone(), gradients);
                self.network.sync_running_stats();
                self.ema.update(&self.network, step);
                bar.inc(1);
                bar.set_message(format!("epoch {} · {}", epoch + 1, totals));
            }
            Ok(())
        })?;
        let inner = device.clone().inner();
        let network = fold::fold(&self.ema.fill(self.network.valid()));
        let evaluation = evaluate::evaluate(&network, digits, validation, &inner)?;
        let metrics = EpochMetrics {
            loss: totals.loss(),
            accuracy: totals.accuracy(),
            validation_loss: evaluation.loss(1.0),
            validation_accuracy: evaluation.accuracy(),
            seconds: start.elapsed().as_secs_f64(),
        };
        if self
            .history
            .iter()
            .all(|previous| metrics.validation_loss < previous.validation_loss)
        {
            self.best = self.ema.clone();
        }
        self.history.push(metrics);
        Ok(metrics)
    }

    /// The epoch of [`TrainingRun::best`], from 0.
    pub(crate) fn best_epoch(&self) -> usize {
        let losses = self.history.iter().map(|epoch| epoch.validation_loss).enumerate();
        losses
            .min_by(|left, right| left.1.total_cmp(&right.1))
            .map_or(0, |(epoch, _)| epoch)
    }
}

/// Images `[batch, 1, 28, 28]` and labels `[batch]`.
fn tensors(batch: Batch, device: &Device) -> (Tensor<4>, Tensor<1, Int>) {
    let count = batch.labels.len();
    let labels: Vec<i64> = batch.labels.into_iter().map(i64::from).collect();
    (
        Tensor::from_data(TensorData::new(batch.pixels, [count, 1, SIDE, SIDE]), device),
        Tensor::from_data(TensorData::new(labels, [count]), device),
    )
}
