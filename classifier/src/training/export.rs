//! Export of a finished training: folds batch norm, calibrates, rounds to half precision, evaluates on the test set
//! once, and writes the weights and the model card; of a retraining without the writing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use burn::module::Module as _;
use burn::tensor::Device;
use sha2::{Digest as _, Sha256};

use super::batches::Mixture;
use super::fold::{self, Calibration};
use super::mixture::{Example, Kind};
use super::model_card::{KindMetrics, ModelCard, RetrainingFigures, SplitMetrics};
use super::progress::print_line;
use super::run::TrainingRun;
use super::{Judges, Paths, VALIDATION, evaluate, gradient, optimiser};
use crate::mnist::{Dataset, Split};
use crate::network::{self, Network};
use crate::{Backend, Classifier, THRESHOLD, version_of};

/// Share of the validation digits that the threshold for "no digit" turns away.
const TURNED_AWAY: f64 = 0.005;

/// The best average of a training as a file.
pub(crate) struct Exported {
    pub(crate) bytes: Vec<u8>,
    pub(crate) version: String,
    /// Below this probability of being a digit there is none.
    pub(crate) threshold: f32,
    calibration: Calibration,
}

/// The validation images of these kinds.
pub(crate) fn chosen(judges: &Judges, kinds: impl Fn(Kind) -> bool) -> Vec<Example> {
    let chosen = judges.iter().filter(|(kind, _)| kinds(*kind));
    chosen.flat_map(|(_, examples)| examples).cloned().collect()
}

/// Calibrates the best average of `run` on the validation images.
pub(crate) fn calibrated(run: &TrainingRun, judges: &Judges) -> Result<Exported> {
    let export = |calibration| fold::export(&run.layout, &run.best, calibration);
    let mnist = chosen(judges, |kind| kind == Kind::Mnist);
    let mixture = evaluate::evaluate(&export(Calibration::NONE)?, &chosen(judges, |_| true))?;
    let mut calibration = Calibration {
        temperature: mixture.best_temperature(),
        offset: 0.0,
    };
    let threshold = if run.settings.retraining.is_some() {
        // The threshold is part of the programs that read with the network: the offset makes it turn away as many.
        let own = evaluate::evaluate(&export(calibration)?, &mnist)?.threshold(TURNED_AWAY);
        let log_odds = |probability: f32| {
            let probability = f64::from(probability).clamp(1e-6, 1.0 - 1e-6);
            (probability / (1.0 - probability)).ln()
        };
        calibration.offset = log_odds(own) - log_odds(THRESHOLD);
        THRESHOLD
    } else {
        calibration.offset = mixture.best_offset(calibration.temperature);
        let own = evaluate::evaluate(&export(calibration)?, &mnist)?.threshold(TURNED_AWAY);
        // Rounded down, so that no more are turned away.
        (own * 10_000.0).floor() / 10_000.0
    };
    let bytes = export(calibration)?;
    Ok(Exported {
        version: version_of(Sha256::digest(&bytes).into()),
        bytes,
        threshold,
        calibration,
    })
}

/// Exports the best average of `run`, its model card and its version into `paths.weights`.
pub(crate) fn export(run: &TrainingRun, mixture: &Mixture<'_>, judges: &Judges, paths: &Paths) -> Result<()> {
    let exported = calibrated(run, judges)?;
    let card = card(run, &exported, mixture, judges, &paths.data, None)?;
    fs::create_dir_all(&paths.weights)?;
    write(&paths.weights.join("digits.bpk"), &exported.bytes)?;
    write(&paths.weights.join("version.txt"), exported.version.as_bytes())?;
    write(
        &paths.weights.join("threshold.txt"),
        format!("{:.4}", exported.threshold).as_bytes(),
    )?;
    write(&paths.weights.join("model_card.json"), &card)
}

/// The model card of the exported file, which is loaded and evaluated as the classifier does it.
pub(crate) fn card(
    run: &TrainingRun,
    exported: &Exported,
    mixture: &Mixture<'_>,
    judges: &Judges,
    data: &Path,
    retraining: Option<RetrainingFigures>,
) -> Result<Vec<u8>> {
    let Exported {
        bytes,
        version,
        threshold,
        calibration: Calibration { temperature, offset },
    } = exported;
    let threshold = *threshold;
    let everything = evaluate::evaluate(bytes, &chosen(judges, |_| true))?;
    let made = evaluate::evaluate(bytes, &chosen(judges, |kind| kind != Kind::Mnist))?;
    let validation = evaluate::evaluate(bytes, &chosen(judges, |kind| kind == Kind::Mnist))?;
    let mut kinds = BTreeMap::new();
    for (kind, examples) in judges {
        kinds.insert(*kind, KindMetrics::of(&evaluate::evaluate(bytes, examples)?, threshold));
    }
    let test = Dataset::read(data, Split::Test)?;
    let test: Vec<Example> = (0..test.len())
        .map(|index| (test.input(index), test.labels[index]))
        .collect();
    let test = evaluate::evaluate(bytes, &test)?;

    let settings = &run.settings;
    let card = ModelCard {
        model: version.clone(),
        date: today(),
        code: run.code.clone(),
        data: "MNIST's training digits (the original IDX files, MD5 verified); digits drawn by rules; digits and letters \
               of the fonts of scripts/fonts/package.json; shapes, scribbles, blots, parts and pairs of digits: \
               classifier/src/training/mixture.rs",
        made_per_epoch: mixture.made.iter().copied().collect(),
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
            "AdamW, weight decay {}; learning rate up to {} over one epoch, then a half cosine to 0{}; exponential \
             moving average of weights and batch-norm statistics, decay {}; the average after the {} is shipped",
            optimiser::WEIGHT_DECAY,
            settings.learning_rate,
            if retraining.is_some() {
                ""
            } else {
                ", and the same once more from half the rate"
            },
            optimiser::AVERAGE_DECAY,
            if retraining.is_some() {
                "last epoch"
            } else {
                "epoch of least validation loss"
            },
        ),
        augmentation: super::augment::DESCRIPTION,
        regularisation: format!("dropout {} before the linear layer", gradient::DROPOUT),
        training_seconds: run.history.iter().map(|epoch| epoch.seconds).sum::<f64>() as u64,
        parameters: Network::from_bytes(bytes.clone(), &Device::flex())?.num_params(),
        multiply_adds: network::multiply_adds(),
        bytes: bytes.len(),
        precision: "stored in half precision, computed in single; batch norm and temperature folded in",
        temperature: *temperature,
        no_digit_offset: *offset,
        threshold,
        threshold_is: format!(
            "the probability of being a digit below which {} % of the MNIST digits held back for validation lie",
            100.0 * TURNED_AWAY
        ),
        test_turned_away: test.turned_away(threshold),
        mixture_calibration_error: everything.calibration_error(),
        made_loss: made.loss(),
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
        fingerprint: retraining
            .is_some()
            .then(|| Classifier::from_bytes(bytes, Backend::Flex).map(|network| network.fingerprint()))
            .transpose()?,
        retraining,
    };
    print_line(&format!(
        "{version}: test accuracy {:.2} %, calibration error {:.3} %",
        100.0 * card.test.accuracy,
        100.0 * card.test.calibration_error
    ))?;
    let mut card = serde_json::to_vec_pretty(&card)?;
    card.push(b'\n');
    Ok(card)
}

/// Writes a file atomically: whenever the process or the power ends, it is as it was, or whole.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    let write = || {
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)
    };
    write().with_context(|| path.display().to_string())
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
