//! The inference thread and its bounded queue: each forward pass takes the images that are waiting, up to the batch
//! size, and never waits for a batch to fill.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread,
    time::{Duration, Instant},
};

use classifier::{ModelInput, Prediction};
use tokio::sync::{oneshot, watch};
use tracing::{error, info};

use crate::{
    metrics::{Metrics, Stage},
    settings::InferenceSettings,
    util::panic_message,
};

/// Predicts a batch of inputs; the predictions are in the same order.
pub type Model = Box<dyn Fn(&[ModelInput]) -> Vec<Prediction> + Send>;

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

/// An input in the queue.
struct Job {
    input: ModelInput,
    queued_at: Instant,
    /// How long it had waited for the decoder.
    waited: Duration,
    reply: oneshot::Sender<Result<Prediction, BatchError>>,
}

/// The sending side of the queue; the inference thread ends when this is dropped.
pub(super) struct Batcher {
    queue: SyncSender<Job>,
    state: watch::Receiver<ModelState>,
    metrics: Metrics,
}

impl Batcher {
    /// Starts the inference thread, which first loads the model, so that the caller doesn't wait for it.
    pub(super) fn start<L>(settings: &InferenceSettings, metrics: &Metrics, load: L) -> io::Result<Self>
    where
        L: FnOnce() -> Result<Model, String> + Send + 'static,
    {
        let (queue, jobs) = sync_channel(settings.queue_length);
        let (state, observed) = watch::channel(ModelState::Loading);
        let batch_size = settings.batch_size;
        let counted = metrics.clone();
        thread::Builder::new().name("inference".to_owned()).spawn(move || {
            match catch_unwind(AssertUnwindSafe(load)).unwrap_or_else(|panic| Err(panic_message(&*panic))) {
                Ok(model) => {
                    info!("Modelo cargado: {}.", classifier::model_version());
                    state.send_replace(ModelState::Ready);
                    run(&jobs, &model, batch_size, &counted);
                }
                Err(cause) => error!("No se pudo cargar el modelo: {cause}"),
            }
            state.send_replace(ModelState::Missing);
            drop(jobs);
            counted.queue_ended();
        })?;
        Ok(Self {
            queue,
            state: observed,
            metrics: metrics.clone(),
        })
    }

    pub(super) fn state(&self) -> ModelState {
        *self.state.borrow()
    }

    /// Predicts one input; `waited` is the time it has already waited for the decoder. Dropped while queued, it is
    /// skipped.
    pub(super) async fn predict(&self, input: ModelInput, waited: Duration) -> Result<Prediction, BatchError> {
        let (reply, result) = oneshot::channel();
        let job = Job {
            input,
            queued_at: Instant::now(),
            waited,
            reply,
        };
        // Incremented before sending, so that the thread can't decrement it first.
        self.metrics.queued();
        self.queue.try_send(job).map_err(|error| {
            self.metrics.dequeued();
            match error {
                TrySendError::Full(_) => BatchError::Overloaded,
                TrySendError::Disconnected(_) => no_model(),
            }
        })?;
        result.await.unwrap_or_else(|_| Err(no_model()))
    }
}

fn no_model() -> BatchError {
    BatchError::Internal("no model is loaded".to_owned())
}

/// The inference loop: runs until the sending side is dropped.
fn run(jobs: &Receiver<Job>, model: &Model, batch_size: usize, metrics: &Metrics) {
    while let Ok(first) = jobs.recv() {
        let waiting = std::iter::once(first).chain(jobs.try_iter()).take(batch_size);
        let (inputs, replies): (Vec<_>, Vec<_>) = waiting
            .inspect(|_| metrics.dequeued())
            .filter(|job| !job.reply.is_closed())
            .map(|job| {
                metrics.stage(Stage::Queue, job.waited + job.queued_at.elapsed());
                (job.input, job.reply)
            })
            .unzip();
        let start = Instant::now();
        let result = predict_batch(model, &inputs);
        let took = start.elapsed();
        if !inputs.is_empty() {
            metrics.batch(inputs.len());
            // The duration of the batch is the duration for each image in it.
            for _ in &inputs {
                metrics.stage(Stage::Infer, took);
            }
        }
        for (index, reply) in replies.into_iter().enumerate() {
            let result = match &result {
                Ok(predictions) => Ok(predictions[index]),
                Err(cause) => Err(BatchError::Internal(cause.clone())),
            };
            // An error means that the request was cancelled.
            let _cancelled = reply.send(result);
        }
    }
}

/// One forward pass; as many predictions as inputs, or the reason for the log.
fn predict_batch(model: &Model, inputs: &[ModelInput]) -> Result<Vec<Prediction>, String> {
    if inputs.is_empty() {
        return Ok(Vec::new());
    }
    // Inference doesn't modify the model, so a panic can't leave it in an inconsistent state.
    let predictions = catch_unwind(AssertUnwindSafe(|| model(inputs))).map_err(|panic| panic_message(&*panic))?;
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

#[cfg(test)]
mod tests;
