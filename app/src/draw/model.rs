//! The classifier in the page. It has the embedded weights until the server answers with another model (`follow`).

use std::{cell::RefCell, rc::Rc, sync::Arc};

use classifier::{
    Backend, Classifier, ModelInput, Reading,
    preprocess::{Picture, Stroke},
};

/// A classifier, and the version of its weights.
struct Model {
    classifier: Classifier,
    version: Arc<str>,
}

thread_local! {
    static MODEL: RefCell<Option<Rc<Model>>> = const { RefCell::new(None) };
}

/// Load the embedded weights, unless there are others. Returns whether it worked.
pub fn load() -> bool {
    with_classifier(|_| ()).is_some()
}

/// Classify a blank image, so that the first stroke doesn't wait for what is done once.
pub fn warm_up() {
    with_classifier(|classifier| classifier.classify(&[ModelInput([0.0; classifier::PIXELS])]));
}

/// Read with other weights from now on. Returns whether they can be loaded; if not, nothing changes.
pub fn replace(version: &str, weights: &[u8]) -> bool {
    put(version, Classifier::from_bytes(weights, Backend::Flex).ok()).is_some()
}

/// Read with the embedded weights from now on.
pub fn restore() -> bool {
    embedded().is_some()
}

/// The version of the weights.
pub fn version() -> Arc<str> {
    let version = MODEL.with_borrow(|model| Some(Arc::clone(&model.as_ref()?.version)));
    version.unwrap_or_else(|| classifier::model_version().into())
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
    let model = MODEL.with_borrow(Clone::clone).or_else(embedded)?;
    Some(work(&model.classifier))
}

fn embedded() -> Option<Rc<Model>> {
    put(classifier::model_version(), Classifier::load(Backend::Flex).ok())
}

fn put(version: &str, classifier: Option<Classifier>) -> Option<Rc<Model>> {
    let model = Rc::new(Model {
        classifier: classifier?,
        version: version.into(),
    });
    MODEL.set(Some(Rc::clone(&model)));
    Some(model)
}
