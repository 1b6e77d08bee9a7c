//! Measures the mean stroke width and normalizes it where a very thin or thick pen would mislead the network.

use super::grid::Grid;

/// Side of the digit's bounding box on the network's input, in pixels.
pub(super) const BOX_SIDE: f32 = 20.0;

/// Range of mean stroke widths, in pixels of the 20 x 20 box, that is left unchanged. Of MNIST's 60,000 training digits
/// 7 % are thinner and 6 % thicker (median 2.4; 99.8 % lie within 1.3 and 5.4).
pub(super) const MIN_WIDTH: f32 = 1.7;
pub(super) const MAX_WIDTH: f32 = 3.4;

/// What is wider is no stroke: thinning it would take long and make no digit of it.
const MAX_STROKE: f32 = 8.0;

/// Side of the grid on which strokes are dilated or eroded, in cells: four per pixel of the box.
const WORKING_SIDE: f32 = 80.0;

/// Mean stroke width in cells: twice the ink divided by the length of the outline (for a long stroke the outline is
/// twice its length). The outline is the sum of the gradient's magnitude, so no threshold is needed.
fn mean_width(digit: &Grid) -> f32 {
    let padded = digit.crop(digit.full_area(), 1);
    let mut outline = 0.0;
    for y in 0..padded.height - 1 {
        for x in 0..padded.width - 1 {
            let here = padded.at(x, y);
            let (across, down) = (padded.at(x + 1, y) - here, padded.at(x, y + 1) - here);
            outline += (across * across + down * down).sqrt();
        }
    }
    let mass: f32 = digit.values.iter().sum();
    2.0 * mass / outline.max(f32::MIN_POSITIVE)
}

/// Brings the stroke width into the range of the training data; returns the digit cropped to its bounding box.
pub(super) fn normalize(digit: Grid) -> Grid {
    let width = mean_width(&digit) * BOX_SIDE / digit.longer_side() as f32;
    if (MIN_WIDTH..=MAX_WIDTH).contains(&width) || width > MAX_STROKE {
        return digit;
    }
    let scaled = digit.scaled(WORKING_SIDE / digit.longer_side() as f32);
    // Dilation by d on each side enlarges the box too: (width + 2d) * 20 / (80 + 2d) must be the target width.
    let target = width.clamp(MIN_WIDTH, MAX_WIDTH);
    let offset = (target - width) * (WORKING_SIDE / BOX_SIDE) / (2.0 * (1.0 - target / BOX_SIDE));
    let normalized = if offset > 0.0 {
        dilate(&scaled, offset)
    } else {
        erode(&scaled, -offset)
    };
    normalized
        .bounding_box(0.1)
        .map_or(digit, |area| normalized.crop(area, 0))
}

/// Dilates the strokes by `offset` cells on each side with a soft round structuring element.
fn dilate(digit: &Grid, offset: f32) -> Grid {
    let margin = offset.ceil() as usize + 1;
    let mut dilated = digit.crop(digit.full_area(), margin);
    // A faint thin stroke is dilated like a black one.
    let peak = digit.values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let brush = brush(offset);
    let middle = [(0, 0, (offset + 0.5).clamp(0.0, 1.0))];
    let padded = digit.crop(digit.full_area(), 1);
    for y in 0..digit.height {
        for x in 0..digit.width {
            let ink = digit.at(x, y);
            let value = (ink / peak).min(1.0);
            if value <= 0.0 {
                continue;
            }
            // The brush on a cell whose neighbours have as much ink gives no cell around it more than they do.
            let is_inside = (0..3).all(|row| {
                let near = &padded.values[(y + row) * padded.width + x..][..3];
                near.iter().all(|&value| value >= ink)
            });
            let brush = if is_inside { &middle[..] } else { &brush };
            for &(across, down, weight) in brush {
                let index =
                    (y + margin).wrapping_add_signed(down) * dilated.width + (x + margin).wrapping_add_signed(across);
                dilated.values[index] = dilated.values[index].max(value * weight);
            }
        }
    }
    dilated
}

/// Erodes the strokes by `offset` cells on each side: dilation of the background.
fn erode(digit: &Grid, offset: f32) -> Grid {
    let margin = offset.ceil() as usize + 1;
    let background = digit.crop(digit.full_area(), margin).inverted();
    dilate(&background, offset)
        .crop(background.full_area().translated(margin), 0)
        .inverted()
}

/// Offsets within `radius` of a cell, each with the share that a round brush covers.
fn brush(radius: f32) -> Vec<(isize, isize, f32)> {
    let reach = radius.ceil() as isize;
    let mut brush = Vec::new();
    for down in -reach..=reach {
        for across in -reach..=reach {
            let distance = ((down * down + across * across) as f32).sqrt();
            let weight = (radius + 0.5 - distance).clamp(0.0, 1.0);
            if weight > 0.0 {
                brush.push((across, down, weight));
            }
        }
    }
    brush
}
