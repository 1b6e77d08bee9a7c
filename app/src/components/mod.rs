//! The parts that pages are made of, one file each.
//!
//! Most end in `at_once`, which forgets the type: a page whose type names every element in it is slow to compile and
//! overflows the compiler.

pub mod account;
pub mod announcer;
pub mod answer;
pub mod ask;
pub mod bars;
pub mod board;
pub mod card;
pub mod comparison;
pub mod footer;
pub mod form;
pub mod guarded;
pub mod header;
pub mod help;
pub mod hint;
pub mod icon;
pub mod load_failed;
pub mod menu;
pub mod notice;
pub mod pager;
pub mod resend;
pub mod seen;
pub mod status;
pub mod tools;
pub mod user_menu;
pub mod users;
