//! The tokens in mails: made from a random seed with `SECRET_KEY`, kept only hashed.
//!
//! The outbox holds the seed, so that a mail can be written again; without the key it makes no token, so a copy of the
//! database confirms and resets nothing.

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use super::{Keys, keys::hex};
use crate::store::Purpose;

/// 256 random bits.
pub(crate) fn seed() -> Vec<u8> {
    rand::random::<[u8; 32]>().to_vec()
}

/// The token of a seed: HMAC-SHA256 in hexadecimal, 256 bits.
pub fn token(keys: &Keys, purpose: Purpose, seed: &[u8]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(keys.mail.expose().as_bytes()) else {
        unreachable!("HMAC takes a key of any length")
    };
    mac.update(purpose.word().as_bytes());
    mac.update(&[0]);
    mac.update(seed);
    hex(&mac.finalize().into_bytes())
}

/// What of a token is kept.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
