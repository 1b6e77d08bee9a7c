//! A bounded queue whose consumer takes all that waits, up to a batch size.
//!
//! The consumer never waits for a batch to fill: a lone item is taken at once, and while it is worked on, the next batch
//! gathers. The inference thread and the writer of the history both consume such a queue.

use tokio::sync::{
    mpsc::{self, error::TrySendError},
    oneshot,
};

/// The producers' side; cheap to clone. The consumer's side ends when all are dropped.
pub(crate) struct BatchSender<T, R>(mpsc::Sender<Entry<T, R>>);

/// The consumer's side.
pub(crate) struct BatchReceiver<T, R> {
    queue: mpsc::Receiver<Entry<T, R>>,
    batch_size: usize,
}

/// An item in the queue, with the way back to its producer.
pub(crate) struct Entry<T, R> {
    pub(crate) item: T,
    pub(crate) reply: Reply<R>,
}

/// The way back to the producer of an item.
pub(crate) struct Reply<R>(oneshot::Sender<R>);

/// Why an item has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QueueError {
    /// The queue is full.
    #[error("the queue is full")]
    Full,
    /// The consumer has ended, or it dropped the item.
    #[error("the queue is closed")]
    Closed,
}

/// A queue of at most `length` items, consumed in batches of at most `batch_size`.
pub(crate) fn batch_queue<T, R>(length: usize, batch_size: usize) -> (BatchSender<T, R>, BatchReceiver<T, R>) {
    let (sender, queue) = mpsc::channel(length.max(1));
    let batch_size = batch_size.max(1);
    (BatchSender(sender), BatchReceiver { queue, batch_size })
}

impl<T, R> BatchSender<T, R> {
    /// Queues an item and waits for its result. If the future is dropped, the item counts as abandoned.
    pub(crate) async fn submit(&self, item: T) -> Result<R, QueueError> {
        let (reply, result) = oneshot::channel();
        self.0
            .try_send(Entry {
                item,
                reply: Reply(reply),
            })
            .map_err(|error| match error {
                TrySendError::Full(_) => QueueError::Full,
                TrySendError::Closed(_) => QueueError::Closed,
            })?;
        result.await.map_err(|_| QueueError::Closed)
    }

    /// The number of items that wait.
    pub(crate) fn depth(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }
}

impl<T, R> Clone for BatchSender<T, R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T, R> BatchReceiver<T, R> {
    /// The items that wait, oldest first; waits for one if there is none. `None` when all senders are dropped.
    pub(crate) async fn next(&mut self) -> Option<Vec<Entry<T, R>>> {
        let mut batch = vec![self.queue.recv().await?];
        // The first item wakes this task before other tasks that are ready to add theirs.
        tokio::task::yield_now().await;
        // No more than waits now: what arrives meanwhile is for the next batch, so that the queue's length bounds both.
        let waiting = self.queue.len().min(self.batch_size - 1);
        batch.extend(std::iter::from_fn(|| self.queue.try_recv().ok()).take(waiting));
        Some(batch)
    }

    /// [`BatchReceiver::next`] for a thread outside of the runtime.
    pub(crate) fn blocking_next(&mut self) -> Option<Vec<Entry<T, R>>> {
        let mut batch = Vec::new();
        (self.queue.blocking_recv_many(&mut batch, self.batch_size) > 0).then_some(batch)
    }
}

impl<R> Reply<R> {
    /// Whether the producer no longer waits for the result.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.0.is_closed()
    }

    /// Sends the result to the producer, if it still waits.
    pub(crate) fn send(self, result: R) {
        // An error means that the producer no longer waits.
        let _abandoned = self.0.send(result);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_batch_has_what_waits_up_to_its_size_and_a_lone_item_is_taken_at_once() {
        let (sender, mut receiver) = batch_queue::<u32, u32>(8, 3);
        let waiting: Vec<_> = (0..5)
            .map(|item| {
                let sender = sender.clone();
                tokio::spawn(async move { sender.submit(item).await })
            })
            .collect();
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
        let sizes = [3, 2];
        for size in sizes {
            let batch = receiver.next().await.unwrap();
            assert_eq!(batch.len(), size);
            for entry in batch {
                entry.reply.send(entry.item * 2);
            }
        }
        for (item, task) in (0..).zip(waiting) {
            assert_eq!(task.await.unwrap(), Ok(item * 2));
        }
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_a_closed_one_says_so() {
        let (sender, receiver) = batch_queue::<u32, u32>(1, 1);
        let first = sender.clone();
        let first = tokio::spawn(async move { first.submit(1).await });
        tokio::task::yield_now().await;
        assert_eq!(sender.submit(2).await, Err(QueueError::Full));
        drop(receiver);
        assert_eq!(first.await.unwrap(), Err(QueueError::Closed));
        assert_eq!(sender.submit(3).await, Err(QueueError::Closed));
    }

    #[tokio::test]
    async fn an_item_whose_producer_has_gone_is_abandoned() {
        let (sender, mut receiver) = batch_queue::<u32, u32>(1, 1);
        let submitted = tokio::spawn(async move { sender.submit(1).await });
        let batch = receiver.next().await.unwrap();
        assert!(!batch[0].reply.is_abandoned());
        submitted.abort();
        assert!(submitted.await.is_err());
        assert!(batch[0].reply.is_abandoned());
    }
}
