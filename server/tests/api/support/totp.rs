//! An authenticator app: TOTP (RFC 6238), independent of the server's code.

use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use sha1::Sha1;

/// The code that an app with this secret, in base32, shows at a time.
pub(crate) fn code(secret: &str, time: DateTime<Utc>) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(&bytes(secret)).unwrap();
    mac.update(&(time.timestamp() / 30).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

fn bytes(base32: &str) -> Vec<u8> {
    let digit = |letter| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).expect("base32");
    let bits: Vec<usize> = base32
        .chars()
        .flat_map(|letter| (0..5).rev().map(move |bit| (digit(letter) >> bit) & 1))
        .collect();
    let byte = |bits: &[usize]| bits.iter().fold(0, |byte, bit| (byte << 1) | *bit);
    bits.chunks_exact(8)
        .map(|bits| u8::try_from(byte(bits)).unwrap())
        .collect()
}
