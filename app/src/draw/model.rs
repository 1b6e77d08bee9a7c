//! The classifier in the page, loaded once.

use std::cell::OnceCell;

use classifier::{
    Backend, Classifier, ModelInput, Reading,
    preprocess::{Picture, Stroke},
};

thread_local! {
    static CLASSIFIER: OnceCell<Option<Classifier>> = const { OnceCell::new() };
}

/// Load the weights. Returns whether it worked.
pub fn load() -> bool {
    with_classifier(|_| ()).is_some()
}

/// Classify a blank image, so that the first stroke doesn't wait for what is done once.
pub fn warm_up() {
    with_classifier(|classifier| classifier.classify(&[ModelInput([0.0; classifier::PIXELS])]));
}

/// Read a picture. `None` where the weights can't be loaded.
pub fn read(picture: &Picture) -> Option<Reading> {
    with_classifier(|classifier| classifier.read(picture))
}

/// Read a drawing that may change with the next frame. `None` where the weights can't be loaded.
pub fn read_unfinished(strokes: &[Stroke]) -> Option<Reading> {
    with_classifier(|classifier| classifier.read_unfinished(strokes))
}

/// Read a drawing. `None` where the weights can't be loaded.
pub fn read_drawing(strokes: &[Stroke]) -> Option<Reading> {
    with_classifier(|classifier| classifier.read_drawing(strokes))
}

/// Work with the classifier. `None` where the weights can't be loaded.
pub fn with_classifier<T>(work: impl FnOnce(&Classifier) -> T) -> Option<T> {
    CLASSIFIER.with(|cell| {
        let classifier = cell.get_or_init(|| Classifier::load(Backend::Flex).ok());
        classifier.as_ref().map(work)
    })
}
