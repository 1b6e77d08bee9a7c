//! Export of a finished training: folds batch norm, calibrates, rounds to half precision, evaluates on the test set
//! once, and writes the weights and the model card.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use burn::module::Module as _;
use burn::tensor::Device;
use sha2::{Digest as _, Sha256};

use super::model_card::{ModelCard, SplitMetrics};
use super::progress::print_line;
use super::run::{TrainingRun, WEIGHT_DECAY};
use super::{Paths, ema, evaluate, fold, training_network};
use crate::mnist::{Dataset, Split};
use crate::network::{self, Network};

/// Exports the best average of `run`, its model card and its version into `paths.weights`.
pub(crate) fn export(run: &TrainingRun, digits: &Dataset, validation_indices: &[usize], paths: &Paths) -> Result<()> {
    let device = Device::flex();
    let network = fold::fold(&run.best.fill(run.network.valid()));
    let temperature = evaluate::evaluate(&network, digits, validation_indices, &device)?.best_temperature();
    let bytes = fold::to_half_precision(fold::apply_temperature(network, temperature))?.to_vec();

    // From here on the exported file itself is evaluated, loaded as the classifier loads it.
    let network = Network::from_bytes(bytes.clone(), &device)?;
    let validation = evaluate::evaluate(&network, digits, validation_indices, &device)?;
    let test = Dataset::read(&paths.data, Split::Test)?;
    let all: Vec<usize> = (0..test.len()).collect();
    let test = evaluate::evaluate(&network, &test, &all, &device)?;

    let version = format!("digits-{}", &format!("{:x}", Sha256::digest(&bytes))[..8]);
    let settings = &run.settings;
    let card = ModelCard {
        model: version.clone(),
        date: today(),
        code: run.code.clone(),
        data: "MNIST (the four original IDX files, MD5 verified)",
        split: format!(
            "of the 60,000 training digits {} to learn from and {} for validation, shuffled by the seed; the 10,000 \
             test digits read once, after everything was decided",
            digits.len() - validation_indices.len(),
            validation_indices.len()
        ),
        seed: settings.seed,
        epochs: settings.epochs,
        best_epoch: run.best_epoch() + 1,
        batch: settings.batch,
        optimiser: format!(
            "AdamW, weight decay {}; learning rate up to {} over one epoch, then a half cosine to 0; exponential \
             moving average of weights and batch-norm statistics, decay {}; the average after the epoch of least \
             validation loss is shipped",
            WEIGHT_DECAY,
            settings.learning_rate,
            ema::DECAY
        ),
        augmentation: super::augment::DESCRIPTION,
        regularisation: format!("dropout {} before the linear layer", training_network::DROPOUT),
        training_seconds: run.history.iter().map(|epoch| epoch.seconds).sum::<f64>() as u64,
        parameters: network.num_params(),
        multiply_adds: network::multiply_adds(),
        bytes: bytes.len(),
        precision: "stored in half precision, computed in single; batch norm and temperature folded in",
        temperature,
        validation: SplitMetrics::of(&validation),
        test: SplitMetrics::of(&test),
        calibration_error_is: format!(
            "expected calibration error of the answered digit's probability, {} equal bins, weighted by their share",
            evaluate::BINS
        ),
        confusion_is: "row: the digit drawn; column: the digit answered",
        test_digits_sha256: format!("{:x}", Sha256::digest(test.predicted_digits())),
        history: run.history.clone(),
    };
    print_line(&format!(
        "{version}: test accuracy {:.2} %, calibration error {:.3} %",
        100.0 * card.test.accuracy,
        100.0 * card.test.calibration_error
    ))?;
    fs::create_dir_all(&paths.weights)?;
    write(&paths.weights.join("digits.bpk"), &bytes)?;
    write(&paths.weights.join("version.txt"), version.as_bytes())?;
    let mut card = serde_json::to_vec_pretty(&card)?;
    card.push(b'\n');
    write(&paths.weights.join("model_card.json"), &card)
}

/// Writes a file atomically.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, bytes)
        .and_then(|()| fs::rename(&unfinished, path))
        .with_context(|| path.display().to_string())
}

/// The git commit, with a suffix if the training code has uncommitted changes; the crate's version outside a
/// repository.
pub(crate) fn code_version() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    match (
        git(&["describe", "--always", "--tags"]),
        git(&[
            "status",
            "--porcelain",
            "--",
            "src/training",
            "src/network.rs",
            "src/mnist.rs",
        ]),
    ) {
        (Some(commit), Some(changes)) if changes.is_empty() => commit,
        (Some(commit), _) => format!("{commit}-modified"),
        _ => env!("CARGO_PKG_VERSION").to_owned(),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the model card records the day of the training"
)]
fn today() -> String {
    chrono::Utc::now().date_naive().to_string()
}
