//! Transparent pictures: which tone their paper has.

use super::ImageView;

/// Luminance apart from which two tones are told apart for certain.
const TONES_APART: usize = 64;

/// The luminance, 0 to 255, that makes the strokes of a transparent picture visible; `None` when all of it is
/// transparent.
pub(super) fn paper_tone(page: ImageView<'_>) -> Option<u32> {
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
