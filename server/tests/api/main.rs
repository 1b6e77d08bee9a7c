//! Tests of the API over HTTP. The modules mirror `src/http/routes/`.
//!
//! Each test starts its own server in this process, on a free port, with its own site folder and database and, unless it
//! is about predictions, with a stub for the model.

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
mod backups;
mod command;
mod compatibility;
mod confirm;
mod copy_database;
mod data_dir;
mod databases;
mod denials;
mod fallback;
mod forms;
mod headers;
mod health;
mod json;
mod keys;
mod layers;
mod limits;
mod locked;
mod log;
mod login;
mod mail;
mod me;
mod metrics;
mod model;
mod offline;
mod openapi;
mod pages;
mod parameters;
mod password;
mod permissions;
mod predict;
mod predictions;
mod prometheus;
mod proxies;
mod register;
mod retention;
mod samples;
mod serve;
mod sessions;
mod shared_keys;
mod support;
mod unavailable;
mod v2;
