//! MNIST's own framing: the digit's longer side 20 pixels, its centre of mass in the middle of 28 x 28.

use super::{pen::BOX, sheet::Sheet};
use crate::{ModelInput, PIXELS, SIDE};

/// Frame a digit that was cut out along its box.
pub(super) fn frame(digit: &Sheet) -> ModelInput {
    let fringe = fringe(digit);
    let inside = |side: usize| {
        let inset = fringe.min((side as f32 - 1.0) / 2.0);
        [inset, side as f32 - inset]
    };
    let (across, down) = (inside(digit.width), inside(digit.height));
    let longest = (across[1] - across[0]).max(down[1] - down[0]);
    let mut small = digit.resampled(across, down, BOX / longest);
    let peak = small.values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    for value in &mut small.values {
        *value = (*value / peak).min(1.0);
    }
    centred(&small)
}

/// How far the strokes' soft edges reach beyond the strokes themselves, in cells: half of what the steepest edge takes
/// from paper to ink, less the one cell that every edge takes.
fn fringe(digit: &Sheet) -> f32 {
    let mut steepest = 0.0_f32;
    for y in 0..digit.height {
        for x in 0..digit.width {
            let here = digit.at(x, y);
            let right = if x + 1 < digit.width { digit.at(x + 1, y) } else { 0.0 };
            let below = if y + 1 < digit.height { digit.at(x, y + 1) } else { 0.0 };
            steepest = steepest.max((here - right).abs()).max((here - below).abs());
        }
    }
    ((1.0 / steepest.max(0.05) - 1.0) / 2.0).max(0.0)
}

/// The digit on the network's input, moved by whole pixels as MNIST's were: the mean row and column of its ink, counted
/// from 0, come within half a pixel of 14 (measured on MNIST: never farther).
fn centred(digit: &Sheet) -> ModelInput {
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
    let mut picture = [0.0; PIXELS];
    for (row, from) in digit.rows().enumerate() {
        let begin = (top + row) * SIDE + left;
        picture[begin..begin + from.len()].copy_from_slice(from);
    }
    ModelInput(picture)
}
