//! Decoding on blocking threads: so many at once, so many waiting, no more.

use std::time::{Duration, Instant};

use classifier::raster::Framed;

use super::{
    Upload,
    decode::{DecodeError, DecodeLimits, decode},
};
use crate::{
    metrics::Metrics,
    settings::DecodeSettings,
    util::{BlockingPool, PoolError},
};

pub(super) struct Decoder {
    limits: DecodeLimits,
    /// Bounds the memory of decoding.
    pool: BlockingPool,
    metrics: Metrics,
}

/// Why a picture wasn't decoded.
#[derive(Debug)]
pub(super) enum DecoderError {
    /// The decode queue is full.
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
            pool: BlockingPool::new(settings.decode_permits, settings.decode_queue_length),
            metrics: metrics.clone(),
        }
    }

    /// Decode an upload's picture when its turn comes, and say how long it waited for that. Dropped while it waits, it is
    /// never decoded.
    pub(super) async fn decode(&self, upload: Upload) -> Result<(Framed, Duration), DecoderError> {
        let arrived = Instant::now();
        let limits = self.limits;
        let metrics = self.metrics.clone();
        let work = move || {
            let waited = arrived.elapsed();
            let time = |stage, time| metrics.stage(stage, time);
            decode(upload.bytes(), limits, time).map(|framed| (framed, waited))
        };
        self.pool.run(work).await?.map_err(DecoderError::Refused)
    }
}

impl From<PoolError> for DecoderError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Overloaded => Self::Overloaded,
            PoolError::Broken(cause) => Self::Broken(cause),
        }
    }
}
