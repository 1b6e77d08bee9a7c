//! Batches of the mixture, prepared on a thread of their own while the network trains on the previous ones.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Scope;

use rand::seq::SliceRandom;

use super::Settings;
use super::augment::{augment, generator};
use super::mixture::{Example, Kind, Sources};
use crate::PIXELS;

/// Batches prepared ahead.
const QUEUE_DEPTH: usize = 8;

/// Flattened images `[batch, 1, 28, 28]` and their classes.
pub(crate) struct Batch {
    pub(crate) pixels: Vec<f32>,
    pub(crate) labels: Vec<u8>,
}

/// What an epoch consists of: each of the MNIST images that the sources may use, and these.
pub(crate) struct Mixture<'a> {
    pub(crate) sources: Sources<'a>,
    /// Images that are made, of each kind.
    pub(crate) made: &'a [(Kind, usize)],
    /// Corrections, and how often each is repeated.
    pub(crate) corrections: &'a [Example],
    pub(crate) repeats: usize,
}

/// An image of an epoch.
#[derive(Clone, Copy)]
enum Item {
    /// One of MNIST's, by its index.
    Mnist(usize),
    /// One that is made.
    Made(Kind),
    /// A correction, by its index.
    Correction(usize),
}

impl Mixture<'_> {
    /// What is in an epoch, not shuffled.
    fn items(&self) -> Vec<Item> {
        let mnist = self.sources.indices.iter().copied().map(Item::Mnist);
        let made = self
            .made
            .iter()
            .flat_map(|&(kind, count)| std::iter::repeat_n(Item::Made(kind), count));
        let corrections =
            (0..self.corrections.len()).flat_map(|index| std::iter::repeat_n(Item::Correction(index), self.repeats));
        mnist.chain(made).chain(corrections).collect()
    }

    /// Steps of an epoch.
    pub(crate) fn steps(&self, batch: usize) -> usize {
        self.items().len() / batch
    }
}

/// The batches of one epoch, shuffled and augmented; an incomplete last batch is dropped. The result depends on the
/// arguments only.
pub(crate) fn epoch<'scope>(
    scope: &'scope Scope<'scope, '_>,
    mixture: &'scope Mixture<'scope>,
    &Settings { seed, batch, .. }: &Settings,
    shares: [i32; 2],
    epoch: usize,
) -> Receiver<Batch> {
    let mut order: Vec<(usize, Item)> = mixture.items().into_iter().enumerate().collect();
    // An index beyond every image's, so that no image shares its generator.
    let mut random = generator(seed, epoch, order.len());
    order.shuffle(&mut random);
    let (sender, receiver) = sync_channel(QUEUE_DEPTH);
    let sources = &mixture.sources;
    scope.spawn(move || {
        for items in order.chunks_exact(batch) {
            let mut pixels = Vec::with_capacity(batch * PIXELS);
            let mut labels = Vec::with_capacity(batch);
            for &(index, item) in items {
                let mut random = generator(seed, epoch, index);
                let (input, label) = match item {
                    Item::Mnist(index) => (sources.digits.input(index), sources.digits.labels[index]),
                    Item::Made(kind) => sources.make(kind, &mut random),
                    Item::Correction(index) => mixture.corrections[index].clone(),
                };
                let mut image = [0.0; PIXELS];
                augment(&input.0, shares, &mut random, &mut image);
                pixels.extend_from_slice(&image);
                labels.push(label);
            }
            // The training was stopped.
            if sender.send(Batch { pixels, labels }).is_err() {
                return;
            }
        }
    });
    receiver
}
