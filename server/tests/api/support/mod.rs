//! What the tests share: a running server or program, a log that can be read, metrics, pictures and models.

pub(crate) mod log;
pub(crate) mod mail_sink;
pub(crate) mod metrics;
pub(crate) mod models;
pub(crate) mod pictures;
pub(crate) mod program;
pub(crate) mod prometheus;
pub(crate) mod server;

pub(crate) use server::TestServer;
