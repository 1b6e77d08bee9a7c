//! What the tests share: a running server, a log that can be read, pictures and models.

pub(crate) mod database;
pub(crate) mod log;
pub(crate) mod models;
pub(crate) mod pictures;
pub(crate) mod server;

pub(crate) use server::{TestServer, settings};
