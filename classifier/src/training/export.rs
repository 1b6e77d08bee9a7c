//! Export of a finished training: folds batch norm, calibrates, rounds to half precision, evaluates on the test set
//! once, and writes the weights and the model card.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use burn::module::Module as _;
use burn::tensor::Device;
use sha2::{Digest as _, Sha256};

use super::fold::{self, Calibration};
use super::mixture::{Example, IMAGES_PER_EPOCH, Kind};
use super::model_card::{KindMetrics, ModelCard, SplitMetrics};
use super::progress::print_line;
use super::run::TrainingRun;
use super::{Judges, Paths, VALIDATION, evaluate, gradient, optimiser};
use crate::mnist::{Dataset, Split};
use crate::network::{self, Network};

/// Share of the validation digits that the threshold for "no digit" turns away.
const TURNED_AWAY: f64 = 0.005;

/// Exports the best average of `run`, its model card and its version into `paths.weights`.
pub(crate) fn export(run: &TrainingRun, judges: &Judges, paths: &Paths) -> Result<()> {
    let network = fold::export(&run.layout, &run.best, Calibration::NONE)?;
    let whole = |kinds: &dyn Fn(Kind) -> bool| -> Vec<Example> {
        let chosen = judges.iter().filter(|(kind, _)| kinds(*kind));
        chosen.flat_map(|(_, examples)| examples).cloned().collect()
    };
    let mnist = whole(&|kind| kind == Kind::Mnist);
    let made = whole(&|kind| kind != Kind::Mnist);
    let everything = whole(&|_| true);
    let mixture = evaluate::evaluate(&network, &everything)?;
    let temperature = mixture.best_temperature();
    let offset = mixture.best_offset(temperature);
    let calibration = Calibration { temperature, offset };
    let bytes = fold::export(&run.layout, &run.best, calibration)?;

    // From here on the exported file itself is evaluated, loaded as the classifier loads it.
    let parameters = Network::from_bytes(bytes.clone(), &Device::flex())?.num_params();
    let validation = evaluate::evaluate(&bytes, &mnist)?;
    // Rounded down, so that no more are turned away.
    let threshold = (validation.threshold(TURNED_AWAY) * 10_000.0).floor() / 10_000.0;
    let mut kinds = BTreeMap::new();
    for (kind, examples) in judges {
        kinds.insert(
            *kind,
            KindMetrics::of(&evaluate::evaluate(&bytes, examples)?, threshold),
        );
    }
    let test = Dataset::read(&paths.data, Split::Test)?;
    let test: Vec<Example> = (0..test.len())
        .map(|index| (test.input(index), test.labels[index]))
        .collect();
    let test = evaluate::evaluate(&bytes, &test)?;

    let version = format!("digits-{}", &format!("{:x}", Sha256::digest(&bytes))[..8]);
    let settings = &run.settings;
    let card = ModelCard {
        model: version.clone(),
        date: today(),
        code: run.code.clone(),
        data: "MNIST's training digits (the original IDX files, MD5 verified); digits drawn by rules; digits and letters \
               of the fonts of scripts/fonts/package.json; shapes, scribbles, blots, parts and pairs of digits: \
               classifier/src/training/mixture.rs",
        made_per_epoch: IMAGES_PER_EPOCH.into_iter().collect(),
        split: format!(
            "of MNIST's 60,000 training digits all but {VALIDATION}, shuffled by the seed, and of the fonts seven of \
             eight to learn from, the others for validation; the 10,000 test digits read once, after everything was \
             decided"
        ),
        seed: settings.seed,
        epochs: settings.epochs,
        best_epoch: run.best_epoch() + 1,
        batch: settings.batch,
        optimiser: format!(
            "AdamW, weight decay {}; learning rate up to {} over one epoch, then a half cosine to 0, and the same once more from half the rate; exponential \
             moving average of weights and batch-norm statistics, decay {}; the average after the epoch of least \
             validation loss is shipped",
            optimiser::WEIGHT_DECAY,
            settings.learning_rate,
            optimiser::AVERAGE_DECAY
        ),
        augmentation: super::augment::DESCRIPTION,
        regularisation: format!("dropout {} before the linear layer", gradient::DROPOUT),
        training_seconds: run.history.iter().map(|epoch| epoch.seconds).sum::<f64>() as u64,
        parameters,
        multiply_adds: network::multiply_adds(),
        bytes: bytes.len(),
        precision: "stored in half precision, computed in single; batch norm and temperature folded in",
        temperature,
        no_digit_offset: offset,
        threshold,
        threshold_is: format!(
            "the probability of being a digit below which {} % of the MNIST digits held back for validation lie",
            100.0 * TURNED_AWAY
        ),
        test_turned_away: test.turned_away(threshold),
        mixture_calibration_error: evaluate::evaluate(&bytes, &everything)?.calibration_error(),
        made_loss: evaluate::evaluate(&bytes, &made)?.loss(),
        kinds,
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
    write(
        &paths.weights.join("threshold.txt"),
        format!("{threshold:.4}").as_bytes(),
    )?;
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
