//! Tests of the training: resuming, folding, augmentation, calibration.
#![expect(clippy::float_cmp, reason = "the same computation must give the same bits")]

use std::sync::Mutex;

use burn::module::Module as _;
use burn::tensor::{Device, Distribution, Tensor};
use indicatif::ProgressBar;
use rand::RngExt as _;

use super::augment::{augment, generator};
use super::ema::Ema;
use super::evaluate::evaluate;
use super::run::{TrainingRun, split};
use super::training_network::TrainingNetwork;
use super::{Settings, checkpoint, fold};
use crate::mnist::Dataset;
use crate::network::Network;
use crate::{CLASSES, PIXELS, SIDE};

const SETTINGS: Settings = Settings {
    seed: 7,
    epochs: 2,
    batch: 16,
    learning_rate: 0.003,
};

/// burn has one random generator per process, so tests that seed it must not run concurrently (`cargo test` runs them
/// in one process; nextest doesn't).
static RANDOM: Mutex<()> = Mutex::new(());

/// Random images and labels, for tests that don't depend on what is learned.
fn noise(count: usize) -> Dataset {
    let mut random = generator(3, 0, 0);
    Dataset {
        pixels: (0..count * PIXELS).map(|_| random.random()).collect(),
        labels: (0..count).map(|_| random.random_range(0..10)).collect(),
    }
}

/// A ring of three pixels width in place of a digit.
fn ring() -> Vec<u8> {
    let middle = (SIDE - 1) as f32 / 2.0;
    let pixel = |at: usize| {
        let (x, y) = ((at % SIDE) as f32 - middle, (at / SIDE) as f32 - middle);
        if (x.hypot(y) - 7.0).abs() < 1.5 { 255 } else { 0 }
    };
    (0..PIXELS).map(pixel).collect()
}

#[test]
fn a_resumed_training_equals_an_uninterrupted_one() {
    let _turn = RANDOM.lock().unwrap();
    let device = Device::flex().autodiff();
    let digits = noise(80);
    let (training, validation) = split(digits.len(), 16, SETTINGS.seed);
    let bar = ProgressBar::hidden();
    let folder = std::env::temp_dir().join(format!("trazo-resume-{}", std::process::id()));

    let mut whole = TrainingRun::start(&SETTINGS, &device);
    whole.epoch(&digits, &training, &validation, &device, &bar).unwrap();
    checkpoint::save(&whole, &folder).unwrap();
    whole.epoch(&digits, &training, &validation, &device, &bar).unwrap();

    let mut resumed = checkpoint::load(&SETTINGS, &folder, &device).unwrap().unwrap();
    let other = Settings { seed: 8, ..SETTINGS };
    let refused = checkpoint::load(&other, &folder, &device).err().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(refused.to_string().contains("other settings"), "{refused}");
    resumed.epoch(&digits, &training, &validation, &device, &bar).unwrap();

    // Not `assert_eq!`, which would print 66,000 numbers.
    assert!(Ema::of(&resumed.network) == Ema::of(&whole.network));
    assert!(resumed.ema == whole.ema);
    assert!(resumed.best == whole.best);
    for (resumed, whole) in resumed.history.iter().zip(&whole.history) {
        assert_eq!(
            (resumed.loss, resumed.validation_loss),
            (whole.loss, whole.validation_loss)
        );
    }
}

