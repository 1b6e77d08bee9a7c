//! Answers remembered by the hash of their picture's bytes and the model's version.

use super::{Answer, upload::Digest};

/// Bounded by its number of entries; what is used least goes first.
pub(super) struct Cache(moka::sync::Cache<Digest, Answer>);

impl Cache {
    pub(super) fn new(entries: u64) -> Self {
        Self(moka::sync::Cache::new(entries))
    }

    pub(super) fn entries(&self) -> u64 {
        // It counts what it has settled; by itself it would do that later.
        self.0.run_pending_tasks();
        self.0.entry_count()
    }

    pub(super) fn get(&self, digest: &Digest) -> Option<Answer> {
        self.0.get(digest)
    }

    pub(super) fn insert(&self, digest: Digest, answer: Answer) {
        self.0.insert(digest, answer);
    }
}
