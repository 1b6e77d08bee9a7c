//! The parts that several features use.
//!
//! Components end in `into_sync_any`, which erases the view's type: the type of a page that names all its elements is slow
//! to compile and overflows the compiler.

pub mod corrector;
pub mod error_message;
pub mod footer;
pub mod form;
pub mod form_page;
pub mod header;
pub mod icon;
pub mod menu;
pub mod not_found;
pub mod pager;
pub mod question;
pub mod require_access;
pub mod texts;
pub mod title;
pub mod user_menu;
