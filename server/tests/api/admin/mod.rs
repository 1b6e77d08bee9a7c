//! `/api/admin/…`.

mod errors;
mod users;
