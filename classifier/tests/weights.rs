//! The shipped weights match the network, the size limits and the model card.

use burn::module::Module as _;
use burn::tensor::{Device, Tensor, TensorData};
use classifier::network::{self, Network};
use classifier::{
    Backend, CLASSES, CheckError, Classifier, LoadError, ModelInput, PIXELS, SIDE, THRESHOLD, model_version,
    shipped_weights,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const WEIGHTS: &[u8] = include_bytes!("../weights/digits.bpk");

#[test]
fn the_weights_load_on_each_backend() {
    for backend in [Backend::Flex, Backend::Ndarray] {
        let classifier = Classifier::load(backend).unwrap();
        assert!(classifier.classify(&[]).is_empty());
        let predictions = classifier.classify(&[ModelInput([0.0; PIXELS]), ModelInput([1.0; PIXELS])]);
        assert_eq!(predictions.len(), 2);
        for prediction in predictions {
            let sum: f32 = prediction.probabilities.iter().sum();
            assert!((sum - 1.0).abs() < 1e-5, "{sum}");
        }
    }
}

#[test]
fn size_and_multiply_adds_are_within_the_limits() {
    assert!(WEIGHTS.len() <= 134_000, "{} bytes", WEIGHTS.len());
    assert!(
        network::multiply_adds() <= 3_020_000,
        "{} multiply-adds",
        network::multiply_adds()
    );
}

#[test]
fn the_model_card_matches_the_weights() {
    let card: Value = serde_json::from_str(include_str!("../weights/model_card.json")).unwrap();
    let network = Network::from_bytes(WEIGHTS.to_vec(), &Device::flex()).unwrap();
    assert_eq!(card["bytes"], WEIGHTS.len());
    assert_eq!(card["parameters"], network.num_params());
    assert_eq!(card["multiply_adds"], network::multiply_adds());
    assert_eq!(card["model"], model_version());
    let threshold = card["threshold"].as_f64().unwrap();
    assert!((threshold - f64::from(THRESHOLD)).abs() < 1e-4, "{threshold}");
}

#[test]
fn the_version_is_a_hash_of_the_weights() {
    let sum = format!("{:x}", Sha256::digest(WEIGHTS));
    assert_eq!(model_version(), format!("digits-{}", &sum[..8]));
}

#[test]
fn damaged_or_foreign_weights_are_rejected() {
    let device = Device::flex();
    for length in [0, 10, WEIGHTS.len() / 2] {
        assert!(
            Network::from_bytes(WEIGHTS[..length].to_vec(), &device).is_err(),
            "{length} bytes"
        );
        assert!(
            Classifier::from_bytes(&WEIGHTS[..length], Backend::Flex).is_err(),
            "{length} bytes"
        );
    }
    let longer = [WEIGHTS, &[0; 2]].concat();
    assert!(Classifier::from_bytes(&longer, Backend::Flex).is_err());
    let mut foreign = WEIGHTS.to_vec();
    foreign[0] ^= 1;
    assert!(Classifier::from_bytes(&foreign, Backend::Flex).is_err());
    // The size of the metadata is beyond the file, and beyond any.
    for size in [[0, 0, 2, 0], [0xff; 4]] {
        foreign.copy_from_slice(WEIGHTS);
        foreign[6..10].copy_from_slice(&size);
        assert!(Classifier::from_bytes(&foreign, Backend::Flex).is_err());
    }
    // The last bias in half precision: infinite, not a number, and too large for the sums.
    for bias in [0x7c00_u16, 0xfe00, 0x7bff] {
        foreign.copy_from_slice(WEIGHTS);
        let end = foreign.len();
        foreign[end - 2..].copy_from_slice(&bias.to_le_bytes());
        assert!(Classifier::from_bytes(&foreign, Backend::Flex).is_err(), "{bias:#x}");
    }
}

fn refusal(weights: &[u8]) -> Option<CheckError> {
    Classifier::load_checked(weights, Backend::Flex).err()
}

#[test]
fn why_weights_are_refused_is_told() {
    for length in [0, 4, 10, 500, 1024, WEIGHTS.len() / 2, WEIGHTS.len() - 1] {
        let refusal = refusal(&WEIGHTS[..length]);
        assert_eq!(refusal, Some(LoadError::Unreadable.into()), "{length} bytes");
    }
    assert_eq!(refusal(b"\x89PNG and so on"), Some(LoadError::Unreadable.into()));
    // More data than is announced, as of another network whose metadata isn't read.
    assert_eq!(refusal(&[WEIGHTS, &[0; 2]].concat()), Some(LoadError::Shapes.into()));
    let mut weights = WEIGHTS.to_vec();
    let end = weights.len();
    for number in [0x7c00_u16, 0xfe00, 0x7bff] {
        weights[end - 2..].copy_from_slice(&number.to_le_bytes());
        assert_eq!(refusal(&weights), Some(LoadError::NotFinite.into()), "{number:#x}");
    }
    // All weights 0: every digit is as probable as the others, and the first of them is answered.
    let data = 1024;
    weights.copy_from_slice(WEIGHTS);
    weights[data..].fill(0);
    assert_eq!(refusal(&weights), Some(CheckError::Misreads { right: 5 }));
}

#[test]
fn the_shipped_weights_pass_the_check_on_each_backend() {
    assert_eq!(shipped_weights(), WEIGHTS);
    let [flex, ndarray] =
        [Backend::Flex, Backend::Ndarray].map(|backend| Classifier::load_checked(WEIGHTS, backend).unwrap());
    let fingerprint = flex.fingerprint();
    assert_eq!(fingerprint.len(), 50);
    assert!(
        fingerprint.iter().filter(|probability| **probability > 900).count() >= 45,
        "{fingerprint:?}"
    );
    assert!(ndarray.has_fingerprint(&fingerprint));
    assert!(!flex.has_fingerprint(&fingerprint[1..]));
    let mut other = fingerprint;
    other[7] ^= 64;
    assert!(!flex.has_fingerprint(&other));
}

#[test]
fn the_classifier_matches_the_burn_module() {
    let device = Device::flex();
    let network = Network::from_bytes(WEIGHTS.to_vec(), &device).unwrap();
    // A ring, a bar and a slope. The logits of noise would be far from those of digits.
    let inputs: Vec<ModelInput> = (0..20_u8)
        .map(|index| {
            ModelInput(std::array::from_fn(|pixel| {
                let [x, y] = [pixel % SIDE, pixel / SIDE].map(|place| f32::from(u8::try_from(place).unwrap()) - 13.5);
                let (ring, bar) = (
                    x.hypot(y) - 8.0 + f32::from(index) / 4.0,
                    x + y * f32::from(index) / 20.0,
                );
                f32::from(u8::from(ring.abs() < 1.5 || bar.abs() < f32::from(index % 3)))
            }))
        })
        .collect();
    let pixels: Vec<f32> = inputs.iter().flat_map(|input| input.0).collect();
    let expected = network
        .forward(Tensor::from_data(
            TensorData::new(pixels, [inputs.len(), 1, SIDE, SIDE]),
            &device,
        ))
        .into_data();
    let expected: Vec<f32> = expected.iter::<f32>().collect();
    let predictions = Classifier::load(Backend::Flex).unwrap().classify(&inputs);
    // The ten digits, and no digit.
    assert_eq!(expected.len(), predictions.len() * (CLASSES + 1));
    for (prediction, expected) in predictions.iter().zip(expected.chunks_exact(CLASSES + 1)) {
        for (logit, expected) in prediction.logits.iter().zip(expected) {
            assert!((logit - expected).abs() < 1e-4, "{logit} {expected}");
        }
    }
}

#[test]
fn the_classifier_is_send() {
    fn sendable<T: Send + 'static>() {}
    sendable::<Classifier>();
}
