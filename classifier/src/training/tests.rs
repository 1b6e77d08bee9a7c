//! Tests of the training: gradients, resuming, folding, augmentation, the mixture, calibration.
#![expect(clippy::float_cmp, reason = "the same computation must give the same bits")]

use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt as _;

use super::augment::{STRONG_SHARES, augment, generator};
use super::batches::{self, Mixture};
use super::evaluate::evaluate;
use super::fold::{self, Calibration};
use super::gradient::{self, Layout, Weights};
use super::mixture::{Example, IMAGES_PER_EPOCH, Kind, Sources};
use super::optimiser::Moments;
use super::run::{TrainingRun, split};
use super::{Settings, checkpoint};
use crate::mnist::Dataset;
use crate::network::Network;
use crate::{Backend, Classifier, ModelInput, NO_DIGIT, OUTPUTS, PIXELS, SIDE, shipped_weights};

const SETTINGS: Settings = Settings {
    seed: 7,
    epochs: 2,
    batch: 16,
    learning_rate: 0.003,
    retraining: None,
};

/// Random images and classes, for tests that don't depend on what is learned.
fn noise(count: usize) -> (Vec<f32>, Vec<u8>) {
    let mut random = generator(3, 0, 0);
    let pixels = (0..count * PIXELS).map(|_| random.random_range(0.0..1.0)).collect();
    (pixels, (0..count).map(|_| random.random_range(0..11)).collect())
}

fn examples((pixels, labels): (Vec<f32>, Vec<u8>)) -> Vec<Example> {
    let inputs = pixels.as_chunks::<PIXELS>().0.iter().copied().map(ModelInput);
    inputs.zip(labels).collect()
}

/// A ring of three pixels width in place of a digit.
fn ring() -> [f32; PIXELS] {
    let middle = (SIDE - 1) as f32 / 2.0;
    std::array::from_fn(|at| {
        let (x, y) = ((at % SIDE) as f32 - middle, (at / SIDE) as f32 - middle);
        if (x.hypot(y) - 7.0).abs() < 1.5 { 1.0 } else { 0.0 }
    })
}

/// MNIST's place taken by rings.
fn rings(count: usize) -> Dataset {
    let ring: Vec<u8> = ring().iter().map(|value| (value * 255.0) as u8).collect();
    Dataset {
        pixels: ring.repeat(count),
        labels: vec![0; count],
    }
}

#[test]
fn the_gradient_is_the_slope_of_the_loss() {
    let layout = Layout::new();
    let (pixels, labels) = noise(6);
    let mut weights = Weights::random(&layout, 1);
    let found = gradient::step(&layout, &mut weights, &pixels, &labels, [1, 0]);
    let loss =
        |weights: &Weights| f64::from(gradient::step(&layout, &mut weights.clone(), &pixels, &labels, [1, 0]).loss);
    // Along the gradient of each group of parameters the loss rises by the gradient's squared length.
    let groups = layout
        .layers
        .iter()
        .flat_map(|layer| [layer.weight.clone(), layer.scale.clone(), layer.shift.clone()])
        .chain([layout.linear.clone(), layout.bias.clone()]);
    for group in groups {
        let squared: f64 = found.gradient[group.clone()]
            .iter()
            .map(|value| f64::from(value * value))
            .sum();
        let step = 2e-3 / squared.sqrt();
        let moved = |sign: f64| {
            let mut weights = weights.clone();
            for (value, slope) in weights.parameters[group.clone()]
                .iter_mut()
                .zip(&found.gradient[group.clone()])
            {
                *value += (sign * step) as f32 * slope;
            }
            loss(&weights)
        };
        let slope = (moved(1.0) - moved(-1.0)) / (2.0 * step);
        assert!((slope / squared - 1.0).abs() < 0.1, "{group:?}: {slope} {squared}");
    }
}

#[test]
fn a_batch_is_learned() {
    let layout = Layout::new();
    let (pixels, labels) = noise(24);
    let mut weights = Weights::random(&layout, 1);
    let mut moments = Moments::zeros(weights.parameters.len());
    let mut losses = Vec::new();
    for step in 0..40 {
        let found = gradient::step(&layout, &mut weights, &pixels, &labels, [1, step]);
        moments.update(&mut weights.parameters, &found.gradient, 0.003, step);
        losses.push(found.loss);
    }
    assert!(losses[39] < losses[0] / 4.0, "{losses:?}");
}

