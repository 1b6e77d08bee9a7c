//! MNIST's 10,000 test digits, read by the shipped network as the server runs it.

use classifier::mnist::{Digits, Part, folder};
use classifier::{Backend, Classifier, ModelInput, Prediction};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Bins of the calibration error.
const BINS: u32 = 15;

fn read_all(classifier: &Classifier, digits: &Digits) -> Vec<Prediction> {
    let pictures: Vec<ModelInput> = (0..digits.len()).map(|index| digits.input(index)).collect();
    pictures
        .chunks(100)
        .flat_map(|batch| classifier.classify(batch))
        .collect()
}

/// Expected calibration error of the answer's probability, 0 to 1.
fn calibration_error(readings: &[Prediction], labels: &[u8]) -> f64 {
    let mut surplus = [0.0; BINS as usize];
    for (reading, &label) in readings.iter().zip(labels) {
        let probability = f64::from(reading.probability());
        // Bins are open below and closed above.
        let bin = (1..BINS)
            .find(|&bin| probability <= f64::from(bin) / f64::from(BINS))
            .unwrap_or(BINS)
            - 1;
        surplus[bin as usize] += probability - f64::from(u8::from(reading.digit() == label));
    }
    surplus.iter().map(|surplus| surplus.abs()).sum::<f64>() / 10_000.0
}

#[test]
fn the_test_digits_are_read_as_the_card_says() {
    let digits = Digits::read(&folder().unwrap(), Part::Test).unwrap();
    let card: Value = serde_json::from_str(include_str!("../weights/model_card.json")).unwrap();
    let readings = read_all(&Classifier::load(Backend::Flex).unwrap(), &digits);
    let answers: Vec<u8> = readings.iter().map(Prediction::digit).collect();

    assert_eq!(answers.len(), 10_000);
    let right = answers
        .iter()
        .zip(&digits.labels)
        .filter(|(answer, label)| answer == label)
        .count();
    assert!(right >= 9_960, "only {right} of 10,000");
    assert_eq!(card["test"]["errors"], 10_000 - right);

    let fingerprint = format!("{:x}", Sha256::digest(&answers));
    assert_eq!(card["test_digits_sha256"], fingerprint);

    let error = calibration_error(&readings, &digits.labels);
    assert!(error <= 0.01, "calibration error {error}");
    assert!(
        (error - card["test"]["calibration_error"].as_f64().unwrap()).abs() < 1e-4,
        "{error}"
    );
}
