//! Background tone of images with transparency.

use super::{ImageView, Pixel};

/// Two luminance values farther apart than this belong to different tones.
const MIN_TONE_DISTANCE: usize = 64;

/// The luminance (0 to 255) of the background on which the strokes of a transparent image are visible; 255 for an
/// opaque image, `None` for a fully transparent one.
pub(super) fn background_luma(image: ImageView<'_>) -> Option<u32> {
    if is_opaque(image.pixels) {
        return Some(255);
    }
    let mut visible = [0_u64; 256];
    let mut outline = [0_u64; 256];
    for (index, pixel) in image.pixels.iter().enumerate() {
        visible[usize::from(pixel.luma)] += u64::from(pixel.alpha);
        let left = (!index.is_multiple_of(image.width)).then(|| image.pixels[index - 1]);
        let above = index.checked_sub(image.width).map(|above| image.pixels[above]);
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
    // A sheet with its own background tone, cut out along its edge: the tone along the transparent border is the
    // background if the inside contains another tone.
    if outline.iter().any(|&count| count > 0) {
        let edge = median(&outline);
        let inside = |tone: usize| visible[tone].saturating_sub(outline[tone]);
        let distinct: u64 = (0..256_usize)
            .filter(|tone| tone.abs_diff(edge) > MIN_TONE_DISTANCE)
            .map(inside)
            .sum();
        if distinct * 100 > (0..256).map(inside).sum::<u64>() {
            return Some(edge as u32);
        }
    }
    // A single tone: it is the ink, or the background with the digit cut out. The contrasting tone makes it visible.
    Some(if median(&visible) < 128 { 255 } else { 0 })
}

/// Whether all pixels are opaque.
pub(super) fn is_opaque(pixels: &[Pixel]) -> bool {
    // Blocks without an early exit are compared many pixels at a time.
    let is_opaque = |block: &[Pixel]| block.iter().fold(255, |all, pixel| all & pixel.alpha) == 255;
    pixels.chunks(256).all(is_opaque)
}

/// The smallest bin with more than half of the weight at or below it.
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
