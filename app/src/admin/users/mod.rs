//! The admins' list of users.

pub mod action;
pub mod counts;
pub mod filters;
pub mod list;
pub mod list_query;
pub mod list_url;
pub mod page;
pub mod row;
pub mod table_header;
pub mod texts;
