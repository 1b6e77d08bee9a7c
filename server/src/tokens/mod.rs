//! Secret keys, access tokens, API keys, the tokens in emails, and second factors.

mod api_key;
mod jwt;
mod keys;
pub(crate) mod mail_token;
mod recovery_code;
mod totp;

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::settings::Secret;

pub(crate) use api_key::api_key;
pub(crate) use jwt::{AccessTokens, SignError, TokenError};
pub(crate) use keys::{KeyError, KeyKind, Keys};
pub(crate) use recovery_code::recovery_code;
pub(crate) use totp::Totp;

/// SHA-256 of a token: what is stored and compared in its place. Tokens are random, so no slow hash is needed.
pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// What only this installation can make of a seed: HMAC-SHA256 with `SECRET_KEY`. What is derived for one `purpose` says
/// nothing about another.
fn derive(keys: &Keys, purpose: &str, seed: &[u8]) -> [u8; 32] {
    hmac(&keys.mail, &[purpose.as_bytes(), seed])
}

/// HMAC-SHA256 of some parts, between which there is a NUL.
fn hmac(key: &Secret, parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()) else {
        unreachable!("HMAC takes a key of any length")
    };
    mac.update(&parts.join(&0));
    mac.finalize().into_bytes().into()
}

/// A name for `value` in other stores than the database, which tells nothing about it without `SECRET_KEY`: 128 bits in
/// hexadecimal. Equal values with one `purpose` have the same.
pub(crate) fn pseudonym(keys: &Keys, purpose: &str, value: &str) -> String {
    let derived = derive(keys, purpose, value.as_bytes());
    hex::encode(derived.first_chunk::<16>().unwrap_or(&[0; 16]))
}

/// The alphabet of base32 (RFC 4648).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Base32 of whole groups of five bytes, which need no padding; a rest is left out.
fn base32(bytes: &[u8]) -> String {
    let group = |bytes: &[u8]| bytes.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let letters = |bits: u64| (0..8).rev().map(move |letter| (bits >> (5 * letter)) % 32);
    let letter = |value| char::from(BASE32[usize::try_from(value).unwrap_or_default()]);
    bytes.chunks_exact(5).map(group).flat_map(letters).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_rfc_4648() {
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        assert_eq!(base32(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}
