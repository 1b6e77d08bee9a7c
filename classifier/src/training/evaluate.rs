//! Evaluation: accuracy, confusion matrix, calibration (Guo et al., 2017, "On Calibration of Modern Neural Networks"),
//! and how well what is no digit is told from digits.

use serde::Serialize;

use super::mixture::Example;
use crate::{Backend, CLASSES, Classifier, ModelInput, NO_DIGIT, OUTPUTS, Prediction};

/// Images per batch: large enough for throughput, small enough for the caches.
const BATCH: usize = 100;

/// Bins of the expected calibration error.
pub(crate) const BINS: u32 = 15;

/// A network's outputs for a set of images, with their classes.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    outputs: Vec<[f32; OUTPUTS]>,
    predictions: Vec<Prediction>,
    labels: Vec<u8>,
}

/// One bin of a reliability diagram.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct Bin {
    /// Images in it.
    pub(crate) images: usize,
    /// Mean probability of the answered digit.
    pub(crate) probability: f64,
    /// Share answered right.
    pub(crate) accuracy: f64,
}

/// Evaluates the exported network, loaded as the classifier loads it, on the examples, without augmentation.
pub(crate) fn evaluate(network: &[u8], examples: &[Example]) -> anyhow::Result<Evaluation> {
    let classifier = Classifier::from_bytes(network, Backend::Flex)?;
    let mut outputs: Vec<[f32; OUTPUTS]> = Vec::with_capacity(examples.len());
    for batch in examples.chunks(BATCH) {
        let inputs: Vec<ModelInput> = batch.iter().map(|(input, _)| input.clone()).collect();
        outputs.extend(classifier.outputs(&inputs));
    }
    Ok(Evaluation {
        predictions: outputs.iter().copied().map(Prediction::from_outputs).collect(),
        outputs,
        labels: examples.iter().map(|(_, label)| *label).collect(),
    })
}

impl Evaluation {
    /// The images with a digit.
    fn digits(&self) -> impl Iterator<Item = (&Prediction, u8)> {
        let pairs = self.predictions.iter().zip(self.labels.iter().copied());
        pairs.filter(|(_, label)| *label != NO_DIGIT)
    }

    /// The predicted digits, in order.
    pub(crate) fn predicted_digits(&self) -> Vec<u8> {
        self.predictions.iter().map(Prediction::digit).collect()
    }

    /// Whether any image has a digit.
    pub(crate) fn has_digits(&self) -> bool {
        self.labels.iter().any(|label| *label != NO_DIGIT)
    }

    /// Number of images.
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Share of the images with a digit that are answered right, 0 to 1.
    pub(crate) fn accuracy(&self) -> f64 {
        let (correct, all) = self.digits().fold((0, 0), |(correct, all), (prediction, label)| {
            (correct + usize::from(prediction.digit() == label), all + 1)
        });
        correct as f64 / f64::from(all.max(1))
    }

    /// Confusion matrix of the images with a digit; rows are labels, columns are predictions.
    pub(crate) fn confusion(&self) -> [[u32; CLASSES]; CLASSES] {
        let mut confusion = [[0; CLASSES]; CLASSES];
        for (prediction, label) in self.digits() {
            confusion[usize::from(label)][usize::from(prediction.digit())] += 1;
        }
        confusion
    }

    /// The probability of being a digit below which the given share of the digits lies.
    pub(crate) fn threshold(&self, share: f64) -> f32 {
        let mut found: Vec<f32> = self.digits().map(|(prediction, _)| prediction.is_digit).collect();
        found.sort_by(f32::total_cmp);
        found.get((found.len() as f64 * share) as usize).copied().unwrap_or(0.0)
    }

    /// Share of the images, with a digit or without, whose probability of being a digit is below `threshold`.
    pub(crate) fn turned_away(&self, threshold: f32) -> f64 {
        let below = self
            .predictions
            .iter()
            .filter(|prediction| prediction.is_digit < threshold);
        below.count() as f64 / self.len().max(1) as f64
    }

