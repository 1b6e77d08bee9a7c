//! The parts of the admin's user list.

pub mod address;
pub mod counts;
pub mod filters;
pub mod head;
pub mod list;
pub mod row;
