//! The tokens in emails: derived from a random seed with `SECRET_KEY`, stored only as a hash.
//!
//! The outbox stores the seed, so that a mail can be composed at every attempt. Without the key the seed gives no token:
//! a copy of the database can't confirm or reset anything.

use super::{Keys, derive};
use crate::domain::MailPurpose;

/// The token of a seed: HMAC-SHA256 in hexadecimal, 256 bits.
pub(crate) fn token(keys: &Keys, purpose: MailPurpose, seed: &[u8]) -> String {
    hex::encode(derive(keys, purpose.as_str(), seed))
}
