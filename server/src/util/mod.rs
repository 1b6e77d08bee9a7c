//! Helpers without knowledge of the application: time, randomness, and work on blocking threads.

mod blocking_pool;
mod clock;
mod panic;
pub(crate) mod random;

pub(crate) use blocking_pool::{BlockingPool, PoolError};
pub use clock::Clock;
pub(crate) use panic::panic_message;
