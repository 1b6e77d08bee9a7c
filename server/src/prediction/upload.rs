//! The bytes of an upload, hashed as they arrive, and the memory that all uploads share.

use std::sync::Arc;

use classifier::model_version;
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// SHA-256 over the model's version and the bytes.
pub(super) type Digest = [u8; 32];

/// The memory that uploads share, a permit a byte.
pub(super) struct Uploads(Arc<Semaphore>);

/// All the memory for uploads is taken.
#[derive(Debug, thiserror::Error)]
#[error("all the memory for uploads is taken")]
pub struct UploadFull;

/// The bytes of one upload; gives its memory back when dropped.
pub struct Upload {
    memory: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
    bytes: Vec<u8>,
    hasher: Sha256,
}

impl Uploads {
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))))
    }

    pub(super) fn open(&self) -> Upload {
        let hasher = Sha256::new_with_prefix(model_version());
        Upload {
            memory: Arc::clone(&self.0),
            held: None,
            bytes: Vec::new(),
            hasher,
        }
    }
}

impl Upload {
    /// Add the bytes that have arrived. A client holds only the memory of what it has sent, so a slow one holds little.
    ///
    /// # Errors
    ///
    /// [`UploadFull`] when other uploads hold all there is.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), UploadFull> {
        let permits = u32::try_from(chunk.len()).map_err(|_| UploadFull)?;
        let taken = Arc::clone(&self.memory)
            .try_acquire_many_owned(permits)
            .map_err(|_| UploadFull)?;
        match &mut self.held {
            Some(held) => held.merge(taken),
            None => self.held = Some(taken),
        }
        self.hasher.update(chunk);
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    pub(super) fn bytes(&self) -> &[u8] {
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
    fn the_digest_is_of_the_bytes_however_they_arrive() {
        let uploads = Uploads::new(100);
        let (mut whole, mut parts, mut other) = (uploads.open(), uploads.open(), uploads.open());
        whole.push(b"abcd").unwrap();
        parts.push(b"ab").unwrap();
        parts.push(b"cd").unwrap();
        other.push(b"abce").unwrap();
        assert_eq!(whole.digest(), parts.digest());
        assert_ne!(whole.digest(), other.digest());
    }

    #[test]
    fn memory_is_shared_and_given_back() {
        let uploads = Uploads::new(10);
        let (mut first, mut second) = (uploads.open(), uploads.open());
        first.push(&[0; 8]).unwrap();
        assert!(second.push(&[0; 3]).is_err());
        drop(first);
        assert!(second.push(&[0; 10]).is_ok());
    }
}
