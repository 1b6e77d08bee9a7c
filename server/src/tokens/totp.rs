//! Codes of an authenticator app: TOTP (RFC 6238) with SHA-1, six digits and steps of 30 seconds, which is what all apps
//! support.

use api::access::percent_encode;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use sha1::Sha1;

use super::{Keys, base32, derive};

/// Bytes of a secret: those of a SHA-1, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;

/// The length of a step, in seconds.
const STEP: i64 = 30;

/// One more than the greatest code.
const CODES: u32 = 1_000_000;

/// The secret that the server shares with an authenticator app. It isn't stored: a copy of the database makes no codes.
pub(crate) struct Totp([u8; SECRET_BYTES]);

impl Totp {
    /// The secret of a seed.
    pub(crate) fn of_seed(keys: &Keys, seed: &[u8]) -> Self {
        let mut secret = [0; SECRET_BYTES];
        secret.copy_from_slice(&derive(keys, "totp", seed)[..SECRET_BYTES]);
        Self(secret)
    }

    /// The secret in base32, to be typed into an app.
    pub(crate) fn base32(&self) -> String {
        base32(&self.0)
    }

    /// The secret with its parameters, as apps read it from a QR code
    /// (<https://github.com/google/google-authenticator/wiki/Key-Uri-Format>).
    pub(crate) fn uri(&self, username: &str) -> String {
        format!(
            "otpauth://totp/Trazo:{}?secret={}&issuer=Trazo&algorithm=SHA1&digits=6&period={STEP}",
            percent_encode(username),
            self.base32()
        )
    }

    /// The step of a code: the current one, that before or that after it, because clocks differ and typing takes time. `None`
    /// for other codes.
    pub(crate) fn step_of(&self, code: &str, now: DateTime<Utc>) -> Option<i64> {
        if code.len() != 6 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let code: u32 = code.parse().ok()?;
        let current = now.timestamp().div_euclid(STEP);
        (current - 1..=current + 1).find(|step| self.code(*step) == code)
    }

    /// RFC 4226, section 5.3.
    fn code(&self, step: i64) -> u32 {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes a key of any length")
        };
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let start = usize::from(hash[SECRET_BYTES - 1] % 16);
        let bits = hash[start..start + 4]
            .iter()
            .fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        (bits & 0x7fff_ffff) % CODES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC: Totp = Totp(*b"12345678901234567890");

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// RFC 6238, appendix B; its codes have eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            assert_eq!(RFC.code(seconds / STEP), code % CODES, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_accepted_one_step_earlier_and_later() {
        // The code of the step from 30 to 59 seconds.
        for (seconds, step) in [(0, Some(1)), (30, Some(1)), (89, Some(1)), (90, None), (-1, None)] {
            assert_eq!(RFC.step_of("287082", at(seconds)), step, "{seconds}");
        }
        assert_eq!(RFC.step_of("287083", at(59)), None);
    }

    #[test]
    fn only_six_digits_are_a_code() {
        for code in ["", "28708", "2870820", "+87082", "28708x", "２８７０８２"] {
            assert_eq!(RFC.step_of(code, at(59)), None, "{code}");
        }
    }

    #[test]
    fn the_uri_names_the_account() {
        let expected = "otpauth://totp/Trazo:%C3%91and%C3%BA?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
                        &issuer=Trazo&algorithm=SHA1&digits=6&period=30";
        assert_eq!(RFC.uri("Ñandú"), expected);
    }
}
