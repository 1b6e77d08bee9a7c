//! What the network says of one picture.

use crate::CLASSES;

/// The network's answer to one picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The network's last layer, already divided by the calibration temperature. Unbounded.
    pub logits: [f32; CLASSES],
    /// Softmax of the logits: ten numbers that sum to one.
    pub probabilities: [f32; CLASSES],
}

impl Prediction {
    /// From calibrated logits; the softmax subtracts the largest logit first, so it can't overflow.
    pub fn from_logits(logits: [f32; CLASSES]) -> Self {
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let exponentials = logits.map(|logit| (logit - largest).exp());
        let sum: f32 = exponentials.iter().sum();
        Self {
            logits,
            probabilities: exponentials.map(|exponential| exponential / sum),
        }
    }

    /// The likeliest digit, 0 to 9; the smaller of two equals.
    pub fn digit(&self) -> u8 {
        let mut best = 0;
        for digit in 1..CLASSES {
            if self.probabilities[digit] > self.probabilities[best] {
                best = digit;
            }
        }
        // Below CLASSES, which is 10.
        u8::try_from(best).unwrap_or(0)
    }

    /// The probability of [`Prediction::digit`], 0 to 1.
    pub fn probability(&self) -> f32 {
        self.probabilities[usize::from(self.digit())]
    }
}
