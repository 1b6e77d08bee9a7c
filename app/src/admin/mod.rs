//! The admins' pages.

pub(crate) mod models;
pub(crate) mod review;
pub mod status;
pub(crate) mod users;
