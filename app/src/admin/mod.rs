//! The admins' pages.

pub mod status;
pub(crate) mod users;
