//! How wide the pen was, and evening it out where a thin or fat one would mislead the network.

use super::sheet::Sheet;

/// The digit's box on the network's input, in pixels.
pub(super) const BOX: f32 = 20.0;

/// Mean stroke widths, in pixels of the 20 x 20 box, between which a digit is left alone: of MNIST's 60,000 training
/// digits 7 in 100 are thinner and 6 fatter (median 2.4, all but 2 in 1,000 within 1.3 and 5.4).
pub(super) const THIN: f32 = 1.7;
pub(super) const FAT: f32 = 3.4;

/// Side of the sheet on which strokes are widened or narrowed, in cells: four to a pixel of the box.
const WORKING: f32 = 80.0;

/// Mean width of the strokes, in cells: twice the ink over the length of its outline (for a long stroke the outline is
/// twice its length). Soft edges count by their slope, so it needs no threshold.
pub(super) fn width(digit: &Sheet) -> f32 {
    let padded = digit.cut(digit.whole(), 1);
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

/// The digit with its strokes brought into the range that the network knows, cut out along its box.
pub(super) fn evened(digit: Sheet) -> Sheet {
    let width = width(&digit) * BOX / digit.longest() as f32;
    if (THIN..=FAT).contains(&width) {
        return digit;
    }
    let scaled = digit.scaled(WORKING / digit.longest() as f32);
    // Widening by d on each side makes the box larger too: (width + 2d) * 20 / (80 + 2d) is to be the target.
    let target = width.clamp(THIN, FAT);
    let offset = (target - width) * (WORKING / BOX) / (2.0 * (1.0 - target / BOX));
    let evened = if offset > 0.0 {
        widened(&scaled, offset)
    } else {
        narrowed(&scaled, -offset)
    };
    evened.area_above(0.1).map_or(digit, |area| evened.cut(area, 0))
}

/// Every stroke wider by `offset` cells on each side: the strongest ink under a soft round brush.
fn widened(digit: &Sheet, offset: f32) -> Sheet {
    let margin = offset.ceil() as usize + 1;
    let mut wide = digit.cut(digit.whole(), margin);
    // A faint hair line is as much of a stroke as a black one.
    let peak = digit.values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let brush = brush(offset);
    for y in 0..digit.height {
        for x in 0..digit.width {
            let value = (digit.at(x, y) / peak).min(1.0);
            if value <= 0.0 {
                continue;
            }
            for &(across, down, weight) in &brush {
                let index =
                    (y + margin).wrapping_add_signed(down) * wide.width + (x + margin).wrapping_add_signed(across);
                wide.values[index] = wide.values[index].max(value * weight);
            }
        }
    }
    wide
}

/// Every stroke narrower by `offset` cells on each side: the paper is widened.
fn narrowed(digit: &Sheet, offset: f32) -> Sheet {
    let margin = offset.ceil() as usize + 1;
    let paper = digit.cut(digit.whole(), margin).inverted();
    widened(&paper, offset).cut(paper.whole().moved(margin), 0).inverted()
}

/// Places around a cell within `radius`, and how strongly a round brush covers each.
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
