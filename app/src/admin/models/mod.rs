//! The models that the server has: which one answers, and how another one comes to.

mod comparison;
mod confirmation;
pub mod page;
mod row;
mod state;
mod texts;
mod upload;
