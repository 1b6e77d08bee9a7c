//! The end of a training: fold, calibrate, round, look at the test digits once, write the weights and their card.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use burn::module::Module as _;
use burn::tensor::Device;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::evaluate::{self, Answers};
use super::{Epoch, Folders, Run, average, fold, model};
use crate::mnist::{Digits, Part};
use crate::network::{self, Network};

/// `model_card.json`. Shares and errors are 0 to 1.
#[derive(Serialize)]
struct Card {
    model: String,
    date: String,
    code: String,
    data: &'static str,
    split: String,
    seed: u64,
    epochs: usize,
    best_epoch: usize,
    batch: usize,
    optimiser: String,
    augmentation: &'static str,
    regularisation: String,
    training_seconds: u64,
    parameters: usize,
    multiply_adds: usize,
    bytes: usize,
    precision: &'static str,
    temperature: f64,
    validation: Figures,
    test: Figures,
    calibration_error_is: String,
    confusion_is: &'static str,
    /// SHA-256 of the digits answered to the test digits, one byte each, in order: any build can be held to it.
    test_digits_sha256: String,
    history: Vec<Epoch>,
}

#[derive(Serialize)]
struct Figures {
    digits: usize,
    accuracy: f64,
    errors: u32,
    loss: f64,
    calibration_error: f64,
    recall: BTreeMap<String, f64>,
    confusion: [[u32; crate::CLASSES]; crate::CLASSES],
}

impl Figures {
    fn of(answers: &Answers) -> Self {
        let confusion = answers.confusion();
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
            accuracy: answers.accuracy(),
            errors: total - right,
            loss: answers.loss(1.0),
            calibration_error: answers.calibration_error(),
            recall: recall.collect(),
            confusion,
        }
    }
}

/// Make the shipped network of `run`'s best average and write it, its card and its version into `folders.weights`.
pub(crate) fn ship(run: &Run, digits: &Digits, validate: &[usize], folders: &Folders) -> Result<()> {
    let device = Device::flex();
    let network = fold::fold(&run.best.fill(run.trainee.valid()));
    let temperature = evaluate::answer(&network, digits, validate, &device)?.best_temperature();
    let bytes = fold::pack(fold::cool(network, temperature))?.to_vec();

    // From here on the very file that is shipped, read as the classifier reads it.
    let network = Network::from_bytes(bytes.clone(), &device)?;
    let validation = evaluate::answer(&network, digits, validate, &device)?;
    let test = Digits::read(&folders.data, Part::Test)?;
    let everything: Vec<usize> = (0..test.len()).collect();
    let test = evaluate::answer(&network, &test, &everything, &device)?;

    let version = format!("digits-{}", &format!("{:x}", Sha256::digest(&bytes))[..8]);
    let settings = &run.settings;
    let card = Card {
        model: version.clone(),
        date: today(),
        code: run.code.clone(),
        data: "MNIST (the four original IDX files, MD5 verified)",
        split: format!(
            "of the 60,000 training digits {} to learn from and {} for validation, shuffled by the seed; the 10,000 \
             test digits read once, after everything was decided",
            digits.len() - validate.len(),
            validate.len()
        ),
        seed: settings.seed,
        epochs: settings.epochs,
        best_epoch: run.best_epoch() + 1,
        batch: settings.batch,
        optimiser: format!(
            "AdamW, weight decay {}; learning rate up to {} over one epoch, then a half cosine to 0; exponential \
             moving average of weights and batch-norm statistics, decay {}; the average after the epoch of least \
             validation loss is shipped",
            super::WEIGHT_DECAY,
            settings.learning_rate,
            average::DECAY
        ),
        augmentation: super::augment::IN_WORDS,
        regularisation: format!("dropout {} before the linear layer", model::DROPOUT),
        training_seconds: run.history.iter().map(|epoch| epoch.seconds).sum::<f64>() as u64,
        parameters: network.num_params(),
        multiply_adds: network::multiply_adds(),
        bytes: bytes.len(),
        precision: "stored in half precision, computed in single; batch norm and temperature folded in",
        temperature,
        validation: Figures::of(&validation),
        test: Figures::of(&test),
        calibration_error_is: format!(
            "expected calibration error of the answered digit's probability, {} equal bins, weighted by their share",
            evaluate::BINS
        ),
        confusion_is: "row: the digit drawn; column: the digit answered",
        test_digits_sha256: format!("{:x}", Sha256::digest(test.predicted())),
        history: run.history.clone(),
    };
    super::say(&format!(
        "{version}: test accuracy {:.2} %, calibration error {:.3} %",
        100.0 * card.test.accuracy,
        100.0 * card.test.calibration_error
    ))?;
    fs::create_dir_all(&folders.weights)?;
    write(&folders.weights.join("digits.bpk"), &bytes)?;
    write(&folders.weights.join("version.txt"), version.as_bytes())?;
    let mut card = serde_json::to_vec_pretty(&card)?;
    card.push(b'\n');
    write(&folders.weights.join("model_card.json"), &card)
}

/// Whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, bytes)
        .and_then(|()| fs::rename(&unfinished, path))
        .with_context(|| path.display().to_string())
}

/// The commit, marked when what trains differs from it; the crate's version outside a repository.
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

#[expect(clippy::disallowed_methods, reason = "the card names the day of the training")]
fn today() -> String {
    time::OffsetDateTime::now_utc().date().to_string()
}
