//! The inference thread and its bounded queue: each forward pass takes the images that are waiting, up to the batch
//! size, and never waits for a batch to fill.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
    time::{Duration, Instant},
};

use classifier::{ModelInput, Prediction};
use tokio::sync::watch;
use tracing::{error, info};

use crate::{
    metrics::{Metrics, Stage},
    settings::InferenceSettings,
    util::{BatchReceiver, BatchSender, Entry, QueueError, batch_queue, panic_message},
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
}

type Reply = Result<Prediction, BatchError>;

/// The sending side of the queue; the inference thread ends when this is dropped.
pub(super) struct Batcher {
    queue: BatchSender<Job, Reply>,
    state: watch::Receiver<ModelState>,
}

impl Batcher {
    /// Starts the inference thread, which first loads the model, so that the caller doesn't wait for it.
    pub(super) fn start<L>(settings: &InferenceSettings, metrics: &Metrics, load: L) -> io::Result<Self>
    where
        L: FnOnce() -> Result<Model, String> + Send + 'static,
    {
        let (queue, mut jobs) = batch_queue(settings.queue_length, settings.batch_size);
        let (state, observed) = watch::channel(ModelState::Loading);
        let counted = metrics.clone();
        thread::Builder::new().name("inference".to_owned()).spawn(move || {
            match catch_unwind(AssertUnwindSafe(load)).unwrap_or_else(|panic| Err(panic_message(&*panic))) {
                Ok(model) => {
                    info!(
                        "Modelo cargado: {} ({}).",
                        classifier::model_version(),
                        classifier::instruction_set()
                    );
                    state.send_replace(ModelState::Ready);
                    run(&mut jobs, &model, &counted);
                }
                Err(cause) => error!("No se pudo cargar el modelo: {cause}"),
            }
            state.send_replace(ModelState::Missing);
        })?;
        Ok(Self { queue, state: observed })
    }

    /// The number of inputs that wait.
    pub(super) fn queue_depth(&self) -> usize {
        self.queue.depth()
    }

    pub(super) fn state(&self) -> ModelState {
        *self.state.borrow()
    }

    /// Predicts one input; `waited` is the time it has already waited for the decoder. Dropped while queued, it is
    /// skipped.
    pub(super) async fn predict(&self, input: ModelInput, waited: Duration) -> Result<Prediction, BatchError> {
        let job = Job {
            input,
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

/// The inference loop: runs until the sending side is dropped.
fn run(jobs: &mut BatchReceiver<Job, Reply>, model: &Model, metrics: &Metrics) {
    while let Some(batch) = jobs.blocking_next() {
        let (inputs, replies): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .filter(|entry| !entry.reply.is_abandoned())
            .map(|Entry { item, reply }| {
                metrics.stage(Stage::Queue, item.waited + item.queued_at.elapsed());
                (item.input, reply)
            })
            .unzip();
        if inputs.is_empty() {
            continue;
        }
        let start = Instant::now();
        let result = predict_batch(model, &inputs);
        let took = start.elapsed();
        metrics.batch(inputs.len());
        // The duration of the batch is the duration for each image in it.
        for _ in &inputs {
            metrics.stage(Stage::Infer, took);
        }
        for (index, reply) in replies.into_iter().enumerate() {
            reply.send(match &result {
                Ok(predictions) => Ok(predictions[index]),
                Err(cause) => Err(BatchError::Internal(cause.clone())),
            });
        }
    }
}

/// One forward pass; as many predictions as inputs, or the reason for the log.
fn predict_batch(model: &Model, inputs: &[ModelInput]) -> Result<Vec<Prediction>, String> {
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
