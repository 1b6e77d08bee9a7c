//! The bytes of an upload, hashed as they arrive, and the memory limit that all uploads share.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// SHA-256 of the bytes followed by the model's version. Versions are equally long, so no other bytes have the same.
pub(super) type Digest = [u8; 32];

/// The limits of uploads: of all together, with one permit per byte, and of each.
pub(crate) struct UploadMemory {
    permits: Arc<Semaphore>,
    largest: usize,
}

/// Why bytes can't be added to an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// The memory of all uploads is exhausted.
    #[error("the upload memory is exhausted")]
    Full,
    /// The upload would be larger than allowed.
    #[error("the upload is larger than allowed")]
    TooLarge,
}

/// The bytes of one upload; releases its memory when dropped.
pub struct Upload {
    memory: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
    largest: usize,
    bytes: Vec<u8>,
    hasher: Sha256,
}

impl UploadMemory {
    /// At most `bytes` of all uploads together, and `largest` of each.
    pub(crate) fn new(bytes: usize, largest: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))),
            largest,
        }
    }

    pub(crate) fn upload(&self) -> Upload {
        Upload {
            memory: Arc::clone(&self.permits),
            permit: None,
            largest: self.largest,
            bytes: Vec::new(),
            hasher: Sha256::new(),
        }
    }
}

impl Upload {
    /// Appends a chunk. Memory is reserved for received bytes only, so a slow client reserves little.
    ///
    /// # Errors
    ///
    /// [`UploadError`] when a limit would be exceeded.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), UploadError> {
        if chunk.len() > self.largest - self.bytes.len() {
            return Err(UploadError::TooLarge);
        }
        let permits = u32::try_from(chunk.len()).map_err(|_| UploadError::Full)?;
        let acquired = Arc::clone(&self.memory)
            .try_acquire_many_owned(permits)
            .map_err(|_| UploadError::Full)?;
        match &mut self.permit {
            Some(permit) => permit.merge(acquired),
            None => self.permit = Some(acquired),
        }
        self.hasher.update(chunk);
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn digest(&self, model: &str) -> Digest {
        self.hasher.clone().chain_update(model).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_depends_on_the_bytes_and_the_model_and_not_on_the_chunks() {
        let memory = UploadMemory::new(100, 100);
        let (mut whole, mut parts, mut other) = (memory.upload(), memory.upload(), memory.upload());
        whole.push(b"abcd").unwrap();
        parts.push(b"ab").unwrap();
        parts.push(b"cd").unwrap();
        other.push(b"abce").unwrap();
        assert_eq!(whole.digest("one"), parts.digest("one"));
        assert_ne!(whole.digest("one"), other.digest("one"));
        assert_ne!(whole.digest("one"), whole.digest("two"));
    }

    #[test]
    fn memory_is_shared_and_released() {
        let memory = UploadMemory::new(10, 10);
        let (mut first, mut second) = (memory.upload(), memory.upload());
        first.push(&[0; 8]).unwrap();
        assert_eq!(second.push(&[0; 3]), Err(UploadError::Full));
        drop(first);
        assert_eq!(second.push(&[0; 10]), Ok(()));
    }

    #[test]
    fn each_upload_has_a_limit() {
        let mut upload = UploadMemory::new(10, 5).upload();
        upload.push(&[0; 3]).unwrap();
        assert_eq!(upload.push(&[0; 3]), Err(UploadError::TooLarge));
        assert_eq!(upload.push(&[0; 2]), Ok(()));
    }
}