    /// Images that are read right by those who turn away what is below `threshold`.
    pub(crate) fn right(&self, threshold: f32) -> usize {
        let pairs = self.predictions.iter().zip(&self.labels);
        let right = pairs.filter(|(prediction, label)| {
            let is_digit = prediction.is_digit >= threshold;
            is_digit != (**label == NO_DIGIT) && (!is_digit || prediction.digit() == **label)
        });
        right.count()
    }

    /// Mean negative log-likelihood of the classes, digits and no digit alike.
    pub(crate) fn loss(&self) -> f64 {
        self.calibrated_loss(1.0, 0.0)
    }

    /// The loss with the logits divided by `temperature` and `offset` added to that of no digit.
    fn calibrated_loss(&self, temperature: f64, offset: f64) -> f64 {
        let losses = self.outputs.iter().zip(&self.labels).map(|(outputs, &label)| {
            let mut scaled = outputs.map(|logit| f64::from(logit) / temperature);
            scaled[usize::from(NO_DIGIT)] += offset;
            cross_entropy(&scaled, label)
        });
        losses.sum::<f64>() / self.len().max(1) as f64
    }

    /// The loss of the ten digits' probabilities on the images with a digit.
    fn digit_loss(&self, temperature: f64) -> f64 {
        let digits = self
            .outputs
            .iter()
            .zip(&self.labels)
            .filter(|(_, label)| **label != NO_DIGIT);
        let (sum, count) = digits.fold((0.0, 0), |(sum, count), (outputs, &label)| {
            let scaled: [f64; CLASSES] = std::array::from_fn(|class| f64::from(outputs[class]) / temperature);
            (sum + cross_entropy(&scaled, label), count + 1)
        });
        sum / f64::from(count.max(1))
    }

    /// The temperature with the lowest loss of the ten digits' probabilities.
    pub(crate) fn best_temperature(&self) -> f64 {
        // The loss has one minimum in 1/temperature.
        1.0 / lowest(|inverse| self.digit_loss(1.0 / inverse), 0.1, 10.0)
    }

    /// The offset of the output for no digit with the lowest loss.
    pub(crate) fn best_offset(&self, temperature: f64) -> f64 {
        lowest(|offset| self.calibrated_loss(temperature, offset), -5.0, 5.0)
    }

    /// Reliability diagram of the answered digit's probability: [`BINS`] equal bins.
    pub(crate) fn reliability(&self) -> Vec<Bin> {
        let mut bins = vec![Bin::default(); BINS as usize];
        for (prediction, label) in self.digits() {
            let probability = f64::from(prediction.probability());
            let bin = ((probability * f64::from(BINS)).ceil() as usize).clamp(1, bins.len()) - 1;
            bins[bin].images += 1;
            bins[bin].probability += probability;
            bins[bin].accuracy += f64::from(u8::from(prediction.digit() == label));
        }
        for bin in &mut bins {
            let images = bin.images.max(1) as f64;
            bin.probability /= images;
            bin.accuracy /= images;
        }
        bins
    }

    /// Expected calibration error, 0 to 1: over the bins of the reliability diagram, the difference of mean probability
    /// and accuracy, weighted by the bin's share.
    pub(crate) fn calibration_error(&self) -> f64 {
        let bins = self.reliability();
        let all: usize = bins.iter().map(|bin| bin.images).sum();
        let gaps = bins
            .iter()
            .map(|bin| (bin.probability - bin.accuracy).abs() * bin.images as f64);
        gaps.sum::<f64>() / all.max(1) as f64
    }
}

/// Negative log-likelihood of a class.
fn cross_entropy(logits: &[f64], label: u8) -> f64 {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|logit| (logit - largest).exp()).sum();
    sum.ln() + largest - logits[usize::from(label)]
}

/// The place of the function's one minimum, by golden-section search.
fn lowest(function: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    while high - low > 1e-4 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if function(left) < function(right) {
            high = right;
        } else {
            low = left;
        }
    }
    f64::midpoint(low, high)
}
