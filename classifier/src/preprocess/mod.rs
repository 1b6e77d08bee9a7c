//! From any picture or drawing to the network's 28 x 28, as MNIST framed its own digits.
//!
//! The only copy of this logic, for page and server alike. One way through it:
//! `page` (alpha, size) → `paper` (polarity, light, noise: how much ink is where) → `blobs` (which ink is the digit)
//! → `frame` (box, pen width, 20 x 20, centre of mass). A drawing enters at `blobs`, drawn by `drawing`.
//!
//! Plain `f32` with the four operations and square roots only, so that WASM and native agree to the last bit.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixel counts and coordinates are far below 2^24, and `as` saturates"
)]

mod alpha;
mod blobs;
mod drawing;
mod frame;
mod histogram;
mod light;
mod page;
mod paper;
mod pen;
mod sheet;
mod surface;

use crate::{ModelInput, PIXELS};
use sheet::Sheet;

/// One pixel of a picture to be read: luminance and opacity, each 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pixel {
    /// Luminance, 0 black to 255 white.
    pub luma: u8,
    /// Opacity, 0 transparent to 255 opaque.
    pub alpha: u8,
}

/// A picture of any size, row by row from the top left.
#[derive(Debug, Clone, Copy)]
pub struct ImageView<'a> {
    width: usize,
    pixels: &'a [Pixel],
}

/// One pull of the pen: the points it passed, in any unit, and its width in the same unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// Points (x to the right, y down). One point is a dot.
    pub points: Vec<[f32; 2]>,
    /// The pen's width.
    pub width: f32,
}

/// A picture framed for the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Preprocessed {
    /// The network's input.
    pub input: ModelInput,
    /// No stroke was found on it: the picture is all paper.
    pub blank: bool,
}

impl<'a> ImageView<'a> {
    /// A page of `width` pixels a row; `None` unless the pixels make whole rows and there is at least one.
    pub fn new(width: usize, pixels: &'a [Pixel]) -> Option<Self> {
        (width > 0 && !pixels.is_empty() && pixels.len().is_multiple_of(width)).then_some(Self { width, pixels })
    }
}

/// Frame a picture, whatever its polarity, size and margin.
pub fn preprocess_image(page: ImageView<'_>) -> Preprocessed {
    Preprocessed::of(page::find_digit(page).map(pen::evened))
}

/// Frame a drawing.
pub fn preprocess_strokes(strokes: &[Stroke]) -> Preprocessed {
    Preprocessed::of(drawing::find_digit(strokes))
}

impl Preprocessed {
    /// `None`: no digit was found.
    fn of(digit: Option<Sheet>) -> Self {
        Self {
            blank: digit.is_none(),
            input: digit.map_or(ModelInput([0.0; PIXELS]), |digit| frame::frame(&digit)),
        }
    }
}
