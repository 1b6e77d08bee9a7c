//! The server: the HTTP API, the rendered pages, and the parts behind them.
//!
//! `main` loads the [`settings`], starts the log ([`telemetry`]) and runs a [`Server`]. Everything that depends on axum is
//! in `http`; everything that depends on sea-orm is in `store`. docs/architecture.md describes all modules.

#![recursion_limit = "256"]

mod accounts;
pub mod commands;
mod data_set;
pub mod domain;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod http;
mod limits;
mod mail;
mod metrics;
mod models;
pub mod prediction;
mod prometheus;
mod retention;
mod review;
mod scrapes;
mod serve;
pub mod settings;
pub mod signals;
pub mod store;
pub mod telemetry;
mod tokens;
pub mod util;

pub use serve::{Server, StartError};
