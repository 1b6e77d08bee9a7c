//! `/api/admin/…`: for admins only.

pub(crate) mod errors;
pub(crate) mod users;
