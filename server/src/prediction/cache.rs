//! Outcomes cached by the digest of the image's bytes and the model's version.

use super::upload::Digest;

/// Bounded by its number of entries; the least used are evicted.
pub(super) struct Cache<T>(moka::sync::Cache<Digest, T>);

impl<T: Clone + Send + Sync + 'static> Cache<T> {
    pub(super) fn new(entries: u64) -> Self {
        Self(moka::sync::Cache::new(entries))
    }

    pub(super) fn entries(&self) -> u64 {
        // The count only includes what the pending tasks have settled.
        self.0.run_pending_tasks();
        self.0.entry_count()
    }

    pub(super) fn get(&self, digest: &Digest) -> Option<T> {
        self.0.get(digest)
    }

    pub(super) fn insert(&self, digest: Digest, outcome: T) {
        self.0.insert(digest, outcome);
    }
}
