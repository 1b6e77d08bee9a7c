//! The review of corrections, by keyboard.

mod card;
mod filters;
mod keys;
pub mod page;
mod people;
mod queue;
mod texts;
mod url;
