//! One thread that reads pictures: it takes what waits, up to a batch, and never holds a lone one back.

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

use super::panic_reason;
use crate::{
    metrics::{Metrics, Stage},
    settings::InferenceSettings,
};

/// Reads a batch of pictures; answers in the same order.
pub type Model = Box<dyn Fn(&[ModelInput]) -> Vec<Prediction> + Send>;

/// Whether there is a model to read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelState {
    /// It is being loaded.
    Loading,
    /// It reads.
    Ready,
    /// It couldn't be loaded, or its thread has ended.
    Missing,
}

/// Why a picture wasn't read.
#[derive(Debug, PartialEq, Eq)]
pub enum BatchError {
    /// The queue is full.
    Overloaded,
    /// The model failed, or there is none.
    Broken(String),
}

/// A picture that waits, and who waits for it.
struct Job {
    picture: ModelInput,
    since: Instant,
    /// How long it waited before it came here.
    waited: Duration,
    reply: oneshot::Sender<Result<Prediction, BatchError>>,
}

/// The bounded queue before the inference thread, which ends when this is dropped.
pub(super) struct Batcher {
    queue: SyncSender<Job>,
    state: watch::Receiver<ModelState>,
    metrics: Metrics,
}

impl Batcher {
    /// Start the inference thread; it loads the model, so that the caller needn't wait for it.
    pub(super) fn start<L>(settings: &InferenceSettings, metrics: &Metrics, load: L) -> io::Result<Self>
    where
        L: FnOnce() -> Result<Model, String> + Send + 'static,
    {
        let (queue, jobs) = sync_channel(settings.queue_length);
        let (state, observed) = watch::channel(ModelState::Loading);
        let batch_size = settings.batch_size;
        let counted = metrics.clone();
        thread::Builder::new().name("inference".to_owned()).spawn(move || {
            match catch_unwind(AssertUnwindSafe(load)).unwrap_or_else(|panic| Err(panic_reason(&*panic))) {
                Ok(model) => {
                    info!("Modelo cargado: {}.", classifier::model_version());
                    state.send_replace(ModelState::Ready);
                    work(&jobs, &model, batch_size, &counted);
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

    /// Whether there is a model to read with.
    pub(super) fn state(&self) -> ModelState {
        *self.state.borrow()
    }

    /// Read one picture, which has waited elsewhere already. Dropped while it waits, it is never read.
    pub(super) async fn read(&self, picture: ModelInput, waited: Duration) -> Result<Prediction, BatchError> {
        let (reply, answer) = oneshot::channel();
        let job = Job {
            picture,
            since: Instant::now(),
            waited,
            reply,
        };
        // Counted first, so that the thread can't uncount it before.
        self.metrics.queued();
        self.queue.try_send(job).map_err(|refused| {
            self.metrics.unqueued(1);
            match refused {
                TrySendError::Full(_) => BatchError::Overloaded,
                TrySendError::Disconnected(_) => no_model(),
            }
        })?;
        answer.await.unwrap_or_else(|_| Err(no_model()))
    }
}

fn no_model() -> BatchError {
    BatchError::Broken("no model is loaded".to_owned())
}

/// Until nobody can ask any more: wait for a picture, take what else waits, read them, answer.
fn work(jobs: &Receiver<Job>, model: &Model, batch_size: usize, metrics: &Metrics) {
    while let Ok(first) = jobs.recv() {
        let waiting = std::iter::once(first).chain(jobs.try_iter()).take(batch_size);
        let (pictures, replies): (Vec<_>, Vec<_>) = waiting
            .inspect(|_| metrics.unqueued(1))
            .filter(|job| !job.reply.is_closed())
            .map(|job| {
                metrics.stage(Stage::Queue, job.waited + job.since.elapsed());
                (job.picture, job.reply)
            })
            .unzip();
        let start = Instant::now();
        let answers = read(model, &pictures);
        let took = start.elapsed();
        if !pictures.is_empty() {
            metrics.batch(pictures.len());
            // Each picture of a batch waits for the whole of it.
            for _ in &pictures {
                metrics.stage(Stage::Infer, took);
            }
        }
        for (place, reply) in replies.into_iter().enumerate() {
            let answer = match &answers {
                Ok(readings) => Ok(readings[place]),
                Err(cause) => Err(BatchError::Broken(cause.clone())),
            };
            // Whoever has gone needs no answer.
            let _gone = reply.send(answer);
        }
    }
}

/// One pass of the model; as many readings as pictures, or the reason why not.
fn read(model: &Model, pictures: &[ModelInput]) -> Result<Vec<Prediction>, String> {
    if pictures.is_empty() {
        return Ok(Vec::new());
    }
    // The model is only read from, so a panic leaves nothing half done in it.
    let readings = catch_unwind(AssertUnwindSafe(|| model(pictures))).map_err(|panic| panic_reason(&*panic))?;
    if readings.len() == pictures.len() {
        Ok(readings)
    } else {
        Err(format!(
            "the model gave {} readings for {} pictures",
            readings.len(),
            pictures.len()
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use classifier::{Backend, CLASSES, PIXELS};

    use super::*;
    use crate::settings::Settings;

    /// A picture that stands for a digit.
    fn picture(digit: u8) -> ModelInput {
        ModelInput([f32::from(digit); PIXELS])
    }

    /// Reads what [`picture`] wrote.
    fn echo(pictures: &[ModelInput]) -> Vec<Prediction> {
        let reading = |read: &ModelInput| {
            let mut digits = 0..;
            Prediction::from_logits([(); CLASSES].map(|()| {
                if digits.next().map(picture).as_ref() == Some(read) {
                    9.0
                } else {
                    0.0
                }
            }))
        };
        pictures.iter().map(reading).collect()
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

    /// A model that says how many pictures it was given, and goes on when told.
    fn stepped() -> (Model, mpsc::Receiver<usize>, mpsc::Sender<()>) {
        let (seen, sizes) = mpsc::channel();
        let (step, go) = mpsc::channel::<()>();
        let model = move |pictures: &[ModelInput]| {
            seen.send(pictures.len()).unwrap();
            go.recv().unwrap();
            echo(pictures)
        };
        (Box::new(model), sizes, step)
    }

    #[tokio::test]
    async fn a_lone_picture_is_read_at_once() {
        let batcher = batcher(4, 4, Box::new(echo));
        assert_eq!(batcher.read(picture(7), Duration::ZERO).await.unwrap().digit(), 7);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_waits_is_read_together_and_each_gets_its_own() {
        let (model, sizes, step) = stepped();
        let batcher = std::sync::Arc::new(batcher(8, 4, model));
        let ask = |digit| {
            let batcher = std::sync::Arc::clone(&batcher);
            tokio::spawn(async move { batcher.read(picture(digit), Duration::ZERO).await.unwrap().digit() })
        };
        let first = ask(0);
        assert_eq!(sizes.recv().unwrap(), 1);
        let others: Vec<_> = (1..=6).map(ask).collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        for _ in 0..3 {
            step.send(()).unwrap();
        }
        assert_eq!(first.await.unwrap(), 0);
        for (place, other) in others.into_iter().enumerate() {
            assert_eq!(usize::from(other.await.unwrap()), place + 1);
        }
        assert_eq!(sizes.try_iter().collect::<Vec<_>>(), [4, 2]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_queue_refuses_at_once_and_who_left_is_not_read() {
        let (model, sizes, step) = stepped();
        let batcher = std::sync::Arc::new(batcher(2, 2, model));
        let ask = |digit| {
            let batcher = std::sync::Arc::clone(&batcher);
            tokio::spawn(async move { batcher.read(picture(digit), Duration::ZERO).await })
        };
        let reading = ask(1);
        assert_eq!(sizes.recv().unwrap(), 1);
        let (waiting, leaving) = (ask(2), ask(3));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(
            batcher.read(picture(4), Duration::ZERO).await,
            Err(BatchError::Overloaded)
        );
        leaving.abort();
        assert!(leaving.await.unwrap_err().is_cancelled());
        step.send(()).unwrap();
        step.send(()).unwrap();
        assert_eq!(reading.await.unwrap().unwrap().digit(), 1);
        assert_eq!(waiting.await.unwrap().unwrap().digit(), 2);
        assert_eq!(sizes.recv().unwrap(), 1, "the one that left was dropped");
    }

    #[tokio::test]
    async fn a_panic_is_an_answer_and_the_thread_goes_on() {
        let model = |pictures: &[ModelInput]| {
            if pictures[0].0[0] > 8.5 {
                panic!("nine")
            } else {
                echo(pictures)
            }
        };
        let batcher = batcher(4, 1, Box::new(model));
        assert_eq!(
            batcher.read(picture(9), Duration::ZERO).await,
            Err(BatchError::Broken("nine".to_owned()))
        );
        assert_eq!(batcher.read(picture(3), Duration::ZERO).await.unwrap().digit(), 3);
        assert_eq!(batcher.state(), ModelState::Ready);
    }

    #[tokio::test]
    async fn without_a_model_every_answer_says_so() {
        let settings = InferenceSettings {
            inference_device: Backend::Flex,
            queue_length: 1,
            batch_size: 1,
        };
        let batcher = Batcher::start(&settings, &metrics(), || Err("no weights".to_owned())).unwrap();
        assert!(matches!(
            batcher.read(picture(1), Duration::ZERO).await,
            Err(BatchError::Broken(_))
        ));
        while batcher.state() == ModelState::Loading {
            tokio::task::yield_now().await;
        }
        assert_eq!(batcher.state(), ModelState::Missing);
    }
}
