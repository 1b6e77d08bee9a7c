//! Pictures: what a transparent one's paper is, and any size brought down to a working size.

use super::{
    Page, Pixel, blobs, paper,
    sheet::{Area, Sheet},
};

/// Cells of the working sheet at most: 256 x 256, or the same number in any other shape. Up to four times as many for
/// pages so large that reading them takes longer still, so that thin strokes don't drown.
const WORKING_CELLS: usize = 1 << 16;

/// A digit smaller than this on a reduced sheet is looked at again in the full picture; in cells.
const DETAIL: usize = 96;

/// Luminance apart from which two tones are told apart for certain.
const TONES_APART: usize = 64;

/// The digit's ink, cut out; `None` when there is none.
pub(super) fn find_digit(page: Page<'_>) -> Option<Sheet> {
    let fill = fill(page)?;
    let whole = Area {
        left: 0,
        top: 0,
        right: page.width,
        bottom: page.pixels.len() / page.width,
    };
    let (luma, factor) = reduced(page, whole, fill);
    let ink = paper::ink(&luma)?;
    let digit = blobs::digit(&ink)?;
    if factor == 1 || digit.area.longest() >= DETAIL {
        return Some(digit.sheet);
    }
    // The reduction cost detail: cut the digit out with some paper around it and look closer.
    let margin = digit.area.longest() / 4 + 4;
    let closer = Area {
        left: digit.area.left.saturating_sub(margin) * factor,
        top: digit.area.top.saturating_sub(margin) * factor,
        right: ((digit.area.right + margin) * factor).min(whole.right),
        bottom: ((digit.area.bottom + margin) * factor).min(whole.bottom),
    };
    let (luma, _) = reduced(page, closer, fill);
    let closer = paper::ink(&luma).and_then(|ink| blobs::digit(&ink));
    Some(closer.unwrap_or(digit).sheet)
}

/// The luminance, 0 to 255, that makes the strokes of a transparent picture visible; `None` when all of it is
/// transparent.
fn fill(page: Page<'_>) -> Option<u32> {
    if page.pixels.iter().all(|pixel| pixel.alpha == 255) {
        return Some(255);
    }
    let mut visible = [0_u64; 256];
    let mut outline = [0_u64; 256];
    for (index, pixel) in page.pixels.iter().enumerate() {
        visible[usize::from(pixel.luma)] += u64::from(pixel.alpha);
        let left = (!index.is_multiple_of(page.width)).then(|| page.pixels[index - 1]);
        let above = index.checked_sub(page.width).map(|above| page.pixels[above]);
        for neighbour in [left, above].into_iter().flatten() {
            match (neighbour.alpha >= 128, pixel.alpha >= 128) {
                (false, true) => outline[usize::from(pixel.luma)] += u64::from(pixel.alpha),
                (true, false) => outline[usize::from(neighbour.luma)] += u64::from(neighbour.alpha),
                _ => {}
            }
        }
    }
    let total: u64 = visible.iter().sum();
    if total == 0 {
        return None;
    }
    // Ink on a card of its own paper: what lies inside differs from what borders on the transparent part, which is the
    // card's paper and goes on beyond its edge.
    if outline.iter().any(|&count| count > 0) {
        let edge = median(&outline);
        let inside = |tone: usize| visible[tone].saturating_sub(outline[tone]);
        let apart: u64 = (0..256_usize)
            .filter(|tone| tone.abs_diff(edge) > TONES_APART)
            .map(inside)
            .sum();
        if apart * 100 > (0..256).map(inside).sum::<u64>() {
            return Some(edge as u32);
        }
    }
    // One tone only: it is the ink (or, where the digit is cut out of it, the paper), so the rest is its opposite.
    Some(if median(&visible) < 128 { 255 } else { 0 })
}

/// The value below which half of the histogram lies.
fn median(histogram: &[u64; 256]) -> usize {
    let half = histogram.iter().sum::<u64>() / 2;
    let mut below = 0;
    histogram
        .iter()
        .position(|count| {
            below += count;
            below > half
        })
        .unwrap_or(0)
}

/// The pixels of `area` on paper of tone `fill`, averaged in squares so that they fit the working size; and the
/// squares' side.
fn reduced(page: Page<'_>, area: Area, fill: u32) -> (Sheet, usize) {
    let cells = |factor: usize| area.width().div_ceil(factor) * area.height().div_ceil(factor);
    let most = (cells(1) / 64).clamp(WORKING_CELLS, 4 * WORKING_CELLS);
    let mut factor = 1;
    while cells(factor) > most {
        factor += 1;
    }
    let mut sheet = Sheet::blank(area.width().div_ceil(factor), area.height().div_ceil(factor));
    let mut sums = vec![0_u64; sheet.width];
    for (row, cells) in sheet.values.chunks_exact_mut(sums.len()).enumerate() {
        let top = area.top + row * factor;
        let bottom = (top + factor).min(area.bottom);
        sums.fill(0);
        for y in top..bottom {
            let pixels = &page.pixels[y * page.width + area.left..y * page.width + area.right];
            for (sum, square) in sums.iter_mut().zip(pixels.chunks(factor)) {
                *sum += square.iter().map(|&pixel| u64::from(tone(pixel, fill))).sum::<u64>();
            }
        }
        for (column, (cell, sum)) in cells.iter_mut().zip(&sums).enumerate() {
            let across = factor.min(area.width() - column * factor);
            *cell = *sum as f32 / ((across * (bottom - top)) as f32 * 255.0);
        }
    }
    (sheet, factor)
}

/// A pixel's luminance on paper of tone `fill`, times 255.
fn tone(pixel: Pixel, fill: u32) -> u32 {
    u32::from(pixel.luma) * u32::from(pixel.alpha) + fill * u32::from(255 - pixel.alpha)
}
