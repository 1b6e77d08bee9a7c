//! The model card, `weights/model_card.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::checkpoint::EpochMetrics;
use super::evaluate::{Bin, Evaluation};
use super::judgement::Scores;
use super::mixture::Kind;

/// Model card. Accuracies, recalls and calibration errors are shares from 0 to 1. The field names are the keys of the
/// JSON file.
#[derive(Serialize)]
pub(crate) struct ModelCard {
    pub(crate) model: String,
    pub(crate) date: String,
    pub(crate) code: String,
    pub(crate) data: &'static str,
    pub(crate) made_per_epoch: BTreeMap<Kind, usize>,
    pub(crate) split: String,
    pub(crate) seed: u64,
    pub(crate) epochs: usize,
    pub(crate) best_epoch: usize,
    pub(crate) batch: usize,
    pub(crate) optimiser: String,
    pub(crate) augmentation: &'static str,
    pub(crate) regularisation: String,
    pub(crate) training_seconds: u64,
    pub(crate) parameters: usize,
    pub(crate) multiply_adds: usize,
    pub(crate) bytes: usize,
    pub(crate) precision: &'static str,
    pub(crate) temperature: f64,
    pub(crate) no_digit_offset: f64,
    /// Below this probability of being a digit, the answer is that there is none.
    pub(crate) threshold: f32,
    pub(crate) threshold_is: String,
    pub(crate) test_turned_away: f64,
    pub(crate) mixture_calibration_error: f64,
    pub(crate) made_loss: f64,
    /// On the validation images of each kind.
    pub(crate) kinds: BTreeMap<Kind, KindMetrics>,
    pub(crate) validation: SplitMetrics,
    pub(crate) test: SplitMetrics,
    pub(crate) calibration_error_is: String,
    pub(crate) confusion_is: &'static str,
    /// SHA-256 of the predicted digits of the test set, one byte each in order, with which other builds are compared.
    pub(crate) test_digits_sha256: String,
    pub(crate) history: Vec<EpochMetrics>,
    /// Of a retrained network: [`crate::Classifier::fingerprint`], and the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fingerprint: Option<Vec<u16>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retraining: Option<RetrainingFigures>,
}

/// What a network was retrained with, and how it was judged.
#[derive(Serialize)]
pub(crate) struct RetrainingFigures {
    /// Version of the network that was changed.
    pub(crate) base: String,
    /// SHA-256 of the data set's file.
    pub(crate) corrections_sha256: String,
    /// Images in that file. Fewer are left without repetitions and without those with several labels.
    pub(crate) images: usize,
    /// How many the network has learned from. The server reads it.
    pub(crate) corrections: usize,
    /// By label: those that it has learned from, and those that were kept back.
    pub(crate) learned: BTreeMap<&'static str, usize>,
    pub(crate) kept_back: BTreeMap<&'static str, usize>,
    /// How often an epoch has each that it has learned from.
    pub(crate) repeats: usize,
    /// What the network read right before and after.
    pub(crate) before: Scores,
    pub(crate) after: Scores,
}

/// Metrics on the validation images of one kind.
#[derive(Serialize)]
pub(crate) struct KindMetrics {
    pub(crate) images: usize,
    /// Share read right; for what is no digit there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) accuracy: Option<f64>,
    /// Share said to be no digit.
    pub(crate) turned_away: f64,
}

impl KindMetrics {
    pub(crate) fn of(evaluation: &Evaluation, threshold: f32) -> Self {
        Self {
            images: evaluation.len(),
            accuracy: evaluation.has_digits().then(|| evaluation.accuracy()),
            turned_away: evaluation.turned_away(threshold),
        }
    }
}

/// Metrics on one split of the data.
#[derive(Serialize)]
pub(crate) struct SplitMetrics {
    pub(crate) digits: usize,
    pub(crate) accuracy: f64,
    pub(crate) errors: u32,
    pub(crate) loss: f64,
    pub(crate) calibration_error: f64,
    pub(crate) recall: BTreeMap<String, f64>,
    pub(crate) confusion: [[u32; crate::CLASSES]; crate::CLASSES],
    pub(crate) reliability: Vec<Bin>,
}

impl SplitMetrics {
    pub(crate) fn of(evaluation: &Evaluation) -> Self {
        let confusion = evaluation.confusion();
        let total = confusion.iter().flatten().sum::<u32>();
        let right = (0..crate::CLASSES).map(|digit| confusion[digit][digit]).sum::<u32>();
        let recall = confusion.iter().enumerate().map(|(digit, row)| {
            (
                digit.to_string(),
                f64::from(row[digit]) / f64::from(row.iter().sum::<u32>().max(1)),
            )
        });
        Self {
            digits: total as usize,
            accuracy: evaluation.accuracy(),
            errors: total - right,
            loss: evaluation.loss(),
            calibration_error: evaluation.calibration_error(),
            recall: recall.collect(),
            confusion,
            reliability: evaluation.reliability(),
        }
    }
}
