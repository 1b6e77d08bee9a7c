//! Secret keys, access tokens, and the tokens in emails.

mod jwt;
mod keys;
pub(crate) mod mail_token;

use sha2::{Digest, Sha256};

pub(crate) use jwt::{AccessTokens, SignError, TokenError};
pub use keys::KeyError;
pub(crate) use keys::Keys;

/// SHA-256 of a token: what is stored and compared in its place. Tokens are random, so no slow hash is needed.
pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
