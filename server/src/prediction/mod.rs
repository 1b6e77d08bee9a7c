//! From the bytes of an upload to a prediction: cache, decode, preprocess, batch.
//!
//! Everything here is bounded: the memory of uploads, the images being decoded or waiting, the inference queue and the
//! cache. What doesn't fit fails at once with [`PredictError::Overloaded`]. Dropping the future cancels its work.

mod batcher;
mod cache;
pub mod decode;
mod decoder;
mod gif;
mod jpeg;
mod png;
mod upload;

use std::{io, sync::Arc, time::Duration};

use classifier::{
    Backend, Classifier, Line, LoadError, ModelInput, Notice, Numbers, Prediction, Reading,
    preprocess::{Area, WrittenLine, candidates, lines},
};

use tokio::time::sleep;

pub use batcher::{Entered, LoadedModel, Model, ModelState};
pub(crate) use upload::UploadMemory;
pub use upload::{Upload, UploadError};

use crate::{
    metrics::{Metrics, Source},
    settings::Settings,
};
use batcher::{BatchError, Batcher, InProgress};
use cache::Cache;
use decode::DecodeError;
use decoder::{Decoder, DecoderError};

/// How long what isn't urgent waits while requests are in progress, and how often. Then it goes on, because a request is in
/// progress for as long as its upload takes.
const PAUSE: Duration = Duration::from_millis(10);
const MAX_PAUSES: u32 = 10;

/// The prediction pipeline; cheap to clone.
#[derive(Clone)]
pub struct Predictor(Arc<Inner>);

struct Inner {
    upload_memory: UploadMemory,
    cache: Cache<Outcome>,
    numbers: Cache<NumberOutcome>,
    decoder: Decoder,
    batcher: Batcher,
    requests: InProgress,
    metrics: Metrics,
}

/// The result for one image.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The model's output for the digit.
    pub prediction: Prediction,
    /// Where the digit was found, in the image's pixels.
    pub area: Option<Area>,
    /// What should be said beside the digit.
    pub notice: Option<Notice>,
    /// The version of the model.
    pub model: Arc<str>,
    /// Whether it was found in the cache.
    pub cached: bool,
    /// The model's input as 28 x 28 bytes, row by row; 0 is paper, 255 is ink.
    pub grid: Arc<[u8]>,
}

/// The result for one image with a number.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberOutcome {
    /// The numbers.
    pub numbers: Arc<Numbers>,
    /// The version of the model.
    pub model: Arc<str>,
    /// Whether they were found in the cache.
    pub cached: bool,
    /// The first line of writing reduced to 28 x 28 bytes, row by row; 0 is paper, 255 is ink.
    pub grid: Arc<[u8]>,
}

