//! The model card: the response of `GET /api/model`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The model that predicts, how it was trained, and what it reaches. The response has more fields than these, which are
/// those that the page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelCard {
    /// The model's version.
    pub model: String,
    /// The day of its export.
    pub date: String,
    /// Passes over the training images.
    pub epochs: u32,
    /// Number of its weights.
    pub parameters: u32,
    /// Multiplications and additions for one candidate.
    pub multiply_adds: u32,
    /// Size of its file.
    pub bytes: u32,
    /// The share of MNIST's test digits that are turned away as no digit.
    pub test_turned_away: f64,
    /// The calibration error on all validation images.
    pub mixture_calibration_error: f64,
    /// By kind of validation image.
    pub kinds: BTreeMap<String, KindFigures>,
    /// On MNIST's test digits.
    pub test: TestFigures,
}

/// What the model reaches on one kind of image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindFigures {
    /// Number of images.
    pub images: u32,
    /// The share that is read right, 0 to 1; absent where the images are no digits.
    #[serde(default)]
    pub accuracy: Option<f64>,
    /// The share that is turned away as no digit, 0 to 1.
    pub turned_away: f64,
}

/// What the model reaches on digits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestFigures {
    /// Number of digits.
    pub digits: u32,
    /// Those that are misread.
    pub errors: u32,
    /// The share that is read right, 0 to 1.
    pub accuracy: f64,
    /// The expected calibration error.
    pub calibration_error: f64,
    /// The share that is read right of each digit.
    pub recall: BTreeMap<String, f64>,
    /// Probability and accuracy in bins of equal width.
    pub reliability: Vec<ReliabilityBin>,
}

/// The digits whose probability is in one bin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReliabilityBin {
    /// Number of digits.
    pub images: u32,
    /// Their mean probability.
    pub probability: f64,
    /// The share that is read right.
    pub accuracy: f64,
}
