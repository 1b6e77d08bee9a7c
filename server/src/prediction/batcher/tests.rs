use std::sync::{Mutex, mpsc};

use classifier::{Backend, CLASSES, PIXELS};

use super::*;
use crate::settings::Settings;

/// An input that [`echo`] predicts as `digit`.
fn input(digit: u8) -> ModelInput {
    ModelInput([f32::from(digit); PIXELS])
}

/// The inputs of an image with one candidate.
fn one(digit: u8) -> Vec<ModelInput> {
    vec![input(digit)]
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

fn loaded(predict: Model, is_quick: bool) -> LoadedModel {
    LoadedModel {
        version: "test".into(),
        predict,
        is_quick,
    }
}

/// What the model that answers now predicts.
async fn predict(batcher: &Batcher, inputs: Vec<ModelInput>) -> Result<Vec<Prediction>, BatchError> {
    batcher.predict(&batcher.model().await?, inputs, Duration::ZERO).await
}

fn batcher(queue_length: usize, batch_size: usize, model: Model) -> Batcher {
    let settings = InferenceSettings {
        inference_device: Backend::Flex,
        queue_length,
        batch_size,
    };
    let load = move || Ok(loaded(model, false));
    Batcher::start(&settings, &metrics(), &InProgress::default(), load).unwrap()
}

/// Waits until `images` images are in the queue.
async fn until_queued(batcher: &Batcher, images: usize) {
    while batcher.queue_depth() != images {
        tokio::task::yield_now().await;
    }
}

/// A model that reports the size of each batch, and waits for a message before it returns.
fn stepped() -> (Model, mpsc::Receiver<usize>, mpsc::Sender<()>) {
    let (seen, sizes) = mpsc::channel();
    let (step, go) = mpsc::channel::<()>();
    let go = Mutex::new(go);
    let model = move |inputs: &[ModelInput]| {
        seen.send(inputs.len()).unwrap();
        go.lock().unwrap().recv().unwrap();
        echo(inputs)
    };
    (Box::new(model), sizes, step)
}

#[tokio::test]
async fn a_single_image_is_predicted_at_once() {
    let batcher = batcher(4, 4, Box::new(echo));
    assert_eq!(predict(&batcher, one(7)).await.unwrap()[0].digit(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_images_share_a_batch_and_each_request_gets_its_own_result() {
    let (model, sizes, step) = stepped();
    let batcher = std::sync::Arc::new(batcher(8, 4, model));
    let request = |digit| {
        let batcher = std::sync::Arc::clone(&batcher);
        tokio::spawn(async move { predict(&batcher, one(digit)).await.unwrap()[0].digit() })
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
async fn each_image_of_a_batch_gets_the_predictions_of_its_own_candidates() {
    let (model, sizes, step) = stepped();
    let batcher = std::sync::Arc::new(batcher(8, 4, model));
    let request = |digits: std::ops::Range<u8>| {
        let batcher = std::sync::Arc::clone(&batcher);
        tokio::spawn(async move {
            let predictions = predict(&batcher, digits.map(input).collect()).await.unwrap();
            predictions.iter().map(Prediction::digit).collect::<Vec<_>>()
        })
    };
    let first = request(0..1);
    assert_eq!(sizes.recv().unwrap(), 1);
    let (three, none, two) = (request(1..4), request(0..0), request(4..6));
    until_queued(&batcher, 2).await;
    step.send(()).unwrap();
    step.send(()).unwrap();
    assert_eq!(first.await.unwrap(), [0]);
    assert_eq!(three.await.unwrap(), [1, 2, 3]);
    assert_eq!(two.await.unwrap(), [4, 5]);
    assert!(none.await.unwrap().is_empty(), "not in the queue");
    assert_eq!(sizes.recv().unwrap(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_fails_at_once_and_a_cancelled_request_is_skipped() {
    let (model, sizes, step) = stepped();
    let batcher = std::sync::Arc::new(batcher(2, 2, model));
    let request = |digit| {
        let batcher = std::sync::Arc::clone(&batcher);
        tokio::spawn(async move { predict(&batcher, one(digit)).await })
    };
    let running = request(1);
    assert_eq!(sizes.recv().unwrap(), 1);
    let (waiting, cancelled) = (request(2), request(3));
    until_queued(&batcher, 2).await;
    assert_eq!(predict(&batcher, one(4)).await, Err(BatchError::Overloaded));
    cancelled.abort();
    assert!(cancelled.await.unwrap_err().is_cancelled());
    step.send(()).unwrap();
    step.send(()).unwrap();
    assert_eq!(running.await.unwrap().unwrap()[0].digit(), 1);
    assert_eq!(waiting.await.unwrap().unwrap()[0].digit(), 2);
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
        predict(&batcher, one(9)).await,
        Err(BatchError::Internal("nine".to_owned()))
    );
    assert_eq!(predict(&batcher, one(3)).await.unwrap()[0].digit(), 3);
    assert_eq!(batcher.state(), ModelState::Ready);
}

#[tokio::test]
async fn without_a_model_every_request_fails() {
    let settings = InferenceSettings {
        inference_device: Backend::Flex,
        queue_length: 1,
        batch_size: 1,
    };
    let batcher = Batcher::start(&settings, &metrics(), &InProgress::default(), || {
        Err("no weights".to_owned())
    })
    .unwrap();
    assert!(matches!(predict(&batcher, one(1)).await, Err(BatchError::Internal(_))));
    while batcher.state() == ModelState::Loading {
        tokio::task::yield_now().await;
    }
    assert_eq!(batcher.state(), ModelState::Missing);
}

#[tokio::test]
async fn a_quick_model_predicts_few_inputs_on_the_thread_of_their_request_and_many_on_another() {
    let settings = Settings::defaults().inference;
    let (seen, threads) = mpsc::channel();
    let model = move |inputs: &[ModelInput]| {
        seen.send(std::thread::current().id()).unwrap();
        echo(inputs)
    };
    let requests = InProgress::default();
    let batcher = Batcher::start(&settings, &metrics(), &requests, || Ok(loaded(Box::new(model), true))).unwrap();
    let many: Vec<_> = (0..10).map(input).collect();
    while batcher.state() == ModelState::Loading {
        tokio::task::yield_now().await;
    }
    let own = std::thread::current().id();
    assert_eq!(predict(&batcher, one(7)).await.unwrap()[0].digit(), 7);
    assert_eq!(threads.try_recv(), Ok(own));
    assert_eq!(predict(&batcher, many).await.unwrap()[8].digit(), 8);
    assert_ne!(threads.recv().unwrap(), own);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_model_still_answers_what_began_before_and_no_pass_has_two() {
    let (model, sizes, step) = stepped();
    let batcher = std::sync::Arc::new(batcher(8, 8, model));
    let request = |model: &Arc<LoadedModel>, digit| {
        let (batcher, model) = (std::sync::Arc::clone(&batcher), Arc::clone(model));
        tokio::spawn(async move { batcher.predict(&model, one(digit), Duration::ZERO).await.unwrap()[0].digit() })
    };
    let old = batcher.model().await.unwrap();
    let running = request(&old, 1);
    assert_eq!(sizes.recv().unwrap(), 1);
    // Answers the next digit.
    let next = |inputs: &[ModelInput]| {
        echo(
            &inputs
                .iter()
                .map(|input| ModelInput(input.0.map(|ink| ink + 1.0)))
                .collect::<Vec<_>>(),
        )
    };
    batcher.replace(LoadedModel {
        version: "next".into(),
        ..loaded(Box::new(next), false)
    });
    assert_eq!(batcher.version().as_deref(), Some("next"));
    let new = batcher.model().await.unwrap();
    let waiting = [request(&new, 2), request(&old, 3), request(&new, 4)];
    until_queued(&batcher, 3).await;
    step.send(()).unwrap();
    step.send(()).unwrap();
    assert_eq!(running.await.unwrap(), 1);
    for (task, expected) in waiting.into_iter().zip([3, 3, 5]) {
        assert_eq!(task.await.unwrap(), expected);
    }
    assert_eq!(sizes.try_iter().collect::<Vec<_>>(), [1], "the old model's own");
}

#[test]
fn a_split_batch_keeps_its_order() {
    let inputs: Vec<_> = (0..10).cycle().take(35).map(input).collect();
    let seen = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&seen);
    let model: Model = Box::new(move |inputs| {
        counted.fetch_add(1, Ordering::Relaxed);
        echo(inputs)
    });
    for (threads, parts) in [(1, 1), (2, 2), (3, 3), (16, 5)] {
        let predictions = predict_batch(&model, &inputs, inputs.len(), threads, &metrics()).unwrap();
        let digits = predictions.iter().map(|prediction| usize::from(prediction.digit()));
        assert!(digits.eq((0..10).cycle().take(35)));
        assert_eq!(seen.swap(0, Ordering::Relaxed), parts, "{threads}");
    }
}
