//! Decoding on blocking threads, with a limit on how many run and how many wait. Small files are decoded at once.

use std::time::{Duration, Instant};

use classifier::preprocess::{Picture, WrittenLine, lines};

use super::{
    Upload,
    decode::{DecodeError, DecodeLimits, Decoded, decode, decode_small},
};
use crate::{
    metrics::Metrics,
    settings::DecodeSettings,
    util::{BlockingPool, PoolError},
};

/// Bytes of a file that isn't an image that are read where they are: it takes about as long as changing threads does.
const SMALL_FILE: usize = 32 * 1024;

pub(super) struct Decoder {
    limits: DecodeLimits,
    /// Bounds the memory of decoding.
    pool: BlockingPool,
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
            pool: BlockingPool::new(settings.decode_permits, settings.decode_queue_length),
            metrics: metrics.clone(),
        }
    }

    /// Decodes an upload and searches it, and returns how long it waited for a permit. Dropped while waiting, it is never
    /// decoded.
    pub(super) async fn decode<T: Send + 'static>(
        &self,
        upload: Upload,
        search: fn(&Picture) -> T,
    ) -> Result<(Decoded<T>, Duration), DecoderError> {
        let limits = self.limits;
        let record = |stage, time| self.metrics.stage(stage, time);
        if let Some(decoded) = decode_small(upload.bytes(), limits, search, record).map_err(DecoderError::Decode)? {
            return Ok((decoded, Duration::ZERO));
        }
        let arrived = Instant::now();
        let metrics = self.metrics.clone();
        let work = move || {
            let waited = arrived.elapsed();
            let record = |stage, time| metrics.stage(stage, time);
            decode(upload.bytes(), limits, search, record).map(|decoded| (decoded, waited))
        };
        self.pool.run(work).await?.map_err(DecoderError::Decode)
    }

    /// Reads an upload that isn't an image.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        upload: Upload,
        read: impl FnOnce(&[u8]) -> T + Send + 'static,
    ) -> Result<T, DecoderError> {
        if upload.bytes().len() <= SMALL_FILE {
            return Ok(read(upload.bytes()));
        }
        Ok(self.pool.run(move || read(upload.bytes())).await?)
    }

    /// The lines of writing in a picture.
    pub(super) async fn lines(&self, picture: Picture) -> Result<Vec<WrittenLine>, DecoderError> {
        Ok(self.pool.run(move || lines(&picture)).await?)
    }
}

impl From<PoolError> for DecoderError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Overloaded => Self::Overloaded,
            PoolError::Broken(cause) => Self::Internal(cause),
        }
    }
}
