//! Converts an image or a drawing of any size into the network's 28 x 28 input, the way MNIST was prepared.
//!
//! The browser, the server and the tests share this code. Stages, in order:
//!
//! - `image`: composites transparent pixels and downsamples to a working grid;
//! - `binarize`: finds the background tone, removes uneven illumination and noise, and gives the ink of each cell;
//! - `connected_components`: selects the ink that belongs to the digit;
//! - `stroke_width`: brings very thin and very thick strokes into the range of the training data;
//! - `model_input`: scales the digit into a 20 x 20 box and centres its mass in 28 x 28.
//!
//! A drawing is rasterized by `strokes` and enters at `connected_components`.
//!
//! Only the four basic operations and square roots on `f32` are used, so that WASM and native builds give the same
//! bits.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixel counts and coordinates are far below 2^24, and `as` saturates"
)]

mod alpha;
mod background_fit;
mod binarize;
mod connected_components;
mod grid;
mod histogram;
mod illumination;
mod image;
mod model_input;
mod rect;
mod resample;
mod stroke_width;
mod strokes;

use crate::{ModelInput, PIXELS};
use grid::Grid;

/// One pixel: luminance and opacity, each 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pixel {
    /// Luminance, 0 black to 255 white.
    pub luma: u8,
    /// Opacity, 0 transparent to 255 opaque.
    pub alpha: u8,
}

/// A borrowed image of any size, row by row from the top left.
#[derive(Debug, Clone, Copy)]
pub struct ImageView<'a> {
    width: usize,
    pixels: &'a [Pixel],
}

/// One stroke of a drawing: the points of the pen's path and its width, both in the same arbitrary unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// Points as `[x, y]`, x to the right and y down. A single point is drawn as a dot.
    pub points: Vec<[f32; 2]>,
    /// Pen width.
    pub width: f32,
}

/// A preprocessed image or drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Preprocessed {
    /// The network's input.
    pub input: ModelInput,
    /// No stroke was found; every value of `input` is 0.
    pub blank: bool,
}

impl<'a> ImageView<'a> {
    /// Creates a view of `pixels` with `width` pixels per row.
    ///
    /// Returns `None` if there are no pixels or the last row is incomplete.
    pub fn new(width: usize, pixels: &'a [Pixel]) -> Option<Self> {
        (width > 0 && !pixels.is_empty() && pixels.len().is_multiple_of(width)).then_some(Self { width, pixels })
    }
}

/// Finds the digit on an image and prepares it for the network.
pub fn preprocess_image(image: ImageView<'_>) -> Preprocessed {
    Preprocessed::from_digit(image::extract_digit(image).map(stroke_width::normalize))
}

/// Rasterizes a drawing and prepares it for the network.
pub fn preprocess_strokes(strokes: &[Stroke]) -> Preprocessed {
    Preprocessed::from_digit(strokes::extract_digit(strokes))
}

impl Preprocessed {
    fn from_digit(digit: Option<Grid>) -> Self {
        Self {
            blank: digit.is_none(),
            input: digit.map_or(ModelInput([0.0; PIXELS]), |digit| model_input::to_model_input(&digit)),
        }
    }
}
