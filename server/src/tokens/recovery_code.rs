//! Recovery codes, each of which replaces a code of the authenticator app once.

use super::base32;
use crate::util::random;

/// Random bytes of a code: with 120 bits, a plain hash protects it (ASVS 6.5.2).
const BYTES: usize = 15;

/// A new code: six groups of four letters and digits.
pub(crate) fn recovery_code() -> String {
    let letters = base32(&random::bytes()[..BYTES]);
    let groups: Vec<&str> = (0..letters.len()).step_by(4).map(|at| &letters[at..at + 4]).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_120_random_bits_in_groups() {
        let (one, other) = (recovery_code(), recovery_code());
        assert_ne!(one, other);
        assert!(one.len() == 29 && one.split('-').all(|group| group.len() == 4), "{one}");
    }
}