#[test]
fn the_folded_network_equals_the_trained_one() {
    let _turn = RANDOM.lock().unwrap();
    let device = Device::flex().autodiff();
    let digits = noise(80);
    let (training, validation) = split(digits.len(), 16, SETTINGS.seed);
    let mut run = TrainingRun::start(&SETTINGS, &device);
    // After an epoch no batch norm is the identity.
    run.epoch(&digits, &training, &validation, &device, &ProgressBar::hidden())
        .unwrap();
    let trained: TrainingNetwork = run.network.valid();
    let inner = Device::flex();
    let inputs = Tensor::<4>::random([20, 1, SIDE, SIDE], Distribution::Uniform(0.0, 1.0), &inner);

    let expected = trained.forward(inputs.clone()).into_data();
    let folded = fold::fold(&trained).forward(inputs.clone()).into_data();
    for (folded, expected) in folded.iter::<f32>().zip(expected.iter::<f32>()) {
        assert!((folded - expected).abs() < 1e-4, "{folded} {expected}");
    }

    let calibrated = fold::apply_temperature(fold::fold(&trained), 2.0);
    let halved = calibrated.forward(inputs.clone()).into_data();
    for (halved, expected) in halved.iter::<f32>().zip(expected.iter::<f32>()) {
        assert!((2.0 * halved - expected).abs() < 1e-4, "{halved} {expected}");
    }

    // Half precision keeps three significant digits.
    let packed = fold::to_half_precision(fold::fold(&trained)).unwrap();
    let rounded = Network::from_bytes(packed.to_vec(), &inner)
        .unwrap()
        .forward(inputs)
        .into_data();
    for (rounded, expected) in rounded.iter::<f32>().zip(expected.iter::<f32>()) {
        assert!((rounded - expected).abs() < 5e-3, "{rounded} {expected}");
    }
}

#[test]
fn augmentation_keeps_most_of_the_ink() {
    let source = ring();
    let ink = |pixels: &[f32]| pixels.iter().sum::<f32>();
    let original: Vec<f32> = source.iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
    let (mut untouched, mut changed) = (0, 0.0_f32);
    for index in 0..1_000 {
        let mut image = [0.0; PIXELS];
        augment(&source, &mut generator(1, 0, index), &mut image);
        assert!(image.iter().all(|value| (0.0..=1.0).contains(value)));
        let share = ink(&image) / ink(&original);
        assert!((0.4..2.2).contains(&share), "image {index} kept {share} of its ink");
        untouched += usize::from(image[..] == original[..]);
        changed += image
            .iter()
            .zip(&original)
            .map(|(one, other)| (one - other).abs())
            .sum::<f32>()
            / ink(&original);
    }
    assert!((120..280).contains(&untouched), "{untouched} untouched");
    assert!(changed / 1_000.0 > 0.2, "hardly anything changes: {changed}");
}

#[test]
fn augmentation_is_deterministic_per_seed_epoch_and_image() {
    let vary = |seed, epoch, index| {
        let mut image = [0.0; PIXELS];
        augment(&ring(), &mut generator(seed, epoch, index), &mut image);
        image
    };
    assert_eq!(vary(1, 2, 3), vary(1, 2, 3));
    let varied = (0..20).filter(|&index| vary(1, 2, index) != vary(1, 3, index)).count();
    assert!(varied > 10, "{varied}");
}

#[test]
fn the_split_is_seeded_and_disjoint() {
    let (training, validation) = split(100, 10, 1);
    assert_eq!((training.len(), validation.len()), (90, 10));
    let mut all = [training.clone(), validation].concat();
    all.sort_unstable();
    assert_eq!(all, (0..100).collect::<Vec<_>>());
    assert_eq!(split(100, 10, 1).0, training);
    assert_ne!(split(100, 10, 2).0, training);
}

#[test]
fn temperature_scaling_lowers_the_loss() {
    let _turn = RANDOM.lock().unwrap();
    let device = Device::flex();
    device.seed(1);
    let digits = noise(200);
    let all: Vec<usize> = (0..digits.len()).collect();
    let network = fold::fold(&TrainingNetwork::init(&device));
    let evaluation = evaluate(&network, &digits, &all, &device).unwrap();
    let temperature = evaluation.best_temperature();
    assert!(evaluation.loss(temperature) <= evaluation.loss(1.0));
    let calibrated = evaluate(&fold::apply_temperature(network, temperature), &digits, &all, &device).unwrap();
    assert!((calibrated.loss(1.0) - evaluation.loss(temperature)).abs() < 1e-5);
    assert_eq!(calibrated.confusion().iter().flatten().sum::<u32>(), 200);
    assert_eq!(calibrated.predicted_digits().len(), 200);
    assert!((0.0..=1.0).contains(&calibrated.calibration_error()));
    assert_eq!(calibrated.confusion().len(), CLASSES);
}
