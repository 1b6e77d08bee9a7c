//! `/api/admin/…`.

mod errors;
pub(crate) mod users;
