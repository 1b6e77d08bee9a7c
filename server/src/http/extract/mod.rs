//! Extractors: what handlers are given of a request.

pub mod auth;
pub mod client_ip;
mod json;
mod query;

pub use client_ip::{Client, TrustedProxies, name_client};
pub use json::JsonBody;
pub use query::QueryOf;
