//! MNIST's own framing: the digit's longer side 20 pixels, its centre of mass in the middle of 28 x 28.

use super::{
    pen::{self, BOX},
    sheet::Sheet,
};
use crate::{PIXELS, Picture, SIDE};

/// Frame a digit that was cut out along its box.
pub(super) fn frame(digit: Sheet) -> Picture {
    let digit = match pen::evened(&digit) {
        Some(evened) => evened.area_above(0.1).map_or(digit, |area| evened.cut(area, 0)),
        None => digit,
    };
    let mut small = digit.scaled(BOX / digit.longest() as f32);
    let peak = small.values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    for value in &mut small.values {
        *value = (*value / peak).min(1.0);
    }
    centred(&small)
}

/// The digit on the network's input, moved by whole pixels as MNIST's were: the mean row and column of its ink, counted
/// from 0, come within half a pixel of 14 (measured on MNIST: never farther).
fn centred(digit: &Sheet) -> Picture {
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
    Picture(picture)
}
