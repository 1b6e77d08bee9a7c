//! The parts of the dashboard.

mod alarms;
mod bars;
mod chart;
mod cursor;
mod endpoints;
mod head;
mod legend;
mod log;
mod panel;
mod predictions;
mod readings;
mod server;
mod spark;
mod totals;
mod trouble;

pub use alarms::AlarmList;
pub use chart::Chart;
pub use endpoints::Endpoints;
pub use head::Head;
pub use log::Log;
pub use predictions::{Digits, Stages, Throughput};
pub use readings::{ERRORS, LATENCY, Line, RATE};
pub use server::Server;
pub use totals::Totals;
pub use trouble::Trouble;
