//! Framing: any picture or drawing to the network's 28 x 28.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests fail and speak as tests do"
)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "coordinates and tones of small pages"
)]
#![expect(clippy::float_cmp, reason = "the same picture, to the last bit")]

mod any_input;
mod digits;
mod pages;
mod paper;
mod strokes;
