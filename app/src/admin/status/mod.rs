//! The status dashboard: what the server measures, live.
//!
//! `poll` fetches the metrics, `dashboard` is the page's state, and `page` and `view/` show it. The rest is pure: from
//! scrapes to figures.

pub mod alerts;
pub mod connection;
pub mod dashboard;
pub mod endpoints;
mod history;
pub mod page;
pub mod plot;
pub mod point;
pub mod poll;
pub mod predictions;
pub mod process;
pub mod queries;
mod select;
pub mod texts;
pub mod view;

pub use history::{MetricsHistory, TimeRange};
pub use point::Point;
pub use select::{RATE_RANGE, TABLE_RANGE};