#[test]
fn a_checkpoint_holds_the_whole_training() {
    let (pixels, labels) = noise(16);
    let mut run = TrainingRun::start(&SETTINGS);
    let step = gradient::step(&run.layout, &mut run.weights, &pixels, &labels, [7, 0]);
    run.moments
        .update(&mut run.weights.parameters, &step.gradient, 0.003, 0);
    let folder = std::env::temp_dir().join(format!("trazo-resume-{}", std::process::id()));
    checkpoint::save(&mut run, &folder).unwrap();
    let mut resumed = checkpoint::load(&SETTINGS, &folder).unwrap().unwrap();
    let other = Settings { seed: 8, ..SETTINGS };
    let refused = checkpoint::load(&other, &folder).err().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(refused.to_string().contains("other settings"), "{refused}");
    // Not `assert_eq!`, which would print all numbers.
    assert!(run.numbers() == resumed.numbers());
    let next = |run: &mut TrainingRun| gradient::step(&run.layout, &mut run.weights, &pixels, &labels, [7, 1]).loss;
    assert_eq!(next(&mut run), next(&mut resumed));
}

#[test]
fn the_exported_network_is_the_trained_one() {
    let layout = Layout::new();
    let mut weights = Weights::random(&layout, 2);
    let (pixels, labels) = noise(24);
    for step in 0..60 {
        // After some steps no batch norm is the identity, and the running statistics are the batch's.
        gradient::step(&layout, &mut weights, &pixels, &labels, [1, step]);
    }
    let images = Tensor::<4>::from_data(TensorData::new(pixels.clone(), [24, 1, SIDE, SIDE]), &Device::flex());
    let outputs = |calibration| {
        let data = fold::fold(&layout, &weights, calibration)
            .forward(images.clone())
            .into_data();
        data.iter::<f32>().collect::<Vec<f32>>()
    };
    let plain = outputs(Calibration::NONE);
    let calibrated = outputs(Calibration {
        temperature: 2.0,
        offset: 1.0,
    });
    for (plain, calibrated) in plain
        .as_chunks::<OUTPUTS>()
        .0
        .iter()
        .zip(calibrated.as_chunks::<OUTPUTS>().0)
    {
        for class in 0..OUTPUTS {
            let offset = if class == usize::from(NO_DIGIT) { 1.0 } else { 0.0 };
            assert!((plain[class] / 2.0 + offset - calibrated[class]).abs() < 1e-4);
        }
    }
    // Half precision keeps three significant digits.
    let packed = fold::export(&layout, &weights, Calibration::NONE).unwrap();
    let rounded = Network::from_bytes(packed, &Device::flex())
        .unwrap()
        .forward(images)
        .into_data();
    for (rounded, plain) in rounded.iter::<f32>().zip(plain) {
        assert!((rounded - plain).abs() < 0.02, "{rounded} {plain}");
    }
}

#[test]
fn the_shipped_network_is_unfolded_and_folded_again() {
    let layout = Layout::new();
    let shipped = shipped_weights();
    let (pixels, _) = noise(40);
    let weights = fold::unfold(&layout, &shipped, &pixels).unwrap();
    let again = fold::export(&layout, &weights, Calibration::NONE).unwrap();
    let outputs = |network: &[u8]| {
        let inputs: Vec<ModelInput> = examples(noise(40)).into_iter().map(|(input, _)| input).collect();
        let inputs = [inputs, vec![ModelInput(ring())]].concat();
        Classifier::from_bytes(network, Backend::Flex).unwrap().outputs(&inputs)
    };
    for (again, shipped) in outputs(&again).iter().flatten().zip(outputs(&shipped).iter().flatten()) {
        assert!(
            (again - shipped).abs() < 0.01 * shipped.abs().max(1.0),
            "{again} {shipped}"
        );
    }
    assert!(fold::unfold(&layout, &shipped[..shipped.len() / 2], &pixels).is_err());
}

