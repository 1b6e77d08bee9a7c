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
mod tests {
    use std::sync::mpsc;

    use classifier::{Backend, CLASSES, PIXELS};

    use super::*;
    use crate::settings::Settings;

    /// An input that [`echo`] predicts as `digit`.
    fn input(digit: u8) -> ModelInput {
        ModelInput([f32::from(digit); PIXELS])
    }

    fn echo(inputs: &[ModelInput]) -> Vec<Prediction> {
        let prediction = |given: &ModelInput| {
            let mut digits = 0..;
            Prediction::from_logits([(); CLASSES].map(|()| {
                if digits.next().map(input).as_ref() == Some(given) {
                    9.0
                } else {
                    0.0
                }
            }))
        };
        inputs.iter().map(prediction).collect()
    }

    fn metrics() -> Metrics {
        Metrics::new(&Settings::defaults()).unwrap()
    }

    fn batcher(queue_length: usize, batch_size: usize, model: Model) -> Batcher {
        let settings = InferenceSettings {
            inference_device: Backend::Flex,
            queue_length,
            batch_size,
        };
        Batcher::start(&settings, &metrics(), move || Ok(model)).unwrap()
    }

    /// Waits until `images` images are in the queue.
    async fn until_queued(batcher: &Batcher, images: usize) {
        let line = format!("prediction_queue_depth {images}\n");
        while !batcher.metrics.recorded().contains(&line) {
            tokio::task::yield_now().await;
        }
    }

    /// A model that reports the size of each batch, and waits for a message before it returns.
    fn stepped() -> (Model, mpsc::Receiver<usize>, mpsc::Sender<()>) {
        let (seen, sizes) = mpsc::channel();
        let (step, go) = mpsc::channel::<()>();
        let model = move |inputs: &[ModelInput]| {
            seen.send(inputs.len()).unwrap();
            go.recv().unwrap();
            echo(inputs)
        };
        (Box::new(model), sizes, step)
    }

    #[tokio::test]
    async fn a_single_image_is_predicted_at_once() {
        let batcher = batcher(4, 4, Box::new(echo));
        assert_eq!(batcher.predict(input(7), Duration::ZERO).await.unwrap().digit(), 7);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn waiting_images_share_a_batch_and_each_request_gets_its_own_result() {
        let (model, sizes, step) = stepped();
        let batcher = std::sync::Arc::new(batcher(8, 4, model));
        let request = |digit| {
            let batcher = std::sync::Arc::clone(&batcher);
            tokio::spawn(async move { batcher.predict(input(digit), Duration::ZERO).await.unwrap().digit() })
        };
        let first = request(0);
        assert_eq!(sizes.recv().unwrap(), 1);
        let others: Vec<_> = (1..=6).map(request).collect();
        until_queued(&batcher, 6).await;
        for _ in 0..3 {
            step.send(()).unwrap();
        }
        assert_eq!(first.await.unwrap(), 0);
        for (index, other) in others.into_iter().enumerate() {
            assert_eq!(usize::from(other.await.unwrap()), index + 1);
        }
        assert_eq!(sizes.try_iter().collect::<Vec<_>>(), [4, 2]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_queue_fails_at_once_and_a_cancelled_request_is_skipped() {
        let (model, sizes, step) = stepped();
        let batcher = std::sync::Arc::new(batcher(2, 2, model));
        let request = |digit| {
            let batcher = std::sync::Arc::clone(&batcher);
            tokio::spawn(async move { batcher.predict(input(digit), Duration::ZERO).await })
        };
        let running = request(1);
        assert_eq!(sizes.recv().unwrap(), 1);
        let (waiting, cancelled) = (request(2), request(3));
        until_queued(&batcher, 2).await;
        assert_eq!(
            batcher.predict(input(4), Duration::ZERO).await,
            Err(BatchError::Overloaded)
        );
        cancelled.abort();
        assert!(cancelled.await.unwrap_err().is_cancelled());
        step.send(()).unwrap();
        step.send(()).unwrap();
        assert_eq!(running.await.unwrap().unwrap().digit(), 1);
        assert_eq!(waiting.await.unwrap().unwrap().digit(), 2);
        assert_eq!(sizes.recv().unwrap(), 1, "the cancelled request was skipped");
    }

    #[tokio::test]
    async fn a_panic_becomes_an_error_and_the_thread_continues() {
        let model = |inputs: &[ModelInput]| {
            if inputs[0].0[0] > 8.5 {
                panic!("nine")
            } else {
                echo(inputs)
            }
        };
        let batcher = batcher(4, 1, Box::new(model));
        assert_eq!(
            batcher.predict(input(9), Duration::ZERO).await,
            Err(BatchError::Internal("nine".to_owned()))
        );
        assert_eq!(batcher.predict(input(3), Duration::ZERO).await.unwrap().digit(), 3);
        assert_eq!(batcher.state(), ModelState::Ready);
    }

    #[tokio::test]
    async fn without_a_model_every_request_fails() {
        let settings = InferenceSettings {
            inference_device: Backend::Flex,
            queue_length: 1,
            batch_size: 1,
        };
        let batcher = Batcher::start(&settings, &metrics(), || Err("no weights".to_owned())).unwrap();
        assert!(matches!(
            batcher.predict(input(1), Duration::ZERO).await,
            Err(BatchError::Internal(_))
        ));
        while batcher.state() == ModelState::Loading {
            tokio::task::yield_now().await;
        }
        assert_eq!(batcher.state(), ModelState::Missing);
    }
}
