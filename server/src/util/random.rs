//! Random values, from the operating system's seeded generator.

use uuid::Uuid;

/// 256 random bits.
#[expect(clippy::disallowed_methods, reason = "the one place that draws random bytes")]
pub(crate) fn bytes() -> [u8; 32] {
    rand::random()
}

/// 256 random bits in hexadecimal.
pub(crate) fn hex() -> String {
    hex::encode(bytes())
}

/// A random UUID as 32 hexadecimal digits.
#[expect(clippy::disallowed_methods, reason = "the one place that makes identifiers")]
pub(crate) fn id() -> String {
    Uuid::new_v4().simple().to_string()
}
