//! `/api/admin/…`: for admins only.

pub mod errors;
pub mod users;
