//! Images: downsampling to a working grid, and a second search at full resolution where downsampling loses detail.

use super::{
    ImageView, Pixel, alpha, binarize,
    connected_components::{self, ComponentFilter, Digit},
    grid::Grid,
    rect::Rect,
};

/// Target number of cells of the working grid (256 x 256 or any other shape). Very large images get up to four times as
/// many, so that thin strokes survive.
const TARGET_CELLS: usize = 1 << 16;

/// A digit whose longer side has fewer cells than this on a downsampled grid is searched again at a higher resolution.
const MIN_DIGIT_SIDE: usize = 96;

/// The digit's ink, cropped to its bounding box; `None` if there is none.
pub(super) fn extract_digit(image: ImageView<'_>) -> Option<Grid> {
    let background = alpha::background_luma(image)?;
    let whole = Rect {
        left: 0,
        top: 0,
        right: image.width,
        bottom: image.pixels.len() / image.width,
    };
    let mut found = search(image, whole, background, ComponentFilter::All)?;
    if found.digit.is_solid() {
        // A solid region may be a sheet of paper on a dark table: search within it.
        let within = found.digit.area.shrunk(found.digit.area.longer_side() / 32 + 1);
        found = search(image, found.pixels(within), background, ComponentFilter::ExcludeBorder).unwrap_or(found);
    }
    if found.digit.area.longer_side() < MIN_DIGIT_SIDE {
        // Search the surroundings of a small digit again, if that is at a higher resolution.
        let around = found.digit.area.expanded(found.digit.area.longer_side() / 4 + 4);
        let around = found.pixels(around);
        if reduction(around) < found.factor {
            found = search(image, around, background, ComponentFilter::All).unwrap_or(found);
        }
    }
    Some(found.digit.grid)
}

/// The digit found in one region of the image.
struct SearchResult {
    digit: Digit,
    /// The searched region, in pixels.
    region: Rect,
    /// Side of a cell, in pixels.
    factor: usize,
}

impl SearchResult {
    /// Converts a rectangle of cells to pixels of the image.
    fn pixels(&self, cells: Rect) -> Rect {
        Rect {
            left: self.region.left + cells.left * self.factor,
            top: self.region.top + cells.top * self.factor,
            right: (self.region.left + cells.right * self.factor).min(self.region.right),
            bottom: (self.region.top + cells.bottom * self.factor).min(self.region.bottom),
        }
    }
}

/// Searches a region of the image for the digit.
fn search(image: ImageView<'_>, region: Rect, background: u32, filter: ComponentFilter) -> Option<SearchResult> {
    let (luma, factor) = downsample(image, region, background);
    let digit = connected_components::extract_digit(&binarize::extract_ink(&luma)?, filter)?;
    Some(SearchResult { digit, region, factor })
}

/// Averages the pixels of `area`, composited on `background`, in squares so that the grid stays within the target size.
/// Returns the luminance grid and the side of the squares in pixels.
fn downsample(image: ImageView<'_>, area: Rect, background: u32) -> (Grid, usize) {
    let factor = reduction(area);
    let mut grid = Grid::zeros(area.width().div_ceil(factor), area.height().div_ceil(factor));
    // Columns are summed first, then rows: the inner loop has no remainder and vectorizes. A u32 sum holds squares up
    // to 66,000 pixels high, which only images above 10^10 pixels need.
    let mut sums = vec![0_u32; area.width()];
    for (row, cells) in grid.values.chunks_exact_mut(grid.width).enumerate() {
        let top = area.top + row * factor;
        let bottom = (top + factor).min(area.bottom);
        sums.fill(0);
        for y in top..bottom {
            add_row(
                &image.pixels[y * image.width + area.left..y * image.width + area.right],
                background,
                &mut sums,
            );
        }
        average(&sums, factor, bottom - top, cells);
    }
    (grid, factor)
}

/// The side of the squares that make a grid of the target size of `area`.
fn reduction(area: Rect) -> usize {
    let cells = |factor: usize| area.width().div_ceil(factor) * area.height().div_ceil(factor);
    let max_cells = (cells(1) / 64).clamp(TARGET_CELLS, 4 * TARGET_CELLS);
    let mut factor = 1;
    while cells(factor) > max_cells {
        factor += 1;
    }
    factor
}

/// Adds the luminance of each pixel, composited on `background`, times 255.
fn add_row(pixels: &[Pixel], background: u32, sums: &mut [u32]) {
    let sums = sums.iter_mut().zip(pixels);
    if alpha::is_opaque(pixels) {
        sums.for_each(|(sum, pixel)| *sum += u32::from(pixel.luma) * 255);
    } else {
        sums.for_each(|(sum, &pixel)| *sum += blended_luma(pixel, background));
    }
}

/// The mean luminance of squares of `factor` columns and `height` rows, given as the sums of the columns; the last square may
/// have fewer columns.
fn average(sums: &[u32], factor: usize, height: usize, cells: &mut [f32]) {
    let pixels = |width: usize| (width * height) as f32 * 255.0;
    let full = pixels(factor);
    // The usual factors have loops without an inner one.
    match factor {
        1 => {
            for (cell, &sum) in cells.iter_mut().zip(sums) {
                *cell = sum as f32 / full;
            }
        }
        2 if sums.len().is_multiple_of(2) => {
            for (cell, [first, second]) in cells.iter_mut().zip(sums.as_chunks().0) {
                *cell = (first + second) as f32 / full;
            }
        }
        _ => {
            for (cell, columns) in cells.iter_mut().zip(sums.chunks(factor)) {
                let sum: u64 = columns.iter().map(|&sum| u64::from(sum)).sum();
                *cell = sum as f32 / pixels(columns.len());
            }
        }
    }
}

/// Luminance of a pixel composited on `background`, times 255.
fn blended_luma(pixel: Pixel, background: u32) -> u32 {
    u32::from(pixel.luma) * u32::from(pixel.alpha) + background * u32::from(255 - pixel.alpha)
}
