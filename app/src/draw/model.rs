//! The page's own network: the shipped weights, loaded once.

use std::cell::OnceCell;

use classifier::{Backend, Classifier, ModelInput, Prediction};

thread_local! {
    static CLASSIFIER: OnceCell<Option<Classifier>> = const { OnceCell::new() };
}

fn with<T>(work: impl FnOnce(&Classifier) -> T) -> Option<T> {
    CLASSIFIER.with(|cell| {
        cell.get_or_init(|| Classifier::load(Backend::Flex).ok())
            .as_ref()
            .map(work)
    })
}

/// Load the weights and read one blank picture, so that the first stroke doesn't pay for it. False when they don't fit.
pub fn load() -> bool {
    read(&ModelInput([0.0; classifier::PIXELS])).is_some()
}

/// Read one picture; `None` without weights.
pub fn read(picture: &ModelInput) -> Option<Prediction> {
    with(|classifier| classifier.classify(std::slice::from_ref(picture)).first().copied()).flatten()
}
