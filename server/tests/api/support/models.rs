//! Models for tests that are not about reading digits.

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

/// Reads every picture as a 3, at once.
pub(crate) fn three() -> Model {
    Box::new(|pictures| pictures.iter().map(|_| reading(3)).collect())
}

/// Panics, with a text that no client may see.
pub(crate) fn panicking() -> Model {
    Box::new(|_: &[ModelInput]| panic!("the secret reason"))
}

/// Reads every picture as a 3, after a while.
pub(crate) fn slow(pause: Duration) -> Model {
    Box::new(move |pictures| {
        thread::sleep(pause);
        pictures.iter().map(|_| reading(3)).collect()
    })
}

/// A model that reads nothing until its gate is opened.
pub(crate) fn gated() -> (Model, Gate) {
    let gate = Gate::default();
    let inner = gate.clone();
    let model = move |pictures: &[ModelInput]| {
        inner.pass();
        pictures.iter().map(|_| reading(3)).collect()
    };
    (Box::new(model), gate)
}

/// Closed until it is opened, then open for good; it counts the batches that pass.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar, AtomicUsize)>);

impl Gate {
    pub(crate) fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let open = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(open, |open| !*open).unwrap());
        self.0.2.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn passed(&self) -> usize {
        self.0.2.load(Ordering::Relaxed)
    }
}

fn reading(digit: usize) -> Prediction {
    Prediction::from_logits(std::array::from_fn::<f32, CLASSES, _>(|other| {
        if other == digit { 8.0 } else { 0.0 }
    }))
}
