//! The shipped weights fit the network, the limits and their card.

use burn::module::Module as _;
use burn::tensor::{Device, Tensor, TensorData};
use classifier::network::{self, Network};
use classifier::{Backend, CLASSES, Classifier, ModelInput, PIXELS, SIDE, model_version};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const WEIGHTS: &[u8] = include_bytes!("../weights/digits.bpk");

#[test]
fn they_load_and_read_on_each_backend() {
    for backend in [Backend::Flex, Backend::Ndarray] {
        let classifier = Classifier::load(backend).unwrap();
        assert!(classifier.classify(&[]).is_empty());
        let readings = classifier.classify(&[ModelInput([0.0; PIXELS]), ModelInput([1.0; PIXELS])]);
        assert_eq!(readings.len(), 2);
        for reading in readings {
            let sum: f32 = reading.probabilities.iter().sum();
            assert!((sum - 1.0).abs() < 1e-5, "{sum}");
        }
    }
}

#[test]
fn they_are_within_the_limits() {
    assert!(WEIGHTS.len() <= 1_000_000, "{} bytes", WEIGHTS.len());
    assert!(
        network::multiply_adds() <= 5_000_000,
        "{} multiply-adds",
        network::multiply_adds()
    );
}

#[test]
fn the_card_describes_them() {
    let card: Value = serde_json::from_str(include_str!("../weights/model_card.json")).unwrap();
    let network = Network::from_bytes(WEIGHTS.to_vec(), &Device::flex()).unwrap();
    assert_eq!(card["bytes"], WEIGHTS.len());
    assert_eq!(card["parameters"], network.num_params());
    assert_eq!(card["multiply_adds"], network::multiply_adds());
    assert_eq!(card["model"], model_version());
}

#[test]
fn the_version_changes_with_them() {
    let sum = format!("{:x}", Sha256::digest(WEIGHTS));
    assert_eq!(model_version(), format!("digits-{}", &sum[..8]));
}

#[test]
fn damaged_or_foreign_weights_are_refused() {
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
}

#[test]
fn the_classifier_answers_as_burns_own_module_does() {
    let device = Device::flex();
    let network = Network::from_bytes(WEIGHTS.to_vec(), &device).unwrap();
    // A ring, a bar, a slope: nothing like noise, on which every logit would be far from a digit's.
    let pictures: Vec<ModelInput> = (0..20_u8)
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
    let pixels: Vec<f32> = pictures.iter().flat_map(|picture| picture.0).collect();
    let expected = network
        .forward(Tensor::from_data(
            TensorData::new(pixels, [pictures.len(), 1, SIDE, SIDE]),
            &device,
        ))
        .into_data();
    let expected: Vec<f32> = expected.iter::<f32>().collect();
    let readings = Classifier::load(Backend::Flex).unwrap().classify(&pictures);
    assert_eq!(expected.len(), readings.len() * CLASSES);
    for (reading, expected) in readings.iter().zip(expected.chunks_exact(CLASSES)) {
        for (logit, expected) in reading.logits.iter().zip(expected) {
            assert!((logit - expected).abs() < 1e-4, "{logit} {expected}");
        }
    }
}

#[test]
fn a_classifier_can_move_to_another_thread() {
    fn sendable<T: Send + 'static>() {}
    sendable::<Classifier>();
}
