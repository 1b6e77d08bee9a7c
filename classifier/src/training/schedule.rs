//! Learning-rate schedule: two cycles (Loshchilov and Hutter, 2017); one for a retraining.

use super::Settings;

/// Peak of the second cycle as a share of the first one's.
const SECOND_PEAK: f64 = 0.5;

/// Epochs of the first cycle; the second one has the rest.
fn first_cycle(settings: &Settings) -> usize {
    if settings.retraining.is_some() {
        settings.epochs
    } else {
        settings.epochs.div_ceil(2)
    }
}

/// Whether the epoch, from 0, is in the second cycle.
fn is_second_cycle(settings: &Settings, epoch: usize) -> bool {
    epoch >= first_cycle(settings)
}

/// Whether the images of an epoch are augmented less: at the end of a training, and in a retraining, the network should
/// see images as they are.
pub(crate) fn is_gentle(settings: &Settings, epoch: usize) -> bool {
    settings.retraining.is_some() || is_second_cycle(settings, epoch)
}

/// In each cycle a linear warm-up over its first epoch, then cosine decay to 0. `step` counts from 0; `steps` is the
/// number of steps per epoch.
pub(crate) fn learning_rate(settings: &Settings, step: usize, steps: usize) -> f64 {
    let first = first_cycle(settings);
    let (peak, begin, epochs) = if is_second_cycle(settings, step / steps) {
        (settings.learning_rate * SECOND_PEAK, first, settings.epochs - first)
    } else {
        (settings.learning_rate, 0, first)
    };
    let step = (step - begin * steps) as f64 + 1.0;
    let (warm_up, total) = (steps as f64, (steps * epochs) as f64);
    if step < warm_up {
        return peak * step / warm_up;
    }
    let progress = (step - warm_up) / (total - warm_up).max(1.0);
    peak * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos())
}
