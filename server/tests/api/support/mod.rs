//! Shared by the tests: a running server or program, accounts, the log, received mail, metrics, images and models.

pub(crate) mod accounts;
pub(crate) mod connection;
pub(crate) mod database;
pub(crate) mod elasticsearch;
pub(crate) mod log;
pub(crate) mod mail;
pub(crate) mod metrics;
pub(crate) mod models;
pub(crate) mod pictures;
pub(crate) mod plans;
pub(crate) mod program;
pub(crate) mod prometheus;
pub(crate) mod redis;
pub(crate) mod rsyslog;
pub(crate) mod server;
pub(crate) mod totp;

use std::time::{Duration, Instant};

pub(crate) use server::{TestServer, settings};

/// Repeats `check` until it returns a value; panics with `what` after 20 seconds.
pub(crate) async fn eventually<T>(what: &str, mut check: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(seen) = check().await {
            return seen;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "still no {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
