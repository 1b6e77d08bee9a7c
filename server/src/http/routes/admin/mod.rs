//! `/api/admin/…`: for admins only.

pub(crate) mod corrected;
pub(crate) mod data_set;
pub(crate) mod errors;
pub(crate) mod metrics;
pub(crate) mod models;
pub(crate) mod review;
pub(crate) mod users;
