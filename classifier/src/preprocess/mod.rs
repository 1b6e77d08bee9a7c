//! From an image or a drawing of any size to the network's 28 x 28 inputs, the way MNIST was prepared: one for each place
//! where a digit may be.
//!
//! The browser, the server and the training share this code. Stages, in order:
//!
//! - `picture`: reduces the pixels, row by row, to at most a million cells;
//! - `alpha`, `colour`: one tone for each cell, on the background that shows the strokes;
//! - `image`: the ways to see the page, and the candidates that each of them gives;
//! - `binarize`: finds the background tone, removes uneven illumination and noise, and gives the ink of each cell;
//! - `rulings`: removes lines across the page;
//! - `connected_components`: the pieces of ink, and which of them may be a digit together;
//! - `stroke_width`: brings very thin and very thick strokes into the range of the training data;
//! - `model_input`: scales the digit into a 20 x 20 box and centres its mass in 28 x 28.
//!
//! A drawing is rasterized by `strokes` and enters at `connected_components`. `number` cuts lines of writing. `framing` shows
//! the page as the network would see it without these stages.
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
mod binarize;
mod candidate;
mod colour;
mod connected_components;
mod framing;
pub(crate) mod grid;
mod histogram;
mod illumination;
mod image;
mod model_input;
mod number;
mod order;
mod picture;
pub(crate) mod rect;
mod resample;
mod rulings;
mod stroke_width;
pub(crate) mod strokes;

use crate::{ModelInput, PIXELS};
pub use candidate::{Area, Candidate};
pub use framing::PageInk;
pub(crate) use number::Cutting;
pub use number::{Part, WrittenLine};
pub use picture::{Picture, Reducer};

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

/// Places of a picture where a digit may be, the likeliest first, at most sixteen; none if it is blank.
pub fn candidates(picture: &Picture) -> Vec<Candidate> {
    image::candidates(picture)
}

/// Prepares the likeliest place of an image for the network, as [`candidates`] has it first.
pub fn preprocess_image(image: ImageView<'_>) -> Preprocessed {
    let height = image.pixels.len() / image.width;
    let found = Reducer::new(image.width, height).map(|mut reducer| {
        for row in image.pixels.chunks_exact(image.width) {
            let row: Vec<u8> = row
                .iter()
                .flat_map(|pixel| [pixel.luma, pixel.luma, pixel.luma, pixel.alpha])
                .collect();
            reducer.push(&row);
        }
        candidates(&reducer.finish())
    });
    Preprocessed::first(found.unwrap_or_default())
}

/// Parts of a drawing that may be the digit, the likeliest first; none if it has no point.
pub fn drawing_candidates(strokes: &[Stroke]) -> Vec<Candidate> {
    strokes::candidates(strokes)
}

/// The lines of writing in a picture, from the top, cut into what may be digits.
pub fn lines(picture: &Picture) -> Vec<WrittenLine> {
    image::lines(picture)
}

/// The lines of writing in a drawing, from the top, cut into what may be digits.
pub fn drawing_lines(strokes: &[Stroke]) -> Vec<WrittenLine> {
    strokes::lines(strokes)
}

/// A drawing as it was drawn, in black on white: the luminance of each pixel of a square page, row by row. Points and
/// widths are in pixels of it.
pub fn page(strokes: &[Stroke], side: usize) -> Vec<u8> {
    strokes::page(strokes, side)
}

/// Rasterizes a drawing and prepares it for the network, as [`drawing_candidates`] has it first.
pub fn preprocess_strokes(strokes: &[Stroke]) -> Preprocessed {
    Preprocessed::first(drawing_candidates(strokes))
}

/// Prepares ink for the network, all of it: cropped, its strokes' width brought into the range of the training data,
/// scaled and centred. `None` if there is none.
#[cfg(feature = "train")]
pub(crate) fn frame(ink: &grid::Grid) -> Option<ModelInput> {
    let area = ink.bounding_box(0.0)?;
    Some(model_input::to_model_input(&stroke_width::normalize(ink.crop(area, 0))))
}

/// Prepares a whole drawing for the network: none of its strokes is left out. `None` if it has no point.
#[cfg(feature = "train")]
pub(crate) fn frame_drawing(strokes: &[Stroke]) -> Option<ModelInput> {
    strokes::whole_drawing(strokes).map(|ink| model_input::to_model_input(&ink))
}

impl Preprocessed {
    fn first(candidates: Vec<Candidate>) -> Self {
        let first = candidates.into_iter().next();
        Self {
            blank: first.is_none(),
            input: first.map_or(ModelInput([0.0; PIXELS]), |candidate| candidate.input),
        }
    }
}
