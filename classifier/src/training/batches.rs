//! Augmented batches, prepared on a separate thread while the network trains on the previous one.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Scope;

use rand::seq::SliceRandom;

use super::augment::{augment, generator};
use crate::PIXELS;
use crate::mnist::Dataset;

/// Batches prepared ahead.
const QUEUE_DEPTH: usize = 4;

/// Flattened images `[batch, 1, 28, 28]` and their labels.
pub(crate) struct Batch {
    pub(crate) pixels: Vec<f32>,
    pub(crate) labels: Vec<u8>,
}

/// The batches of one epoch over `indices`, shuffled and augmented; an incomplete last batch is dropped. The result
/// depends on the arguments only.
pub(crate) fn epoch<'scope>(
    scope: &'scope Scope<'scope, '_>,
    digits: &'scope Dataset,
    indices: &[usize],
    batch: usize,
    seed: u64,
    epoch: usize,
) -> Receiver<Batch> {
    let mut order = indices.to_vec();
    // An index beyond every image's, so that no image shares its generator.
    order.shuffle(&mut generator(seed, epoch, digits.len()));
    let (sender, receiver) = sync_channel(QUEUE_DEPTH);
    scope.spawn(move || {
        for indices in order.chunks_exact(batch) {
            let mut pixels = Vec::with_capacity(batch * PIXELS);
            for &index in indices {
                let mut image = [0.0; PIXELS];
                augment(digits.pixels(index), &mut generator(seed, epoch, index), &mut image);
                pixels.extend_from_slice(&image);
            }
            let labels = indices.iter().map(|&index| digits.labels[index]).collect();
            // The training was stopped.
            if sender.send(Batch { pixels, labels }).is_err() {
                return;
            }
        }
    });
    receiver
}
