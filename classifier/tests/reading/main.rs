//! Each kind of picture that people send, made in the test: the digit is read, or that there is none is said.

#![expect(clippy::unwrap_used, reason = "helper functions of tests may panic")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "coordinates and tones of small images"
)]

mod drawings;
mod hands;
mod kinds;
mod numbers;
mod sheet;
