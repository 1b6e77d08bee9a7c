//! The parts of a user's own page.

pub mod confirmation;
pub mod history;
pub mod past;
pub mod quota;
