//! The parts of the dashboard.

pub mod alarms;
pub mod bars;
pub mod chart;
pub mod cursor;
pub mod endpoints;
pub mod head;
pub mod legend;
pub mod log;
pub mod panel;
pub mod predictions;
pub mod readings;
pub mod server;
pub mod spark;
pub mod totals;
pub mod trouble;
