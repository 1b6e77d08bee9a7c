//! The pages, one file each.

pub mod draw;
pub mod lost;
pub mod status;
