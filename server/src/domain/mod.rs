//! Rules that know nothing of HTTP, the database or the page.

pub mod password;
pub mod quota;
pub mod words;
