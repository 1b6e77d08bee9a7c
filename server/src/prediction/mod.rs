//! From bytes to an answer: cache, decode, frame, batch. One way, no step back.
//!
//! Everything here is bounded: the memory of uploads, the pictures decoded and waiting, the queue before inference,
//! the cache. What doesn't fit is refused at once as [`PredictError::Overloaded`]; whoever stops waiting takes his
//! work away with him.

mod batcher;
mod cache;
pub mod decode;
mod decoder;
mod upload;

use std::sync::Arc;

use classifier::{Classifier, ModelInput, Prediction};

pub use batcher::{BatchError, Model, ModelState};
pub use upload::{Upload, UploadFull};

use crate::{
    metrics::{Metrics, Source},
    settings::Settings,
};
use batcher::Batcher;
use cache::Cache;
use decode::DecodeError;
use decoder::{Decoder, DecoderError};
use upload::Uploads;

/// The whole way from an upload to an answer; cheap to clone.
#[derive(Clone)]
pub struct Predictor(Arc<Parts>);

struct Parts {
    uploads: Uploads,
    cache: Cache,
    decoder: Decoder,
    batcher: Batcher,
    metrics: Metrics,
}

/// What was read of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The network's answer.
    pub reading: Prediction,
    /// No stroke was found on the picture.
    pub blank: bool,
    /// What the network saw: 28x28 bytes, ink bright.
    pub picture: Arc<[u8]>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum PredictError {
    /// As much waits as is allowed to.
    #[error("as much waits as is allowed to")]
    Overloaded,
    /// The bytes are no picture that can be read.
    #[error("the picture can't be read")]
    Unreadable(#[source] image::ImageError),
    /// The picture needs more than is given to one.
    #[error("the picture is too large")]
    TooLarge,
    /// Something broke on our side.
    #[error("{0}")]
    Broken(String),
}

impl Predictor {
    /// Start the inference thread, which loads the shipped weights.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn start(settings: &Settings, metrics: &Metrics) -> std::io::Result<Self> {
        let backend = settings.inference.inference_device;
        Self::start_with(settings, metrics, move || load_shipped(backend))
    }

    /// Start the inference thread with a model of the caller's, as tests do.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn start_with<L>(settings: &Settings, metrics: &Metrics, load: L) -> std::io::Result<Self>
    where
        L: FnOnce() -> Result<Model, String> + Send + 'static,
    {
        Ok(Self(Arc::new(Parts {
            uploads: Uploads::new(settings.upload.upload_memory_bytes),
            cache: Cache::new(settings.cache.cache_entries),
            decoder: Decoder::new(&settings.decode, metrics),
            batcher: Batcher::start(&settings.inference, metrics, load)?,
            metrics: metrics.clone(),
        })))
    }

    /// Whether there is a model to read with.
    pub fn model_state(&self) -> ModelState {
        self.0.batcher.state()
    }

    /// Answers remembered.
    pub fn cache_entries(&self) -> u64 {
        self.0.cache.entries()
    }

    /// An upload to be filled as its bytes arrive.
    pub fn upload(&self) -> Upload {
        self.0.uploads.open()
    }

    /// The answer to an upload of the very same bytes, if one is remembered.
    pub fn remembered(&self, upload: &Upload) -> Option<Answer> {
        let answer = self.0.cache.get(&upload.digest())?;
        self.0.metrics.predicted(answer.reading.digit(), Source::Cache);
        Some(answer)
    }

    /// Read an upload's picture, and remember the answer.
    ///
    /// # Errors
    ///
    /// [`PredictError`], at once when too much waits already.
    pub async fn predict(&self, upload: Upload) -> Result<Answer, PredictError> {
        let digest = upload.digest();
        let (framed, waited) = self.0.decoder.decode(upload).await?;
        let picture = as_bytes(&framed.input);
        let reading = self.0.batcher.read(framed.input, waited).await?;
        self.0.metrics.predicted(reading.digit(), Source::Model);
        self.0.metrics.confidence(reading.probability());
        let answer = Answer {
            reading,
            blank: framed.blank,
            picture,
        };
        self.0.cache.insert(digest, answer.clone());
        Ok(answer)
    }
}

/// A picture as it is kept: its brightness from 0 to 255.
fn as_bytes(picture: &ModelInput) -> Arc<[u8]> {
    let byte = |ink: &f32| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to 255 after clamping"
        )]
        let byte = (ink * 255.0).round().clamp(0.0, 255.0) as u8;
        byte
    };
    picture.0.iter().map(byte).collect()
}

/// The shipped weights on `backend`, warmed by a first reading, so that the first visitor doesn't pay for it.
fn load_shipped(backend: classifier::Backend) -> Result<Model, String> {
    let classifier = Classifier::load(backend).map_err(|error| error.to_string())?;
    classifier.classify(&[ModelInput([0.0; classifier::PIXELS])]);
    Ok(Box::new(move |pictures| classifier.classify(pictures)))
}

impl From<DecoderError> for PredictError {
    fn from(error: DecoderError) -> Self {
        match error {
            DecoderError::Overloaded => Self::Overloaded,
            DecoderError::Refused(DecodeError::Unreadable(cause)) => Self::Unreadable(cause),
            DecoderError::Refused(DecodeError::TooLarge) => Self::TooLarge,
            DecoderError::Broken(cause) => Self::Broken(cause),
        }
    }
}

impl From<BatchError> for PredictError {
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::Overloaded => Self::Overloaded,
            BatchError::Broken(cause) => Self::Broken(cause),
        }
    }
}

/// What a panic said, for the log.
fn panic_reason(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a reason").to_owned()
}
