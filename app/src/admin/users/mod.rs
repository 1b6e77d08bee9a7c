//! The admins' list of accounts.

pub mod address;
pub mod counts;
pub mod filters;
pub mod head;
pub mod list;
pub mod page;
pub mod row;
pub mod texts;
pub mod user_list;
