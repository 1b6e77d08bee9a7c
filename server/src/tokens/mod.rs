//! Secret keys, JSON web tokens, and the tokens in emails.

mod jwt;
mod keys;
pub mod mail_token;

pub use jwt::{Claims, TokenError, Tokens};
pub(crate) use keys::random_hex;
pub use keys::{KeyError, Keys};
