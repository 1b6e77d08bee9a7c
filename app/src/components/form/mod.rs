//! The parts of a form, in the order in which they stand.

pub mod field;
pub mod problem;
pub mod submit;

pub use field::{Input, PasswordInput, no_help};
pub use problem::{Problem, Told};
pub use submit::Submit;
