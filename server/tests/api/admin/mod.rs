//! `/api/admin/…`.

mod corrected;
mod data_set;
mod errors;
mod metrics;
pub(crate) mod models;
pub(crate) mod review;
pub(crate) mod users;
