//! The server: HTTP around the digit reader and its pages.
//!
//! [`settings`] → [`telemetry`] → [`Server`]; its URLs are in [`router`], what surrounds them in [`layers`], one file
//! an endpoint in [`routes`], the way from bytes to an answer in [`prediction`], from a form to an account in
//! [`accounts`], what is kept in [`store`], what is counted in [`metrics`], and rules that know nothing of all this in
//! [`domain`].

#![recursion_limit = "256"]

pub mod accounts;
pub mod commands;
pub mod domain;
mod http;
pub mod limits;
pub mod mail;
pub mod metrics;
pub mod prediction;
pub mod serve;
pub mod settings;
pub mod signals;
pub mod store;
pub mod telemetry;
pub mod tokens;
pub mod util;

pub use serve::{Server, StartError};
