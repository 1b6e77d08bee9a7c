//! A form: its state, and its parts in the order in which they stand.

pub mod field;
pub mod state;
pub mod submit;

pub use field::{Input, PasswordInput, no_help};
pub use state::{Field, Form, Kind, Wrong};
pub use submit::Submit;
