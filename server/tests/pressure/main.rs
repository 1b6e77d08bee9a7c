//! What the server does under pressure: load, slow clients, guessing, faults of the disk, the database and the mail server,
//! and the end of its process at any moment.
//!
//! Each test starts the program, asks it over HTTP, and prints a row of docs/reliability.md. In the short form, part of
//! `make test`, they check the behaviour; in the long form, `make pressure`, also times and memory (`harness::is_long`).

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
    reason = "pictures are far smaller than 2^24 pixels wide, and counts than 2^53"
)]

mod clock;
mod cluster;
mod day;
mod disks;
mod files;
mod fleet;
mod guessing;
mod harness;
mod kills;
mod locked;
mod mail;
mod memory;
mod models;
mod overload;
mod postgres;
mod slow_clients;
#[expect(dead_code, unused_imports, reason = "the tests of the API use the rest")]
#[path = "../api/support/mod.rs"]
mod support;
