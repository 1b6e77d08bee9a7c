//! The API, over HTTP, as a client sees it. One module an endpoint, as in `src/routes/`.
//!
//! Each test owns its world: a server on port 0 of this process, with a site folder of its own and, unless the test is
//! about reading digits, a model of its own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests compare with the real time and make names of their own"
)]
#![expect(
    clippy::cast_precision_loss,
    reason = "pictures are far smaller than 2^24 pixels wide"
)]

mod admin;
mod command;
mod confirm;
mod databases;
mod errors;
mod health;
mod history;
mod layers;
mod limits;
mod log_files;
mod log_secrets;
mod login;
mod mail;
mod metrics;
mod openapi;
mod pages;
mod pages_accounts;
mod password;
mod predict;
mod predict_accounts;
mod predict_bombs;
mod predict_kinds;
mod predict_logs;
mod predict_overload;
mod predict_refused;
mod prometheus_alerts;
mod prometheus_queries;
mod prometheus_rules;
mod register;
mod seed;
mod serve;
mod sessions;
mod support;
mod unmatched;
