//! Pictures: any size brought down to a working size, and a second look where that hides the digit.

use super::{
    ImageView, Pixel, alpha,
    blobs::{self, Digit, Pieces},
    paper,
    sheet::{Area, Sheet},
};

/// Cells of the working sheet at most: 256 x 256, or the same number in any other shape. Up to four times as many for
/// pages so large that reading them takes longer still, so that thin strokes don't drown.
const WORKING_CELLS: usize = 1 << 16;

/// A digit smaller than this on a reduced sheet is looked at again in the full picture; in cells.
const DETAIL: usize = 96;

/// The digit's ink, cut out; `None` when there is none.
pub(super) fn find_digit(page: ImageView<'_>) -> Option<Sheet> {
    let tone = alpha::paper_tone(page)?;
    let whole = Area {
        left: 0,
        top: 0,
        right: page.width,
        bottom: page.pixels.len() / page.width,
    };
    let mut found = look(page, whole, tone, Pieces::All)?;
    if found.digit.is_solid() {
        // Not a digit, perhaps, but a sheet of paper on a desk: then there is one within.
        let within = found.digit.area.shrunk(found.digit.area.longest() / 32 + 1);
        found = look(page, found.pixels(within), tone, Pieces::OffTheBorder).unwrap_or(found);
    }
    if found.factor > 1 && found.digit.area.longest() < DETAIL {
        // The reduction cost detail: look closer, with some paper around.
        let around = found.digit.area.grown(found.digit.area.longest() / 4 + 4);
        found = look(page, found.pixels(around), tone, Pieces::All).unwrap_or(found);
    }
    Some(found.digit.sheet)
}

/// What a look at a part of the page found.
struct Found {
    digit: Digit,
    /// The part that was looked at, in pixels.
    part: Area,
    /// Pixels along the side of a cell.
    factor: usize,
}

impl Found {
    /// Where on the page an area of cells is.
    fn pixels(&self, cells: Area) -> Area {
        Area {
            left: self.part.left + cells.left * self.factor,
            top: self.part.top + cells.top * self.factor,
            right: (self.part.left + cells.right * self.factor).min(self.part.right),
            bottom: (self.part.top + cells.bottom * self.factor).min(self.part.bottom),
        }
    }
}

/// Look for the digit in a part of the page.
fn look(page: ImageView<'_>, part: Area, tone: u32, pieces: Pieces) -> Option<Found> {
    let (luma, factor) = reduced(page, part, tone);
    let digit = blobs::digit(&paper::ink(&luma)?, pieces)?;
    Some(Found { digit, part, factor })
}

/// The pixels of `area` on paper of tone `paper`, averaged in squares so that they fit the working size; and the
/// squares' side.
fn reduced(page: ImageView<'_>, area: Area, paper: u32) -> (Sheet, usize) {
    let cells = |factor: usize| area.width().div_ceil(factor) * area.height().div_ceil(factor);
    let most = (cells(1) / 64).clamp(WORKING_CELLS, 4 * WORKING_CELLS);
    let mut factor = 1;
    while cells(factor) > most {
        factor += 1;
    }
    let mut sheet = Sheet::blank(area.width().div_ceil(factor), area.height().div_ceil(factor));
    // Down first, then across: the long loop has no remainder to look after. A sum fits while a square is below 66,000
    // pixels high, which takes a page of more than 10^10.
    let mut sums = vec![0_u32; area.width()];
    for (row, cells) in sheet.values.chunks_exact_mut(sheet.width).enumerate() {
        let top = area.top + row * factor;
        let bottom = (top + factor).min(area.bottom);
        sums.fill(0);
        for y in top..bottom {
            let pixels = &page.pixels[y * page.width + area.left..y * page.width + area.right];
            for (sum, &pixel) in sums.iter_mut().zip(pixels) {
                *sum += tone(pixel, paper);
            }
        }
        for (cell, square) in cells.iter_mut().zip(sums.chunks(factor)) {
            let sum: u64 = square.iter().map(|&sum| u64::from(sum)).sum();
            *cell = sum as f32 / ((square.len() * (bottom - top)) as f32 * 255.0);
        }
    }
    (sheet, factor)
}

/// A pixel's luminance on paper of tone `paper`, times 255.
fn tone(pixel: Pixel, paper: u32) -> u32 {
    u32::from(pixel.luma) * u32::from(pixel.alpha) + paper * u32::from(255 - pixel.alpha)
}
