//! Models for tests that are not about the predictions themselves.

use std::{
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use classifier::{CLASSES, ModelInput, Prediction};
use server::prediction::Model;
use sha2::{Digest, Sha256};

/// Predicts a 3 for every image.
pub(crate) fn three() -> Model {
    Box::new(|pictures| pictures.iter().map(|_| reading(3)).collect())
}

/// Panics with a text that no response may contain.
pub(crate) fn panicking() -> Model {
    panicking_with("the secret reason".to_owned())
}

/// Panics with the given text.
pub(crate) fn panicking_with(reason: String) -> Model {
    Box::new(move |_: &[ModelInput]| panic!("{reason}"))
}

/// Predicts a 3 for every image, after a pause.
pub(crate) fn slow(pause: Duration) -> Model {
    Box::new(move |pictures| {
        thread::sleep(pause);
        pictures.iter().map(|_| reading(3)).collect()
    })
}

/// A model that waits until its gate is opened.
pub(crate) fn gated() -> (Model, Gate) {
    let gate = Gate::default();
    let inner = gate.clone();
    let model = move |pictures: &[ModelInput]| {
        inner.pass();
        pictures.iter().map(|_| reading(3)).collect()
    };
    (Box::new(model), gate)
}

/// Blocks batches until it is opened, and counts them.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<GateState>);

#[derive(Default)]
struct GateState {
    is_open: Mutex<bool>,
    opened: Condvar,
    entered: AtomicUsize,
}

impl Gate {
    pub(crate) fn open(&self) {
        *self.0.is_open.lock().unwrap() = true;
        self.0.opened.notify_all();
    }

    fn pass(&self) {
        self.0.entered.fetch_add(1, Ordering::Relaxed);
        let is_open = self.0.is_open.lock().unwrap();
        drop(self.0.opened.wait_while(is_open, |is_open| !*is_open).unwrap());
    }

    /// Batches that have reached the gate.
    pub(crate) fn entered(&self) -> usize {
        self.0.entered.load(Ordering::Relaxed)
    }
}

/// The shipped weights with the last bit of one weight changed: another model, which reads the same.
pub(crate) fn other_weights(place: usize) -> Vec<u8> {
    // The numbers begin after the header and the metadata, in half precision with the low byte first.
    const BEGIN: usize = 1024;
    let mut weights = classifier::shipped_weights();
    weights[BEGIN + 2 * place] ^= 1;
    weights
}

/// The version of a file of weights.
pub(crate) fn version_of(weights: &[u8]) -> String {
    let digest = Sha256::digest(weights);
    let hex = digest.iter().take(4).map(|byte| format!("{byte:02x}"));
    format!("digits-{}", hex.collect::<String>())
}

fn reading(digit: usize) -> Prediction {
    Prediction::from_logits(std::array::from_fn::<f32, CLASSES, _>(|other| {
        if other == digit { 8.0 } else { 0.0 }
    }))
}
