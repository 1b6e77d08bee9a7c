//! The admins' pages.

pub mod status;
pub mod users;
