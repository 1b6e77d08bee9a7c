//! Learning-rate schedule.

use super::Settings;

/// Linear warm-up over the first epoch, then cosine decay to 0. `step` counts from 0; `steps` is the number of steps
/// per epoch.
pub(crate) fn learning_rate(settings: &Settings, step: usize, steps: usize) -> f64 {
    let (step, warm_up, total) = (step as f64 + 1.0, steps as f64, (steps * settings.epochs) as f64);
    if step < warm_up {
        return settings.learning_rate * step / warm_up;
    }
    let progress = (step - warm_up) / (total - warm_up).max(1.0);
    settings.learning_rate * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos())
}
