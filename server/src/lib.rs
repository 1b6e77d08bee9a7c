//! The server: HTTP around the digit reader and its pages.
//!
//! [`settings`] → [`telemetry`] → [`Server`]; its URLs are in [`router`], what surrounds them in [`layers`], one file
//! an endpoint in [`routes`], the way from bytes to an answer in [`prediction`], and what
//! is counted on it in [`metrics`].

#![recursion_limit = "256"]

pub mod body_limit;
pub mod layers;
pub mod metrics;
pub mod prediction;
pub mod refusal;
pub mod router;
pub mod routes;
pub mod serve;
pub mod settings;
pub mod signals;
pub mod telemetry;

pub use serve::{Server, StartError};
