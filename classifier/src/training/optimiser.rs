//! `AdamW` (Loshchilov and Hutter, 2019), and the exponential moving average of the weights, which is what is evaluated
//! and exported: it averages out the noise of the last steps.

use super::gradient::Weights;

/// Decoupled weight decay, scaled by the learning rate.
pub(crate) const WEIGHT_DECAY: f32 = 0.02;

/// Decay of the average per step: a horizon of about 1,000 steps, one epoch.
pub(crate) const AVERAGE_DECAY: f32 = 0.999;

/// Decay of the moments.
const DECAYS: [f32; 2] = [0.9, 0.999];

/// Keeps the step finite where the gradient is 0.
const EPSILON: f32 = 1e-8;

/// The moments of each parameter's gradient.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moments {
    pub(crate) first: Vec<f32>,
    pub(crate) second: Vec<f32>,
}

impl Moments {
    pub(crate) fn zeros(parameters: usize) -> Self {
        Self {
            first: vec![0.0; parameters],
            second: vec![0.0; parameters],
        }
    }

    /// Changes the parameters by step `step`, which counts from 0.
    pub(crate) fn update(&mut self, parameters: &mut [f32], gradient: &[f32], rate: f64, step: usize) {
        let power = i32::try_from(step + 1).unwrap_or(i32::MAX);
        let [first, second] = DECAYS.map(|decay| 1.0 / (1.0 - decay.powi(power)));
        let rate = rate as f32;
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((parameter, gradient), (mean, square)) in parameters.iter_mut().zip(gradient).zip(moments) {
            *mean += (1.0 - DECAYS[0]) * (gradient - *mean);
            *square += (1.0 - DECAYS[1]) * (gradient * gradient - *square);
            let change = *mean * first / ((*square * second).sqrt() + EPSILON);
            *parameter -= rate * (change + WEIGHT_DECAY * *parameter);
        }
    }
}

/// Includes the weights after step `step`, which counts from 0, in the average.
pub(crate) fn average(average: &mut Weights, weights: &Weights, step: usize) {
    // The decay is smaller at first, so that the random initialization is forgotten quickly.
    let decay = AVERAGE_DECAY.min((1.0 + step as f32) / (10.0 + step as f32));
    let pairs = average.parameters.iter_mut().zip(&weights.parameters);
    for (average, current) in pairs.chain(average.statistics.iter_mut().zip(&weights.statistics)) {
        *average += (1.0 - decay) * (current - *average);
    }
}
