//! The inference thread and its bounded queue: each forward pass takes the images that are waiting, up to the batch
//! size, and never waits for a batch to fill.
//!
//! Each input comes with the model of its request. The model can be replaced at any time: requests that began before are
//! still answered by the one that they began with, and no forward pass has two.
//!
//! A quick model predicts few inputs on the thread of their request: waking another thread takes as long. The number of
//! requests in progress tells whether the processor has other work: a batch that has all of them is split among the cores.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use classifier::{ModelInput, Prediction};
use tokio::sync::watch;
use tracing::{error, info};

use crate::{
    metrics::{Metrics, Stage},
    settings::InferenceSettings,
    util::{BatchReceiver, BatchReply, BatchSender, Entry, QueueError, batch_queue, panic_message},
};

/// Predicts a batch of inputs; the predictions are in the same order.
pub type Model = Box<dyn Fn(&[ModelInput]) -> Vec<Prediction> + Send + Sync>;

/// A model that can predict.
pub struct LoadedModel {
    /// Its version.
    pub(crate) version: Arc<str>,
    pub(crate) predict: Model,
    /// Whether it is quick enough to be called on the thread of a request: one image takes a fraction of a millisecond.
    pub(crate) is_quick: bool,
}

/// Inputs for which another thread is worth its start.
const IMAGES_PER_THREAD: usize = 8;

/// Whether predictions are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelState {
    /// The model is being loaded.
    Loading,
    /// The model is loaded.
    Ready,
    /// The model couldn't be loaded, or the inference thread has ended.
    Missing,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum BatchError {
    /// The queue is full.
    Overloaded,
    /// The model failed, or none is loaded.
    Internal(String),
}

/// The model that answers new requests.
enum Current {
    Loading,
    Ready(Arc<LoadedModel>),
    Missing,
}

/// The inputs of one request in the queue.
struct Job {
    model: Arc<LoadedModel>,
    inputs: Vec<ModelInput>,
    /// The images that they are of.
    images: usize,
    queued_at: Instant,
    /// How long it had waited for the decoder.
    waited: Duration,
}

type Reply = Result<Vec<Prediction>, BatchError>;

/// The requests in progress: those between [`InProgress::enter`] and the end of what it returned.
#[derive(Clone, Default)]
pub(super) struct InProgress(Arc<AtomicUsize>);

/// A request in progress, until it is dropped.
pub struct Entered(InProgress);

impl InProgress {
    pub(super) fn enter(&self) -> Entered {
        self.0.fetch_add(1, Ordering::Relaxed);
        Entered(self.clone())
    }

    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The sending side of the queue; the inference thread ends when this is dropped.
pub(super) struct Batcher {
    queue: BatchSender<Job, Reply>,
    current: watch::Sender<Current>,
    metrics: Metrics,
}

impl Batcher {
    /// Starts the inference thread, which first loads the model, so that the caller doesn't wait for it.
    pub(super) fn start<L>(
        settings: &InferenceSettings,
        metrics: &Metrics,
        requests: &InProgress,
        load: L,
    ) -> io::Result<Self>
    where
        L: FnOnce() -> Result<LoadedModel, String> + Send + 'static,
    {
        let (queue, mut jobs) = batch_queue(settings.queue_length, settings.batch_size);
        let current = watch::Sender::new(Current::Loading);
        let batcher = Self {
            queue,
            current: current.clone(),
            metrics: metrics.clone(),
        };
        let (counted, requests) = (metrics.clone(), requests.clone());
        thread::Builder::new().name("inference".to_owned()).spawn(move || {
            match catch_unwind(AssertUnwindSafe(load)).unwrap_or_else(|panic| Err(panic_message(&*panic))) {
                Ok(model) => {
                    info!("Modelo cargado: {} ({}).", model.version, classifier::instruction_set());
                    counted.model_answers(&model.version);
                    current.send_if_modified(|current| {
                        // It may have been replaced already.
                        let is_first = matches!(current, Current::Loading);
                        if is_first {
                            *current = Current::Ready(Arc::new(model));
                        }
                        is_first
                    });
                    run(&mut jobs, &counted, &requests);
                }
                Err(cause) => error!("No se pudo cargar el modelo: {cause}"),
            }
            current.send_replace(Current::Missing);
        })?;
        Ok(batcher)
    }

    /// The model that answers a request that begins now. Waits while the first one is being loaded.
    pub(super) async fn model(&self) -> Result<Arc<LoadedModel>, BatchError> {
        let mut current = self.current.subscribe();
        let current = current.wait_for(|current| !matches!(current, Current::Loading)).await;
        match current.as_deref() {
            Ok(Current::Ready(model)) => Ok(Arc::clone(model)),
            _ => Err(no_model()),
        }
    }

    /// The version of the model that answers now; `None` while there is none.
    pub(super) fn version(&self) -> Option<Arc<str>> {
        match &*self.current.borrow() {
            Current::Ready(model) => Some(Arc::clone(&model.version)),
            Current::Loading | Current::Missing => None,
        }
    }

    /// From now on `model` answers the requests that begin. Does nothing if no model could be loaded before: the inference
    /// thread has ended then.
    pub(super) fn replace(&self, model: LoadedModel) {
        self.metrics.model_answers(&model.version);
        self.current.send_if_modified(|current| {
            let is_running = !matches!(current, Current::Missing);
            if is_running {
                *current = Current::Ready(Arc::new(model));
            }
            is_running
        });
    }

