//! CPU-bound work on blocking threads, with a bound on what runs and on what waits.

use std::sync::Arc;

use tokio::{sync::Semaphore, task::spawn_blocking};
use tracing::Span;

use super::panic_message;

/// Runs closures on blocking threads: a fixed number at a time, with a bounded queue in front. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct BlockingPool {
    /// One permit for each closure that runs. This bounds memory and processor time.
    running: Arc<Semaphore>,
    /// One permit for each closure that waits or runs.
    admitted: Arc<Semaphore>,
}

/// Why a closure has no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PoolError {
    /// The queue is full.
    #[error("the queue is full")]
    Overloaded,
    /// The closure panicked, or the runtime shut down.
    #[error("{0}")]
    Broken(String),
}

impl BlockingPool {
    /// At most `threads` closures run at a time, and at most `queue_length` wait.
    pub(crate) fn new(threads: usize, queue_length: usize) -> Self {
        let admitted = threads.saturating_add(queue_length).min(Semaphore::MAX_PERMITS);
        Self {
            running: Arc::new(Semaphore::new(threads)),
            admitted: Arc::new(Semaphore::new(admitted)),
        }
    }

    /// Runs `work` in the current tracing span when its turn comes. If the future is dropped before that, `work` never
    /// runs.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PoolError> {
        let _admitted = self.admitted.try_acquire().map_err(|_| PoolError::Overloaded)?;
        let running = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_| PoolError::Overloaded)?;
        let span = Span::current();
        let task = spawn_blocking(move || {
            // The permit moves with the work: a caller that goes away doesn't make room for one more thread.
            let _running = running;
            span.in_scope(work)
        });
        task.await.map_err(|stopped| {
            PoolError::Broken(match stopped.try_into_panic() {
                Ok(panic) => panic_message(&*panic),
                Err(cancelled) => cancelled.to_string(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Mutex, mpsc},
        time::Duration,
    };

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let pool = BlockingPool::new(1, 1);
        let (release, gate) = mpsc::channel::<()>();
        let gate = Mutex::new(gate);
        let first = pool.clone();
        let first = tokio::spawn(async move { first.run(move || gate.lock().unwrap().recv().is_ok()).await });
        while pool.running.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let second = pool.clone();
        let second = tokio::spawn(async move { second.run(|| 2).await });
        while pool.admitted.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(pool.run(|| 3).await, Err(PoolError::Overloaded)));
        release.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        assert_eq!(second.await.unwrap().unwrap(), 2);
    }

    #[tokio::test]
    async fn abandoned_work_keeps_its_permit_until_it_ends() {
        let pool = BlockingPool::new(1, 1);
        let (release, gate) = mpsc::channel::<()>();
        let gate = Mutex::new(gate);
        let abandoned = pool.run(move || gate.lock().unwrap().recv().is_ok());
        assert!(timeout(Duration::from_millis(20), abandoned).await.is_err());
        assert_eq!(pool.running.available_permits(), 0);
        release.send(()).unwrap();
        assert_eq!(pool.run(|| 4).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_with_its_message() {
        let panics = || -> () { panic!("the reason") };
        let error = BlockingPool::new(1, 1).run(panics).await.unwrap_err();
        assert!(matches!(error, PoolError::Broken(reason) if reason == "the reason"));
    }
}
