//! The parts that pages are made of, one file each.
//!
//! Most end in `into_any`: a page whose type names every element in it is slow to compile and overflows the compiler.

pub mod announcer;
pub mod answer;
pub mod ask;
pub mod bars;
pub mod board;
pub mod comparison;
pub mod footer;
pub mod header;
pub mod help;
pub mod hint;
pub mod icon;
pub mod load_failed;
pub mod notice;
pub mod seen;
pub mod status;
pub mod tools;