/// Why there is no prediction.
#[derive(Debug, thiserror::Error)]
pub enum PredictError {
    /// The upload memory or a queue is full.
    #[error("overloaded")]
    Overloaded,
    /// The bytes are not a PNG, JPEG or GIF, or a damaged one.
    #[error("the image can't be read")]
    Unreadable(#[source] image::ImageError),
    /// The file is of a known type, but not a PNG, JPEG or GIF.
    #[error("the file is of another type: {0}")]
    OtherType(&'static str),
    /// The image exceeds the pixel or memory limit.
    #[error("the image is too large")]
    TooLarge,
    /// An internal error, with its reason for the log.
    #[error("{0}")]
    Internal(String),
}

impl Predictor {
    /// Starts the inference thread, which first loads the model.
    ///
    /// # Errors
    ///
    /// When the thread can't be spawned.
    pub fn start<L>(settings: &Settings, metrics: &Metrics, load: L) -> io::Result<Self>
    where
        L: FnOnce() -> Result<LoadedModel, String> + Send + 'static,
    {
        let requests = InProgress::default();
        Ok(Self(Arc::new(Inner {
            upload_memory: UploadMemory::new(settings.upload.upload_memory_bytes, settings.upload.max_upload_bytes),
            cache: Cache::new(settings.cache.cache_entries),
            numbers: Cache::new(settings.cache.cache_entries),
            decoder: Decoder::new(&settings.decode, metrics),
            batcher: Batcher::start(&settings.inference, metrics, &requests, load)?,
            requests,
            metrics: metrics.clone(),
        })))
    }

    /// The model that answers a request that begins now. Waits while the first one is being loaded.
    ///
    /// # Errors
    ///
    /// [`PredictError::Internal`] if none could be loaded.
    pub(crate) async fn model(&self) -> Result<Arc<LoadedModel>, PredictError> {
        Ok(self.0.batcher.model().await?)
    }

    /// From now on `model` answers the requests that begin.
    pub(crate) fn replace_model(&self, model: LoadedModel) {
        self.0.batcher.replace(model);
    }

    /// The version of the model that answers; that of the shipped one until a model is loaded.
    pub fn version(&self) -> Arc<str> {
        self.0
            .batcher
            .version()
            .unwrap_or_else(|| classifier::model_version().into())
    }

    /// Whether the model is loaded.
    pub fn model_state(&self) -> ModelState {
        self.0.batcher.state()
    }

    /// Entries in the caches.
    pub fn cache_entries(&self) -> u64 {
        self.0.cache.entries() + self.0.numbers.entries()
    }

    /// Images that wait for inference.
    pub fn queue_depth(&self) -> usize {
        self.0.batcher.queue_depth()
    }

    /// Counts a request as in progress until the result is dropped.
    pub fn enter(&self) -> Entered {
        self.0.requests.enter()
    }

    /// What makes uploads, within their limits.
    pub(crate) fn uploads(&self) -> &UploadMemory {
        &self.0.upload_memory
    }

    /// An empty upload, to be filled as its bytes arrive.
    pub fn upload(&self) -> Upload {
        self.0.upload_memory.upload()
    }

    /// Predicts the digit of an uploaded image, or returns the cached outcome for the same bytes.
    ///
    /// # Errors
    ///
    /// [`PredictError`]; without delay when a queue is full.
    pub async fn predict(&self, upload: Upload) -> Result<Outcome, PredictError> {
        let Inner {
            cache,
            decoder,
            batcher,
            metrics,
            ..
        } = &*self.0;
        // One model for the whole request.
        let model = batcher.model().await?;
        let digest = upload.digest(&model.version);
        if let Some(outcome) = cache.get(&digest) {
            metrics.predicted(outcome.prediction.digit(), Source::Cache, &model.version);
            return Ok(Outcome {
                cached: true,
                ..outcome
            });
        }
        let (decoded, waited) = decoder.decode(upload, candidates).await?;
        let candidates = decoded.found;
        let mut first: Vec<ModelInput> = candidates.iter().map(|candidate| candidate.input.clone()).collect();
        let others = first.split_off(first.len().min(1));
        let mut predictions = batcher.predict(&model, first, waited).await?;
        if !Reading::first_is_enough(&candidates, &predictions) {
            predictions.extend(batcher.predict(&model, others, Duration::ZERO).await?);
        }
        let mut reading = Reading::best(&candidates, &predictions);
        // Where there are several digits already, the lines would change nothing that is answered.
        if reading.notice == Some(Notice::NotADigit) {
            let lines = decoder.lines(decoded.picture).await?;
            reading = reading.with_lines(self.read_lines(&model, &lines, Duration::ZERO).await?);
        }
        metrics.predicted(reading.prediction.digit(), Source::Model, &model.version);
        metrics.confidence(reading.prediction.probability(), &model.version);
        let outcome = Outcome {
            grid: to_bytes(&reading.input),
            prediction: reading.prediction,
            area: reading.area,
            notice: reading.notice,
            model: Arc::clone(&model.version),
            cached: false,
        };
        cache.insert(digest, outcome.clone());
        Ok(outcome)
    }

    /// Predicts the numbers on an uploaded image, or returns the cached outcome for the same bytes.
    ///
    /// # Errors
    ///
    /// [`PredictError`]; without delay when a queue is full.
    pub async fn predict_number(&self, upload: Upload) -> Result<NumberOutcome, PredictError> {
        let Inner {
            numbers: cache,
            decoder,
            batcher,
            metrics,
            ..
        } = &*self.0;
        let model = batcher.model().await?;
        let digest = upload.digest(&model.version);
        let count = |numbers: &Numbers, source| {
            numbers
                .digits()
                .for_each(|digit| metrics.predicted(digit, source, &model.version));
        };
        if let Some(outcome) = cache.get(&digest) {
            count(&outcome.numbers, Source::Cache);
            return Ok(NumberOutcome {
                cached: true,
                ..outcome
            });
        }
        let (decoded, waited) = decoder.decode(upload, lines).await?;
        let lines = decoded.found;
        let numbers = Numbers::of(self.read_lines(&model, &lines, waited).await?);
        count(&numbers, Source::Model);
        metrics.confidence(numbers.probability, &model.version);
        let blank = ModelInput([0.0; classifier::PIXELS]);
        let outcome = NumberOutcome {
            numbers: Arc::new(numbers),
            model: Arc::clone(&model.version),
            cached: false,
            grid: to_bytes(lines.first().map_or(&blank, |line| &line.reduced)),
        };
        cache.insert(digest, outcome.clone());
        Ok(outcome)
    }

    /// Predicts the digits of images that are inputs of the network already: as they are, without a search or the cache.
    ///
    /// # Errors
    ///
    /// [`PredictError`]; without delay when the queue is full.
    pub async fn infer(&self, inputs: Vec<ModelInput>) -> Result<Vec<Outcome>, PredictError> {
        let Inner { batcher, metrics, .. } = &*self.0;
        let grids: Vec<_> = inputs.iter().map(to_bytes).collect();
        let images = inputs.len();
        let model = batcher.model().await?;
        let predictions = batcher.predict_all(&model, inputs, images, Duration::ZERO).await?;
        let outcome = |(prediction, grid): (Prediction, _)| {
            metrics.predicted(prediction.digit(), Source::Model, &model.version);
            metrics.confidence(prediction.probability(), &model.version);
            Outcome {
                prediction,
                area: None,
                notice: None,
                model: Arc::clone(&model.version),
                cached: false,
                grid,
            }
        };
        Ok(predictions.into_iter().zip(grids).map(outcome).collect())
    }

    /// Predicts with `model` as [`Predictor::infer`] does, if possible while no request is in progress, and without counting it
    /// as a prediction.
    ///
    /// # Errors
    ///
    /// [`PredictError`]; without delay when the queue is full.
    pub(crate) async fn infer_when_idle(
        &self,
        model: &Arc<LoadedModel>,
        inputs: Vec<ModelInput>,
    ) -> Result<Vec<Prediction>, PredictError> {
        let Inner { batcher, requests, .. } = &*self.0;
        for _ in 0..MAX_PAUSES {
            if requests.count() == 0 {
                break;
            }
            sleep(PAUSE).await;
        }
        let images = inputs.len();
        Ok(batcher.predict_all(model, inputs, images, Duration::ZERO).await?)
    }

    /// Reads an upload that isn't an image with a function that is CPU-bound.
    ///
    /// # Errors
    ///
    /// [`PredictError`]; without delay when the decode queue is full.
    pub async fn read<T: Send + 'static>(
        &self,
        upload: Upload,
        read: impl FnOnce(&[u8]) -> T + Send + 'static,
    ) -> Result<T, PredictError> {
        Ok(self.0.decoder.read(upload, read).await?)
    }

    /// The likeliest reading of each line, whose image waited for `waited` already.
    async fn read_lines(
        &self,
        model: &Arc<LoadedModel>,
        lines: &[WrittenLine],
        waited: Duration,
    ) -> Result<Vec<Line>, BatchError> {
        let inputs = lines.iter().flat_map(WrittenLine::inputs).cloned().collect();
        let predictions = self.0.batcher.predict(model, inputs, waited).await?;
        Ok(Line::best_of_each(lines, &predictions))
    }
}

/// The input as bytes: 0 is paper, 255 is ink.
fn to_bytes(input: &ModelInput) -> Arc<[u8]> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rounded: the ink is from 0 to 1"
    )]
    let bytes = input.0.map(|ink| (ink * 255.0 + 0.5) as u8);
    Arc::from(bytes.as_slice())
}

