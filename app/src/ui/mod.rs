//! The parts that several features use.
//!
//! Most end in `at_once`, which forgets the type: a page whose type names every element in it is slow to compile and
//! overflows the compiler.

pub mod error_message;
pub mod footer;
pub mod form;
pub mod form_page;
pub mod header;
pub mod icon;
pub mod load_failed;
pub mod menu;
pub mod not_found;
pub mod pager;
pub mod require_access;
pub mod user_menu;
