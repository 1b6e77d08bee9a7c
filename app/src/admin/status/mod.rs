//! The status dashboard: scrapes in, figures out. `page`, `view/`, `dashboard` and `poll` show them, fetch them and ask
//! the clock; the rest is pure.

pub mod alarms;
pub mod connection;
pub mod dashboard;
pub mod endpoints;
pub mod page;
pub mod plot;
pub mod point;
pub mod poll;
pub mod predictions;
pub mod process;
pub mod queries;
pub mod texts;
pub mod view;
mod watch;

pub use point::Point;
pub use watch::{RATE_RANGE, Span, TABLE_RANGE, Watch};
