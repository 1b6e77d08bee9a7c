//! A form's state and its parts.

mod answer;
mod field;
mod state;
mod submit;

pub use answer::{FormAnswer, PlainForm};
pub use field::{Input, PasswordInput, no_help};
pub use state::{Field, FieldError, FieldKind, Form, SubmitFuture};
pub use submit::Submit;
