//! Decoding on blocking threads, with a limit on how many run and how many wait.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use classifier::preprocess::Preprocessed;
use tokio::{sync::Semaphore, task};
use tracing::Span;

use super::{
    Upload,
    decode::{DecodeError, DecodeLimits, decode},
    panic_message,
};
use crate::{metrics::Metrics, settings::DecodeSettings};

pub(super) struct Decoder {
    limits: DecodeLimits,
    /// One permit per image that waits or is being decoded.
    admitted: Semaphore,
    /// One permit per image being decoded: this bounds the memory.
    running: Arc<Semaphore>,
    metrics: Metrics,
}

#[derive(Debug)]
pub(super) enum DecoderError {
    /// The decode queue is full.
    Overloaded,
    Decode(DecodeError),
    /// The decoder panicked.
    Internal(String),
}

impl Decoder {
    pub(super) fn new(settings: &DecodeSettings, metrics: &Metrics) -> Self {
        Self {
            limits: DecodeLimits {
                pixels: settings.max_image_pixels as u64,
                memory: settings.decode_memory_bytes as u64,
            },
            admitted: Semaphore::new(settings.decode_permits + settings.decode_queue_length),
            running: Arc::new(Semaphore::new(settings.decode_permits)),
            metrics: metrics.clone(),
        }
    }

    /// Decodes and preprocesses an upload, and returns how long it waited for a permit. Dropped while waiting, it is never
    /// decoded.
    pub(super) async fn decode(&self, upload: Upload) -> Result<(Preprocessed, Duration), DecoderError> {
        let arrived = Instant::now();
        let _admitted = self.admitted.try_acquire().map_err(|_| DecoderError::Overloaded)?;
        let running = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_| DecoderError::Overloaded)?;
        let limits = self.limits;
        let metrics = self.metrics.clone();
        let span = Span::current();
        let work = move || {
            // The permit moves into the work: when the caller goes away, the thread still counts until it has finished.
            let _running = running;
            let waited = arrived.elapsed();
            let record = |stage, time| metrics.stage(stage, time);
            span.in_scope(|| decode(upload.bytes(), limits, record))
                .map(|preprocessed| (preprocessed, waited))
        };
        match task::spawn_blocking(work).await {
            Ok(decoded) => decoded.map_err(DecoderError::Decode),
            Err(stopped) => Err(DecoderError::Internal(match stopped.try_into_panic() {
                Ok(panic) => panic_message(&*panic),
                Err(cancelled) => cancelled.to_string(),
            })),
        }
    }
}
