//! `/api/admin/…`.

mod data_set;
mod errors;
mod metrics;
pub(crate) mod review;
pub(crate) mod users;
