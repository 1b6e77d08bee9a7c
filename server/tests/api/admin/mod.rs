//! `/api/admin/…`.

mod corrected;
mod data_set;
mod errors;
pub(crate) mod review;
pub(crate) mod users;
