//! The network's output for one image.

use crate::{CLASSES, OUTPUTS};

/// The network's output for one image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The digits' outputs of the last layer, divided by the calibration temperature.
    pub logits: [f32; CLASSES],
    /// Softmax of the logits: the probability of each digit, if it is one.
    pub probabilities: [f32; CLASSES],
    /// The probability that it is a digit, 0 to 1.
    pub is_digit: f32,
}

impl Prediction {
    /// The prediction for what is surely a digit, from calibrated logits.
    pub fn from_logits(logits: [f32; CLASSES]) -> Self {
        Self::new(logits, f32::NEG_INFINITY)
    }

    /// The prediction from the network's outputs: the ten digits' logits and that of no digit.
    pub(crate) fn from_outputs([logits @ .., no_digit]: [f32; OUTPUTS]) -> Self {
        Self::new(logits, no_digit)
    }

    /// The largest digit's logit is subtracted first, so the softmax can't overflow.
    fn new(logits: [f32; CLASSES], no_digit: f32) -> Self {
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let exponentials = logits.map(|logit| (logit - largest).exp());
        let sum: f32 = exponentials.iter().sum();
        // An infinite exponential gives the probability 0, which is right.
        let odds = (no_digit - largest).exp() / sum;
        Self {
            logits,
            probabilities: exponentials.map(|exponential| exponential / sum),
            is_digit: 1.0 / (1.0 + odds),
        }
    }

    /// The most probable digit, 0 to 9; the smaller one of two equal ones.
    pub fn digit(&self) -> u8 {
        let mut best = 0;
        for digit in 1..CLASSES {
            if self.probabilities[digit] > self.probabilities[best] {
                best = digit;
            }
        }
        // `best` is less than CLASSES, so the conversion succeeds.
        u8::try_from(best).unwrap_or(0)
    }

    /// The probability of [`Prediction::digit`], 0 to 1.
    pub fn probability(&self) -> f32 {
        self.probabilities[usize::from(self.digit())]
    }
}
