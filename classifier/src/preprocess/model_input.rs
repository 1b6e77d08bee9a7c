//! MNIST's layout: the digit scaled to a longer side of 20 pixels, its centre of mass in the middle of 28 x 28.
//!
//! Source: <http://yann.lecun.com/exdb/mnist/>.

use super::{grid::Grid, stroke_width::BOX_SIDE};
use crate::{ModelInput, PIXELS, SIDE};

/// Scales and centres a digit that is cropped to its bounding box.
pub(super) fn to_model_input(digit: &Grid) -> ModelInput {
    let blur = edge_blur(digit);
    let inside = |side: usize| {
        let inset = blur.min((side as f32 - 1.0) / 2.0);
        [inset, side as f32 - inset]
    };
    let (across, down) = (inside(digit.width), inside(digit.height));
    let longest = (across[1] - across[0]).max(down[1] - down[0]);
    let mut small = digit.resampled(across, down, BOX_SIDE / longest);
    let peak = small.values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    for value in &mut small.values {
        *value = (*value / peak).min(1.0);
    }
    center(&small)
}

/// How far the blurred edges extend beyond the strokes, in cells: half the width of the steepest edge, without the one
/// cell that a sharp edge takes.
fn edge_blur(digit: &Grid) -> f32 {
    let outside = vec![0.0; digit.width];
    let below = digit.rows().skip(1).chain([outside.as_slice()]);
    let mut steepest = 0.0_f32;
    for (row, below) in digit.rows().zip(below) {
        let right = row[1..].iter().chain([&0.0]);
        for ((here, right), below) in row.iter().zip(right).zip(below) {
            for step in [(here - right).abs(), (here - below).abs()] {
                if step > steepest {
                    steepest = step;
                }
            }
        }
    }
    ((1.0 / steepest.max(0.05) - 1.0) / 2.0).max(0.0)
}

/// Places the digit on the input by whole pixels, as MNIST does: the mean row and column of its ink, counted from 0,
/// are within half a pixel of 14 (measured on MNIST: no digit is farther).
fn center(digit: &Grid) -> ModelInput {
    let (mut mass, mut across, mut down) = (0.0, 0.0, 0.0);
    for (y, row) in digit.rows().enumerate() {
        for (x, value) in row.iter().enumerate() {
            mass += value;
            across += value * x as f32;
            down += value * y as f32;
        }
    }
    let start = |moment: f32, side: usize| {
        let start = (SIDE as f32 / 2.0 - moment / mass + 0.5).floor().max(0.0) as usize;
        start.min(SIDE.saturating_sub(side))
    };
    let (left, top) = (start(across, digit.width), start(down, digit.height));
    let mut input = [0.0; PIXELS];
    for (row, from) in digit.rows().enumerate() {
        let begin = (top + row) * SIDE + left;
        input[begin..begin + from.len()].copy_from_slice(from);
    }
    ModelInput(input)
}
