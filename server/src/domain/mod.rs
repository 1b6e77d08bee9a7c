//! Values and rules without HTTP and without the database.

pub mod api_key;
mod email;
pub mod password;
pub mod quota;
mod user;
mod username;
pub mod words;

pub use email::{Email, EmailError, account_key};
pub use password::{Password, PasswordError};
pub use user::{MailPurpose, User};
pub use username::{Username, UsernameError};
