//! The tokens in emails: derived from a random seed with `SECRET_KEY`, stored only as a hash.
//!
//! The outbox stores the seed, so that a mail can be composed at every attempt. Without the key the seed gives no token:
//! a copy of the database can't confirm or reset anything.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Keys;
use crate::domain::MailPurpose;

/// The token of a seed: HMAC-SHA256 in hexadecimal, 256 bits.
pub(crate) fn token(keys: &Keys, purpose: MailPurpose, seed: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(keys.mail.expose().as_bytes()) else {
        unreachable!("HMAC takes a key of any length")
    };
    mac.update(purpose.as_str().as_bytes());
    mac.update(&[0]);
    mac.update(seed);
    hex::encode(mac.finalize().into_bytes())
}
