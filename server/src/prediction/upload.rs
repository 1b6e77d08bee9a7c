//! The bytes of an upload, hashed as they arrive, and the memory limit that all uploads share.

use std::sync::Arc;

use classifier::model_version;
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// SHA-256 of the model version followed by the bytes.
pub(super) type Digest = [u8; 32];

/// The memory limit of all uploads together: one permit per byte.
pub(crate) struct UploadMemory(Arc<Semaphore>);

/// The upload memory is exhausted.
#[derive(Debug, thiserror::Error)]
#[error("the upload memory is exhausted")]
pub struct UploadFullError;

/// The bytes of one upload; releases its memory when dropped.
pub struct Upload {
    memory: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
    bytes: Vec<u8>,
    hasher: Sha256,
}

impl UploadMemory {
    pub(crate) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))))
    }

    pub(crate) fn upload(&self) -> Upload {
        let hasher = Sha256::new_with_prefix(model_version());
        Upload {
            memory: Arc::clone(&self.0),
            permit: None,
            bytes: Vec::new(),
            hasher,
        }
    }
}

impl Upload {
    /// Appends a chunk. Memory is reserved for received bytes only, so a slow client reserves little.
    ///
    /// # Errors
    ///
    /// [`UploadFullError`] when the limit would be exceeded.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), UploadFullError> {
        let permits = u32::try_from(chunk.len()).map_err(|_| UploadFullError)?;
        let acquired = Arc::clone(&self.memory)
            .try_acquire_many_owned(permits)
            .map_err(|_| UploadFullError)?;
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

    pub(super) fn digest(&self) -> Digest {
        self.hasher.clone().finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_does_not_depend_on_the_chunks() {
        let memory = UploadMemory::new(100);
        let (mut whole, mut parts, mut other) = (memory.upload(), memory.upload(), memory.upload());
        whole.push(b"abcd").unwrap();
        parts.push(b"ab").unwrap();
        parts.push(b"cd").unwrap();
        other.push(b"abce").unwrap();
        assert_eq!(whole.digest(), parts.digest());
        assert_ne!(whole.digest(), other.digest());
    }

    #[test]
    fn memory_is_shared_and_released() {
        let memory = UploadMemory::new(10);
        let (mut first, mut second) = (memory.upload(), memory.upload());
        first.push(&[0; 8]).unwrap();
        assert!(second.push(&[0; 3]).is_err());
        drop(first);
        assert!(second.push(&[0; 10]).is_ok());
    }
}
