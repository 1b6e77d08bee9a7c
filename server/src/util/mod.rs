//! Helpers without knowledge of the application: time, randomness, batches, and work on blocking threads.

mod batch_queue;
mod blocking_pool;
mod clock;
mod panic;
mod private_folder;
pub(crate) mod random;

pub(crate) use batch_queue::{BatchReceiver, BatchSender, Entry, QueueError, Reply as BatchReply, batch_queue};
pub(crate) use blocking_pool::{BlockingPool, PoolError};
pub use clock::Clock;
pub(crate) use panic::panic_message;
pub(crate) use private_folder::create_private_folder;
