//! Accuracy and calibration of the shipped network on MNIST's 10,000 test images.

use classifier::mnist::{Dataset, Split, data_dir};
use classifier::{Backend, Classifier, ModelInput, Prediction};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Bins of the expected calibration error.
const BINS: u32 = 15;

fn classify_all(classifier: &Classifier, digits: &Dataset) -> Vec<Prediction> {
    let inputs: Vec<ModelInput> = (0..digits.len()).map(|index| digits.input(index)).collect();
    inputs
        .chunks(100)
        .flat_map(|batch| classifier.classify(batch))
        .collect()
}

/// Expected calibration error of the top probability, 0 to 1.
fn calibration_error(predictions: &[Prediction], labels: &[u8]) -> f64 {
    let mut gaps: [f64; BINS as usize] = [0.0; BINS as usize];
    for (prediction, &label) in predictions.iter().zip(labels) {
        let probability = f64::from(prediction.probability());
        // Bins are open below and closed above.
        let bin = (1..BINS)
            .find(|&bin| probability <= f64::from(bin) / f64::from(BINS))
            .unwrap_or(BINS)
            - 1;
        gaps[bin as usize] += probability - f64::from(u8::from(prediction.digit() == label));
    }
    gaps.iter().map(|gap| gap.abs()).sum::<f64>() / 10_000.0
}

#[test]
fn predictions_match_the_model_card() {
    let digits = Dataset::read(&data_dir().unwrap(), Split::Test).unwrap();
    let card: Value = serde_json::from_str(include_str!("../weights/model_card.json")).unwrap();
    let predictions = classify_all(&Classifier::load(Backend::Flex).unwrap(), &digits);
    let predicted: Vec<u8> = predictions.iter().map(Prediction::digit).collect();

    assert_eq!(predicted.len(), 10_000);
    let correct = predicted
        .iter()
        .zip(&digits.labels)
        .filter(|(predicted, label)| predicted == label)
        .count();
    assert!(correct >= 9_960, "only {correct} of 10,000");
    assert_eq!(card["test"]["errors"], 10_000 - correct);

    let fingerprint = format!("{:x}", Sha256::digest(&predicted));
    assert_eq!(card["test_digits_sha256"], fingerprint);

    let error = calibration_error(&predictions, &digits.labels);
    assert!(error <= 0.01, "calibration error {error}");
    assert!(
        (error - card["test"]["calibration_error"].as_f64().unwrap()).abs() < 1e-4,
        "{error}"
    );
}
