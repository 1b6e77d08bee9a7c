//! What a training prints: one line per epoch, and a progress bar with the running loss and accuracy.

use std::io::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use burn::tensor::{Int, Tensor};
use indicatif::{ProgressBar, ProgressStyle};

use super::checkpoint::EpochMetrics;

/// Running loss and accuracy of an epoch.
#[derive(Default)]
pub(crate) struct EpochTotals {
    loss: f64,
    steps: f64,
    correct: f64,
    images: f64,
}

impl EpochTotals {
    pub(crate) fn add(&mut self, logits: &Tensor<2>, labels: &Tensor<1, Int>, loss: &Tensor<1>) {
        let predicted = logits.clone().inner().argmax(1).into_data();
        let labels = labels.clone().into_data();
        let correct = predicted
            .iter::<i64>()
            .zip(labels.iter::<i64>())
            .filter(|(predicted, label)| predicted == label);
        self.correct += correct.count() as f64;
        self.images += labels.num_elements() as f64;
        self.loss += loss.clone().into_data().iter::<f64>().sum::<f64>();
        self.steps += 1.0;
    }

    pub(crate) fn loss(&self) -> f64 {
        self.loss / self.steps
    }

    pub(crate) fn accuracy(&self) -> f64 {
        self.correct / self.images
    }
}

impl std::fmt::Display for EpochTotals {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "loss {:.4} · accuracy {:.2} %",
            self.loss(),
            100.0 * self.accuracy()
        )
    }
}

pub(crate) fn progress_bar(total: usize, done: usize) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} % · {msg} · {eta} left")
        .context("the progress bar's template")?;
    let bar = ProgressBar::new(total as u64)
        .with_style(style)
        .with_position(done as u64);
    bar.reset_eta();
    bar.enable_steady_tick(Duration::from_secs(1));
    Ok(bar)
}

pub(crate) fn epoch_line(epochs: usize, epoch: &EpochMetrics) -> String {
    format!(
        "epoch {epochs:>3}: loss {:.4}, accuracy {:.2} %; validation loss {:.4}, accuracy {:.2} %; {:.0} s",
        epoch.loss,
        100.0 * epoch.accuracy,
        epoch.validation_loss,
        100.0 * epoch.validation_accuracy,
        epoch.seconds
    )
}

pub(crate) fn print_line(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
