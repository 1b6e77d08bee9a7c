//! How good a network is: accuracy, confusion, calibration.

use burn::tensor::{Device, Tensor, TensorData};

use crate::mnist::Digits;
use crate::network::Network;
use crate::{CLASSES, PIXELS, Prediction, SIDE};

/// Pictures read at once: large enough to be quick, small enough for the caches.
const BATCH: usize = 100;

/// Bins of the calibration error.
pub(crate) const BINS: u32 = 15;

/// A network's logits for a set of digits, with what they should have been.
#[derive(Debug, Clone)]
pub(crate) struct Answers {
    readings: Vec<Prediction>,
    labels: Vec<u8>,
}

/// Read the digits at `indices`, untouched.
pub(crate) fn answer(
    network: &Network,
    digits: &Digits,
    indices: &[usize],
    device: &Device,
) -> anyhow::Result<Answers> {
    let mut readings = Vec::with_capacity(indices.len());
    for batch in indices.chunks(BATCH) {
        let pixels: Vec<f32> = batch.iter().flat_map(|&index| digits.input(index).0).collect();
        debug_assert_eq!(pixels.len(), batch.len() * PIXELS);
        let pictures = Tensor::<4>::from_data(TensorData::new(pixels, [batch.len(), 1, SIDE, SIDE]), device);
        let logits = network.forward(pictures).into_data();
        let logits: Vec<f32> = logits.iter::<f32>().collect();
        for logits in logits.chunks_exact(CLASSES) {
            readings.push(Prediction::from_logits(logits.try_into()?));
        }
    }
    let labels = indices.iter().map(|&index| digits.labels[index]).collect();
    Ok(Answers { readings, labels })
}

impl Answers {
    fn pairs(&self) -> impl Iterator<Item = (&Prediction, u8)> {
        self.readings.iter().zip(self.labels.iter().copied())
    }

    /// The digits answered, in order.
    pub(crate) fn predicted(&self) -> Vec<u8> {
        self.readings.iter().map(Prediction::digit).collect()
    }

    /// Share of right answers, 0 to 1.
    pub(crate) fn accuracy(&self) -> f64 {
        let right = self
            .pairs()
            .filter(|(reading, label)| reading.digit() == *label)
            .count();
        right as f64 / self.labels.len() as f64
    }

    /// Row: the digit drawn; column: the digit answered.
    pub(crate) fn confusion(&self) -> [[u32; CLASSES]; CLASSES] {
        let mut confusion = [[0; CLASSES]; CLASSES];
        for (reading, label) in self.pairs() {
            confusion[usize::from(label)][usize::from(reading.digit())] += 1;
        }
        confusion
    }

    /// Mean negative log-likelihood of the right digit, logits divided by `temperature`.
    pub(crate) fn loss(&self, temperature: f64) -> f64 {
        let losses = self.pairs().map(|(reading, label)| {
            let scaled = reading.logits.map(|logit| f64::from(logit) / temperature);
            let largest = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = scaled.iter().map(|logit| (logit - largest).exp()).sum();
            sum.ln() + largest - scaled[usize::from(label)]
        });
        losses.sum::<f64>() / self.labels.len() as f64
    }

    /// The temperature of least loss, by golden section; the loss has one minimum in 1/temperature.
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

    /// Expected calibration error, 0 to 1: over [`BINS`] equal bins of the answer's probability, the difference of mean
    /// probability and accuracy, weighted by the bin's share.
    pub(crate) fn calibration_error(&self) -> f64 {
        let mut bins = [(0.0_f64, 0.0_f64); BINS as usize];
        for (reading, label) in self.pairs() {
            let probability = f64::from(reading.probability());
            let bin = ((probability * f64::from(BINS)).ceil() as usize).clamp(1, bins.len()) - 1;
            bins[bin].0 += probability;
            bins[bin].1 += f64::from(u8::from(reading.digit() == label));
        }
        bins.iter()
            .map(|(probability, right)| (probability - right).abs())
            .sum::<f64>()
            / self.labels.len() as f64
    }
}
