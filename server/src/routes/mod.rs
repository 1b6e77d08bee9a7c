//! One file an endpoint; the path is the URL.

pub mod health;
pub mod metrics;
pub mod pages;
pub mod predict;
pub mod unmatched;