impl LoadedModel {
    /// A network for the server. A first forward pass does the lazy initialisation before the first request.
    pub(crate) fn new(version: impl Into<Arc<str>>, classifier: Classifier, backend: Backend) -> Self {
        classifier.classify(&[ModelInput([0.0; classifier::PIXELS])]);
        Self {
            version: version.into(),
            predict: Box::new(move |inputs| classifier.classify(inputs)),
            is_quick: backend == Backend::Flex,
        }
    }

    /// The shipped weights on `backend`.
    pub(crate) fn shipped(backend: Backend) -> Result<Self, LoadError> {
        let classifier = Classifier::load(backend)?;
        Ok(Self::new(classifier::model_version(), classifier, backend))
    }

    /// Another model in place of the shipped one, for tests.
    pub(crate) fn in_place_of_shipped(predict: Model) -> Self {
        Self {
            version: classifier::model_version().into(),
            predict,
            is_quick: false,
        }
    }
}

impl From<DecoderError> for PredictError {
    fn from(error: DecoderError) -> Self {
        match error {
            DecoderError::Overloaded => Self::Overloaded,
            DecoderError::Decode(DecodeError::Unreadable(cause)) => Self::Unreadable(cause),
            DecoderError::Decode(DecodeError::OtherType(found)) => Self::OtherType(found),
            DecoderError::Decode(DecodeError::TooLarge) => Self::TooLarge,
            DecoderError::Internal(cause) => Self::Internal(cause),
        }
    }
}

impl From<BatchError> for PredictError {
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::Overloaded => Self::Overloaded,
            BatchError::Internal(cause) => Self::Internal(cause),
        }
    }
}
