//! The classifier in the page, loaded once.

use std::cell::OnceCell;

use classifier::{Backend, Classifier, ModelInput, Prediction};

thread_local! {
    static CLASSIFIER: OnceCell<Option<Classifier>> = const { OnceCell::new() };
}

/// Load the weights and classify a blank image, so that the first stroke doesn't wait for either. Returns whether it
/// worked.
pub fn load() -> bool {
    predict(&ModelInput([0.0; classifier::PIXELS])).is_some()
}

/// Classify one image. `None` where the weights can't be loaded.
pub fn predict(input: &ModelInput) -> Option<Prediction> {
    CLASSIFIER.with(|cell| {
        let classifier = cell.get_or_init(|| Classifier::load(Backend::Flex).ok()).as_ref()?;
        classifier.classify(std::slice::from_ref(input)).first().copied()
    })
}
