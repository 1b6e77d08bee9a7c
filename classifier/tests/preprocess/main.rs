//! Preprocessing of images and drawings into the network's 28 x 28 input.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helper functions of tests may panic and print"
)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "coordinates and tones of small images"
)]
#![expect(clippy::float_cmp, reason = "results must be bit-identical")]

mod any_input;
mod canvas;
mod digits;
mod images;
mod strokes;
