//! The components of the dashboard.

pub mod alerts;
pub mod bars;
pub mod chart;
pub mod connection_error;
pub mod corrected;
pub mod cursor;
pub mod endpoints;
pub mod legend;
pub mod log;
pub mod panel;
pub mod predictions;
pub mod series;
pub mod server;
pub mod sparkline;
pub mod toolbar;
pub mod totals;
