//! The images that a training is judged by, which it doesn't learn from: MNIST's training digits that are held back,
//! and made ones, from fonts and digits that are held back.

use super::augment::generator;
use super::fonts::Fonts;
use super::mixture::{Example, IMAGES_PER_EPOCH, Kind, Sources};
use crate::mnist::Dataset;

/// Images of each kind that is made.
const MADE_EACH: usize = 500;

/// An epoch that no training reaches.
const EPOCH: usize = (u32::MAX - 1) as usize;

/// The validation images by kind, MNIST's first.
pub(crate) fn examples(digits: &Dataset, indices: &[usize], fonts: &Fonts, seed: u64) -> Vec<(Kind, Vec<Example>)> {
    let mnist = indices.iter().map(|&index| (digits.input(index), digits.labels[index]));
    let mut all = vec![(Kind::Mnist, mnist.collect())];
    all.extend(made(digits, indices, fonts, seed));
    all
}

/// Made images by kind.
fn made(digits: &Dataset, indices: &[usize], fonts: &Fonts, seed: u64) -> Vec<(Kind, Vec<Example>)> {
    let sources = Sources {
        digits,
        indices,
        fonts: &fonts.validation,
    };
    IMAGES_PER_EPOCH
        .iter()
        .enumerate()
        .filter(|(_, (kind, _))| !(kind.needs_fonts() && fonts.validation.is_empty()))
        .map(|(position, &(kind, _))| {
            let examples = (0..MADE_EACH)
                .map(|index| sources.make(kind, &mut generator(seed, EPOCH, position * MADE_EACH + index)));
            (kind, examples.collect())
        })
        .collect()
}
