//! The model page: what the network is, what it learned from, and what it reaches.

pub mod page;
mod reliability;
mod texts;
