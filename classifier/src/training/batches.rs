//! Augmented batches, made on a thread of their own while the network learns from the one before.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Scope;

use rand::seq::SliceRandom;

use super::augment::{augment, generator};
use crate::PIXELS;
use crate::mnist::Digits;

/// Batches made ahead of the network.
const AHEAD: usize = 4;

/// Pictures `[batch, 1, 28, 28]`, flat, and their digits.
pub(crate) struct Batch {
    pub(crate) pixels: Vec<f32>,
    pub(crate) labels: Vec<u8>,
}

/// One epoch over `indices`: shuffled, augmented, in whole batches. A function of its arguments alone.
pub(crate) fn epoch<'scope>(
    scope: &'scope Scope<'scope, '_>,
    digits: &'scope Digits,
    indices: &[usize],
    batch: usize,
    seed: u64,
    epoch: usize,
) -> Receiver<Batch> {
    let mut order = indices.to_vec();
    // One past every picture's index: no picture's own generator is used twice.
    order.shuffle(&mut generator(seed, epoch, digits.len()));
    let (sender, receiver) = sync_channel(AHEAD);
    scope.spawn(move || {
        for indices in order.chunks_exact(batch) {
            let mut pixels = Vec::with_capacity(batch * PIXELS);
            for &index in indices {
                let mut picture = [0.0; PIXELS];
                augment(digits.pixels(index), &mut generator(seed, epoch, index), &mut picture);
                pixels.extend_from_slice(&picture);
            }
            let labels = indices.iter().map(|&index| digits.labels[index]).collect();
            // The receiver is gone when training was stopped: nothing left to make.
            if sender.send(Batch { pixels, labels }).is_err() {
                return;
            }
        }
    });
    receiver
}
