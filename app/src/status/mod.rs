//! What the dashboard knows: scrapes in, figures out. Pure; the page around it fetches, draws and asks the clock.

pub mod alarms;
pub mod connection;
pub mod endpoints;
pub mod plot;
pub mod point;
pub mod predictions;
pub mod process;
pub mod queries;
mod watch;

pub use point::Point;
pub use watch::{RATE_RANGE, Span, TABLE_RANGE, Watch};
