//! New API keys.

use crate::{domain::api_key::PREFIX, util::random};

/// A new key. What is stored of it is its [`token_hash`](super::token_hash): SHA-256, which protects 256 random bits as well
/// as argon2 would, whose slowness makes up for the few bits of passwords. Each request with a key computes it.
pub(crate) fn api_key() -> String {
    format!("{PREFIX}{}", random::hex())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::api_key::hint;

    #[test]
    fn a_key_has_256_random_bits_after_its_prefix() {
        let (one, other) = (api_key(), api_key());
        assert_ne!(one, other);
        assert!(hint(&one).is_some() && hint(&other).is_some(), "{one} {other}");
    }
}
