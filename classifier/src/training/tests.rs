//! Training's own promises: nothing is lost by an interruption, nothing by folding, and augmented digits stay digits.
#![expect(clippy::float_cmp, reason = "the same computation must give the same bits")]

use std::sync::Mutex;

use burn::module::Module as _;
use burn::tensor::{Device, Distribution, Tensor};
use indicatif::ProgressBar;
use rand::RngExt as _;

use super::augment::{augment, generator};
use super::average::Average;
use super::evaluate::answer;
use super::model::Trainee;
use super::{Run, Settings, checkpoint, fold, split};
use crate::mnist::Digits;
use crate::network::Network;
use crate::{CLASSES, PIXELS, SIDE};

const SETTINGS: Settings = Settings {
    seed: 7,
    epochs: 2,
    batch: 16,
    learning_rate: 0.003,
};

/// burn has one random generator a process: whoever seeds it must not be interrupted (nextest gives each test a process
/// of its own, `cargo test` doesn't).
static RANDOM: Mutex<()> = Mutex::new(());

/// Noise with labels: enough for whatever doesn't ask what is learnt.
fn noise(count: usize) -> Digits {
    let mut random = generator(3, 0, 0);
    Digits {
        pixels: (0..count * PIXELS).map(|_| random.random()).collect(),
        labels: (0..count).map(|_| random.random_range(0..10)).collect(),
    }
}

/// A digit's stand-in: a ring, three pixels thick.
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
    let (learn, validate) = split(digits.len(), 16, SETTINGS.seed);
    let bar = ProgressBar::hidden();
    let folder = std::env::temp_dir().join(format!("trazo-resume-{}", std::process::id()));

    let mut whole = Run::start(&SETTINGS, &device);
    whole.epoch(&digits, &learn, &validate, &device, &bar).unwrap();
    checkpoint::save(&whole, &folder).unwrap();
    whole.epoch(&digits, &learn, &validate, &device, &bar).unwrap();

    let mut resumed = checkpoint::load(&SETTINGS, &folder, &device).unwrap().unwrap();
    let other = Settings { seed: 8, ..SETTINGS };
    let refused = checkpoint::load(&other, &folder, &device).err().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(refused.to_string().contains("other settings"), "{refused}");
    resumed.epoch(&digits, &learn, &validate, &device, &bar).unwrap();

    // Not assert_eq: it would print 66,000 numbers.
    assert!(Average::of(&resumed.trainee) == Average::of(&whole.trainee));
    assert!(resumed.average == whole.average);
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
    let (learn, validate) = split(digits.len(), 16, SETTINGS.seed);
    let mut run = Run::start(&SETTINGS, &device);
    // Afterwards no batch norm is the identity any more.
    run.epoch(&digits, &learn, &validate, &device, &ProgressBar::hidden())
        .unwrap();
    let trained: Trainee = run.trainee.valid();
    let inner = Device::flex();
    let pictures = Tensor::<4>::random([20, 1, SIDE, SIDE], Distribution::Uniform(0.0, 1.0), &inner);

    let expected = trained.forward(pictures.clone()).into_data();
    let folded = fold::fold(&trained).forward(pictures.clone()).into_data();
    for (folded, expected) in folded.iter::<f32>().zip(expected.iter::<f32>()) {
        assert!((folded - expected).abs() < 1e-4, "{folded} {expected}");
    }

    let cooled = fold::cool(fold::fold(&trained), 2.0);
    let halved = cooled.forward(pictures.clone()).into_data();
    for (halved, expected) in halved.iter::<f32>().zip(expected.iter::<f32>()) {
        assert!((2.0 * halved - expected).abs() < 1e-4, "{halved} {expected}");
    }

    // Rounded to half precision: the same to three digits.
    let packed = fold::pack(fold::fold(&trained)).unwrap();
    let rounded = Network::from_bytes(packed.to_vec(), &inner)
        .unwrap()
        .forward(pictures)
        .into_data();
    for (rounded, expected) in rounded.iter::<f32>().zip(expected.iter::<f32>()) {
        assert!((rounded - expected).abs() < 5e-3, "{rounded} {expected}");
    }
}

#[test]
fn augmented_digits_stay_digits() {
    let source = ring();
    let ink = |pixels: &[f32]| pixels.iter().sum::<f32>();
    let flat: Vec<f32> = source.iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
    let (mut untouched, mut changed) = (0, 0.0_f32);
    for index in 0..1_000 {
        let mut picture = [0.0; PIXELS];
        augment(&source, &mut generator(1, 0, index), &mut picture);
        assert!(picture.iter().all(|value| (0.0..=1.0).contains(value)));
        let share = ink(&picture) / ink(&flat);
        assert!((0.4..2.2).contains(&share), "picture {index} kept {share} of its ink");
        untouched += usize::from(picture[..] == flat[..]);
        changed += picture
            .iter()
            .zip(&flat)
            .map(|(one, other)| (one - other).abs())
            .sum::<f32>()
            / ink(&flat);
    }
    assert!((120..280).contains(&untouched), "{untouched} untouched");
    assert!(changed / 1_000.0 > 0.2, "hardly anything changes: {changed}");
}

#[test]
fn the_same_seed_epoch_and_picture_give_the_same_variation() {
    let vary = |seed, epoch, index| {
        let mut picture = [0.0; PIXELS];
        augment(&ring(), &mut generator(seed, epoch, index), &mut picture);
        picture
    };
    assert_eq!(vary(1, 2, 3), vary(1, 2, 3));
    let varied = (0..20).filter(|&index| vary(1, 2, index) != vary(1, 3, index)).count();
    assert!(varied > 10, "{varied}");
}

#[test]
fn the_split_is_seeded_and_disjoint() {
    let (learn, validate) = split(100, 10, 1);
    assert_eq!((learn.len(), validate.len()), (90, 10));
    let mut all = [learn.clone(), validate].concat();
    all.sort_unstable();
    assert_eq!(all, (0..100).collect::<Vec<_>>());
    assert_eq!(split(100, 10, 1).0, learn);
    assert_ne!(split(100, 10, 2).0, learn);
}

#[test]
fn the_temperature_calibrates() {
    let _turn = RANDOM.lock().unwrap();
    let device = Device::flex();
    device.seed(1);
    let digits = noise(200);
    let everything: Vec<usize> = (0..digits.len()).collect();
    let network = fold::fold(&Trainee::init(&device));
    let answers = answer(&network, &digits, &everything, &device).unwrap();
    let temperature = answers.best_temperature();
    assert!(answers.loss(temperature) <= answers.loss(1.0));
    let cooled = answer(&fold::cool(network, temperature), &digits, &everything, &device).unwrap();
    assert!((cooled.loss(1.0) - answers.loss(temperature)).abs() < 1e-5);
    assert_eq!(cooled.confusion().iter().flatten().sum::<u32>(), 200);
    assert_eq!(cooled.predicted().len(), 200);
    assert!((0.0..=1.0).contains(&cooled.calibration_error()));
    assert_eq!(cooled.confusion().len(), CLASSES);
}
