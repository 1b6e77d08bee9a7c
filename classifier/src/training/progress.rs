//! What a training prints: one line per epoch, and a progress bar with the running loss and accuracy.

use std::io::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};

use super::checkpoint::EpochMetrics;
use super::gradient::Step;

/// Running loss and accuracy of an epoch.
#[derive(Default)]
pub(crate) struct EpochTotals {
    loss: f64,
    steps: f64,
    correct: f64,
    images: f64,
}

impl EpochTotals {
    /// Includes a step over `images` images.
    pub(crate) fn add(&mut self, step: &Step, images: usize) {
        self.correct += step.correct as f64;
        self.images += images as f64;
        self.loss += f64::from(step.loss);
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
        "epoch {epochs:>3}: loss {:.4}, accuracy {:.2} %; validation loss {:.4}, accuracy {:.2} %, on made digits {:.2} %; {:.0} s",
        epoch.loss,
        100.0 * epoch.accuracy,
        epoch.validation_loss,
        100.0 * epoch.validation_accuracy,
        100.0 * epoch.made_accuracy,
        epoch.seconds
    )
}

/// Prints a line on standard output.
pub fn print_line(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
