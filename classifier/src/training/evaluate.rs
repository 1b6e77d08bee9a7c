//! Evaluation: accuracy, confusion matrix, calibration (Guo et al., 2017, "On Calibration of Modern Neural Networks").

use burn::tensor::{Device, Tensor, TensorData};

use crate::mnist::Dataset;
use crate::network::Network;
use crate::{CLASSES, PIXELS, Prediction, SIDE};

/// Images per batch: large enough for throughput, small enough for the caches.
const BATCH: usize = 100;

/// Bins of the expected calibration error.
pub(crate) const BINS: u32 = 15;

/// A network's predictions for a set of images, with their labels.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    predictions: Vec<Prediction>,
    labels: Vec<u8>,
}

/// Evaluates `network` on the images at `indices`, without augmentation.
pub(crate) fn evaluate(
    network: &Network,
    digits: &Dataset,
    indices: &[usize],
    device: &Device,
) -> anyhow::Result<Evaluation> {
    let mut predictions = Vec::with_capacity(indices.len());
    for batch in indices.chunks(BATCH) {
        let pixels: Vec<f32> = batch.iter().flat_map(|&index| digits.input(index).0).collect();
        debug_assert_eq!(pixels.len(), batch.len() * PIXELS);
        let inputs = Tensor::<4>::from_data(TensorData::new(pixels, [batch.len(), 1, SIDE, SIDE]), device);
        let logits = network.forward(inputs).into_data();
        let logits: Vec<f32> = logits.iter::<f32>().collect();
        for logits in logits.chunks_exact(CLASSES) {
            predictions.push(Prediction::from_logits(logits.try_into()?));
        }
    }
    let labels = indices.iter().map(|&index| digits.labels[index]).collect();
    Ok(Evaluation { predictions, labels })
}

impl Evaluation {
    fn pairs(&self) -> impl Iterator<Item = (&Prediction, u8)> {
        self.predictions.iter().zip(self.labels.iter().copied())
    }

    /// The predicted digits, in order.
    pub(crate) fn predicted_digits(&self) -> Vec<u8> {
        self.predictions.iter().map(Prediction::digit).collect()
    }

    /// Share of correct predictions, 0 to 1.
    pub(crate) fn accuracy(&self) -> f64 {
        let correct = self
            .pairs()
            .filter(|(prediction, label)| prediction.digit() == *label)
            .count();
        correct as f64 / self.labels.len() as f64
    }

    /// Confusion matrix; rows are labels, columns are predictions.
    pub(crate) fn confusion(&self) -> [[u32; CLASSES]; CLASSES] {
        let mut confusion = [[0; CLASSES]; CLASSES];
        for (prediction, label) in self.pairs() {
            confusion[usize::from(label)][usize::from(prediction.digit())] += 1;
        }
        confusion
    }

    /// Mean negative log-likelihood of the labels with the logits divided by `temperature`.
    pub(crate) fn loss(&self, temperature: f64) -> f64 {
        let losses = self.pairs().map(|(prediction, label)| {
            let scaled = prediction.logits.map(|logit| f64::from(logit) / temperature);
            let largest = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = scaled.iter().map(|logit| (logit - largest).exp()).sum();
            sum.ln() + largest - scaled[usize::from(label)]
        });
        losses.sum::<f64>() / self.labels.len() as f64
    }

    /// The temperature with the lowest loss, by golden-section search. The loss has one minimum in 1/temperature.
    pub(crate) fn best_temperature(&self) -> f64 {
        let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
        let (mut low, mut high) = (0.1_f64, 10.0_f64);
        while high - low > 1e-4 {
            let (left, right) = (high - golden * (high - low), low + golden * (high - low));
            if self.loss(1.0 / left) < self.loss(1.0 / right) {
                high = right;
            } else {
                low = left;
            }
        }
        2.0 / (low + high)
    }

    /// Expected calibration error, 0 to 1: over [`BINS`] equal bins of the top probability, the difference of mean
    /// probability and accuracy, weighted by the bin's share.
    pub(crate) fn calibration_error(&self) -> f64 {
        let mut bins = [(0.0_f64, 0.0_f64); BINS as usize];
        for (prediction, label) in self.pairs() {
            let probability = f64::from(prediction.probability());
            let bin = ((probability * f64::from(BINS)).ceil() as usize).clamp(1, bins.len()) - 1;
            bins[bin].0 += probability;
            bins[bin].1 += f64::from(u8::from(prediction.digit() == label));
        }
        bins.iter()
            .map(|(probability, correct)| (probability - correct).abs())
            .sum::<f64>()
            / self.labels.len() as f64
    }
}
