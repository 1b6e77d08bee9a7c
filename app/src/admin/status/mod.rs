//! The status dashboard: what the server measures, live.
//!
//! `poll` fetches the metrics, `dashboard` is the page's state, and `page` and `view/` show it. The rest is pure: from
//! scrapes to figures.

pub mod alerts;
pub mod connection;
pub(crate) mod dashboard;
pub mod endpoints;
mod history;
pub(crate) mod page;
pub mod plot;
pub mod point;
pub(crate) mod poll;
pub mod predictions;
pub mod process;
mod select;
pub mod service;
pub(crate) mod texts;
pub(crate) mod view;

pub use api::queries;
pub use history::{MetricsHistory, TimeRange};
pub use point::Point;
pub use select::{RATE_RANGE, TABLE_RANGE};