#[test]
fn every_kind_is_made_and_framed() {
    let digits = rings(4);
    let sources = Sources {
        digits: &digits,
        indices: &[0, 1, 2, 3],
        fonts: &[],
    };
    for (kind, _) in IMAGES_PER_EPOCH {
        // No font is at hand here.
        if matches!(kind, Kind::Glyph | Kind::Letter) {
            continue;
        }
        let make = |index| sources.make(kind, &mut generator(1, 0, index));
        let inked = (0..50)
            .filter(|&index| make(index).0.0.iter().sum::<f32>() > 5.0)
            .count();
        assert!(inked > 40, "{kind:?}: {inked} of 50");
        assert_eq!(make(3), make(3), "{kind:?}");
        assert_ne!(make(3).0, make(4).0, "{kind:?}");
        for (input, label) in (0..50).map(make) {
            assert!(label <= NO_DIGIT);
            assert!(input.0.iter().all(|value| (0.0..=1.0).contains(value)), "{kind:?}");
        }
    }
}

#[test]
fn an_epoch_has_each_correction_as_often_as_it_is_repeated() {
    let digits = rings(4);
    let mixture = Mixture {
        sources: Sources {
            digits: &digits,
            indices: &[0, 1, 2],
            fonts: &[],
        },
        made: &[(Kind::Line, 2)],
        corrections: &[(ModelInput(ring()), 5), (ModelInput(ring()), NO_DIGIT)],
        repeats: 3,
    };
    let settings = Settings { batch: 1, ..SETTINGS };
    assert_eq!(mixture.steps(1), 11);
    let mut labels: Vec<u8> = std::thread::scope(|scope| {
        let batches = batches::epoch(scope, &mixture, &settings, STRONG_SHARES, 0);
        batches.iter().flat_map(|batch| batch.labels).collect()
    });
    labels.sort_unstable();
    assert_eq!(labels, [0, 0, 0, 5, 5, 5, 10, 10, 10, 10, 10]);
}

#[test]
fn augmentation_keeps_most_of_the_ink() {
    let source = ring();
    let ink = |pixels: &[f32]| pixels.iter().sum::<f32>();
    let (mut untouched, mut changed) = (0, 0.0_f32);
    for index in 0..1_000 {
        let mut image = [0.0; PIXELS];
        augment(&source, STRONG_SHARES, &mut generator(1, 0, index), &mut image);
        assert!(image.iter().all(|value| (0.0..=1.0).contains(value)));
        let share = ink(&image) / ink(&source);
        assert!((0.4..2.2).contains(&share), "image {index} kept {share} of its ink");
        untouched += usize::from(image == source);
        changed += image
            .iter()
            .zip(&source)
            .map(|(one, other)| (one - other).abs())
            .sum::<f32>()
            / ink(&source);
    }
    assert!((120..280).contains(&untouched), "{untouched} untouched");
    assert!(changed / 1_000.0 > 0.2, "hardly anything changes: {changed}");
}

#[test]
fn augmentation_is_deterministic_per_seed_epoch_and_image() {
    let vary = |seed, epoch, index| {
        let mut image = [0.0; PIXELS];
        augment(&ring(), STRONG_SHARES, &mut generator(seed, epoch, index), &mut image);
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
fn calibration_lowers_the_loss() {
    let layout = Layout::new();
    let weights = Weights::random(&layout, 1);
    let all = examples(noise(200));
    let plain = evaluate(&fold::export(&layout, &weights, Calibration::NONE).unwrap(), &all).unwrap();
    let temperature = plain.best_temperature();
    let calibration = Calibration {
        temperature,
        offset: plain.best_offset(temperature),
    };
    let calibrated = evaluate(&fold::export(&layout, &weights, calibration).unwrap(), &all).unwrap();
    assert!(calibrated.loss() <= plain.loss());
    let digits = all.iter().filter(|(_, label)| *label != NO_DIGIT).count();
    assert_eq!(calibrated.confusion().iter().flatten().sum::<u32>() as usize, digits);
    assert_eq!(calibrated.predicted_digits().len(), 200);
    assert!((0.0..=1.0).contains(&calibrated.calibration_error()));
    assert!((calibrated.turned_away(calibrated.threshold(0.5)) - 0.5).abs() < 0.2);
}