    /// The number of requests that wait.
    pub(super) fn queue_depth(&self) -> usize {
        self.queue.depth()
    }

    pub(super) fn state(&self) -> ModelState {
        match *self.current.borrow() {
            Current::Loading => ModelState::Loading,
            Current::Ready(_) => ModelState::Ready,
            Current::Missing => ModelState::Missing,
        }
    }

    /// Predicts the inputs of one image; `waited` is the time it has already waited for the decoder. Dropped while queued,
    /// it is skipped.
    pub(super) async fn predict(
        &self,
        model: &Arc<LoadedModel>,
        inputs: Vec<ModelInput>,
        waited: Duration,
    ) -> Result<Vec<Prediction>, BatchError> {
        self.predict_all(model, inputs, 1, waited).await
    }

    /// As [`Batcher::predict`], for the inputs of several images.
    pub(super) async fn predict_all(
        &self,
        model: &Arc<LoadedModel>,
        inputs: Vec<ModelInput>,
        images: usize,
        waited: Duration,
    ) -> Result<Vec<Prediction>, BatchError> {
        if inputs.is_empty() {
            return Ok(Vec::new());
        }
        if inputs.len() <= IMAGES_PER_THREAD && model.is_quick {
            self.metrics.stage_of_each(Stage::Queue, waited, images);
            return predict_batch(&model.predict, &inputs, images, 1, &self.metrics).map_err(BatchError::Internal);
        }
        let job = Job {
            model: Arc::clone(model),
            inputs,
            images,
            queued_at: Instant::now(),
            waited,
        };
        self.queue.submit(job).await.unwrap_or_else(|error| {
            Err(match error {
                QueueError::Full => BatchError::Overloaded,
                QueueError::Closed => no_model(),
            })
        })
    }
}

fn no_model() -> BatchError {
    BatchError::Internal("no model is loaded".to_owned())
}

/// What of a batch one model predicts in one forward pass.
struct Pass {
    model: Arc<LoadedModel>,
    inputs: Vec<ModelInput>,
    images: usize,
    /// The number of inputs of each request.
    replies: Vec<(usize, BatchReply<Reply>)>,
}

/// The inference loop: runs until the sending side is dropped.
fn run(jobs: &mut BatchReceiver<Job, Reply>, metrics: &Metrics, requests: &InProgress) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    while let Some(batch) = jobs.blocking_next() {
        for Pass {
            model,
            inputs,
            images,
            replies,
        } in passes(batch, metrics)
        {
            let threads = if requests.count() == replies.len() { cores } else { 1 };
            let result = predict_batch(&model.predict, &inputs, images, threads, metrics);
            let mut start = 0;
            for (count, reply) in replies {
                reply.send(match &result {
                    Ok(predictions) => Ok(predictions[start..start + count].to_vec()),
                    Err(cause) => Err(BatchError::Internal(cause.clone())),
                });
                start += count;
            }
        }
    }
}

/// A pass for each model: one, unless the model was replaced while requests waited.
fn passes(batch: Vec<Entry<Job, Reply>>, metrics: &Metrics) -> Vec<Pass> {
    let mut passes: Vec<Pass> = Vec::new();
    for Entry { item, reply } in batch {
        if reply.is_abandoned() {
            continue;
        }
        metrics.stage_of_each(Stage::Queue, item.waited + item.queued_at.elapsed(), item.images);
        let place = passes.iter().position(|pass| Arc::ptr_eq(&pass.model, &item.model));
        let place = place.unwrap_or_else(|| {
            passes.push(Pass {
                model: item.model,
                inputs: Vec::new(),
                images: 0,
                replies: Vec::new(),
            });
            passes.len() - 1
        });
        let pass = &mut passes[place];
        pass.images += item.images;
        pass.replies.push((item.inputs.len(), reply));
        pass.inputs.extend(item.inputs);
    }
    passes
}

/// One forward pass for `images` images on at most `threads` threads; as many predictions as inputs, or the reason for the
/// log.
fn predict_batch(
    model: &Model,
    inputs: &[ModelInput],
    images: usize,
    threads: usize,
    metrics: &Metrics,
) -> Result<Vec<Prediction>, String> {
    let start = Instant::now();
    // Inference doesn't modify the model, so a panic can't leave it in an inconsistent state.
    let predictions = catch_unwind(AssertUnwindSafe(|| predict_on(model, inputs, threads)));
    let took = start.elapsed();
    metrics.batch(images);
    // The duration of the batch is the duration for each image in it.
    metrics.stage_of_each(Stage::Infer, took, images);
    let predictions = predictions.map_err(|panic| panic_message(&*panic))?;
    if predictions.len() == inputs.len() {
        Ok(predictions)
    } else {
        Err(format!(
            "the model gave {} readings for {} pictures",
            predictions.len(),
            inputs.len()
        ))
    }
}

fn predict_on(model: &Model, inputs: &[ModelInput], threads: usize) -> Vec<Prediction> {
    let share = inputs.len().div_ceil(threads).max(IMAGES_PER_THREAD);
    if share >= inputs.len() {
        return model(inputs);
    }
    let (own, others) = inputs.split_at(share);
    thread::scope(|scope| {
        let others: Vec<_> = others.chunks(share).map(|part| scope.spawn(|| model(part))).collect();
        let mut predictions = model(own);
        for other in others {
            predictions.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        predictions
    })
}

#[cfg(test)]
mod tests;
