//! Decoding on blocking threads: so many at once, so many waiting, no more.

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
    panic_reason,
};
use crate::{metrics::Metrics, settings::DecodeSettings};

pub(super) struct Decoder {
    limits: DecodeLimits,
    /// One permit for each picture that waits or is decoded.
    admitted: Semaphore,
    /// One permit for each picture that is decoded: this bounds the memory.
    running: Arc<Semaphore>,
    metrics: Metrics,
}

/// Why a picture wasn't decoded.
#[derive(Debug)]
pub(super) enum DecoderError {
    /// As many wait as may.
    Overloaded,
    /// The file's fault.
    Refused(DecodeError),
    /// Our fault.
    Broken(String),
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

    /// Decode an upload's picture when its turn comes, and say how long it waited for that. Dropped while it waits, it is
    /// never decoded.
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
            // The permit goes with the work: a caller that leaves doesn't make room for one more decoder.
            let _running = running;
            let waited = arrived.elapsed();
            let time = |stage, time| metrics.stage(stage, time);
            span.in_scope(|| decode(upload.bytes(), limits, time))
                .map(|framed| (framed, waited))
        };
        match task::spawn_blocking(work).await {
            Ok(decoded) => decoded.map_err(DecoderError::Refused),
            Err(stopped) => Err(DecoderError::Broken(match stopped.try_into_panic() {
                Ok(panic) => panic_reason(&*panic),
                Err(cancelled) => cancelled.to_string(),
            })),
        }
    }
}
