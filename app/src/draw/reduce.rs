//! The reduction of a decoded image to what the page reads, shows and sends.

use classifier::preprocess::{Picture, Reducer};
use web_sys::{HtmlCanvasElement, ImageBitmap};

use crate::browser::{
    canvas::{alters_pixels, paint},
    document::{new_canvas, readable_context_2d},
};

/// The longest side of a reduced image, in pixels.
const MAX_SIDE: u32 = 1024;

/// Rows that are copied at once, so that a large image isn't held a second time.
const ROWS: u32 = 64;

/// The reduced image on the paper that the reader takes for it, and its pixels. There are no pixels where the browser alters
/// what a page reads from a canvas.
pub fn reduce(bitmap: &ImageBitmap) -> Option<(HtmlCanvasElement, Option<Picture>)> {
    if alters_pixels() {
        let [width, height] = fitted(bitmap.width(), bitmap.height());
        let canvas = new_canvas(width, height)?;
        let context = readable_context_2d(&canvas)?;
        context.set_fill_style_str("#fff");
        context.fill_rect(0.0, 0.0, width, height);
        context
            .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)
            .ok()?;
        return Some((canvas, None));
    }
    // Averaged in squares of whole pixels: where a browser reduces by more than half, thin strokes disappear.
    let (columns, pixels) = read(bitmap)?.on_paper();
    let cells = paint(u32::try_from(columns).ok()?, &pixels)?;
    if cells.width().max(cells.height()) <= MAX_SIDE {
        let picture = picture(columns, &pixels)?;
        return Some((cells, Some(picture)));
    }
    let [width, height] = fitted(cells.width(), cells.height());
    let canvas = new_canvas(width, height)?;
    let context = readable_context_2d(&canvas)?;
    context
        .draw_image_with_html_canvas_element_and_dw_and_dh(&cells, 0.0, 0.0, width, height)
        .ok()?;
    let pixels = context.get_image_data(0.0, 0.0, width, height).ok()?.data();
    let picture = picture(usize::try_from(canvas.width()).ok()?, &pixels)?;
    Some((canvas, Some(picture)))
}

/// The size of an image whose longer side is at most [`MAX_SIDE`], in whole pixels.
fn fitted(width: u32, height: u32) -> [f64; 2] {
    let scale = f64::from(MAX_SIDE) / f64::from(width.max(height).max(1));
    [width, height].map(|side| (f64::from(side) * scale.min(1.0)).round().max(1.0))
}

/// The picture of these pixels.
fn picture(columns: usize, pixels: &[u8]) -> Option<Picture> {
    let row = 4 * columns;
    let mut reducer = Reducer::new(columns, pixels.len().checked_div(row)?)?;
    pixels.chunks_exact(row).for_each(|row| reducer.push(row));
    Some(reducer.finish())
}

/// All pixels, reduced as the server reduces them.
fn read(bitmap: &ImageBitmap) -> Option<Picture> {
    let (width, height) = (bitmap.width(), bitmap.height());
    let mut reducer = Reducer::new(usize::try_from(width).ok()?, usize::try_from(height).ok()?)?;
    let canvas = new_canvas(width.into(), ROWS.min(height).into())?;
    let context = readable_context_2d(&canvas)?;
    for top in (0..height).step_by(usize::try_from(ROWS).ok()?) {
        let rows = ROWS.min(height - top);
        context.clear_rect(0.0, 0.0, width.into(), rows.into());
        context
            .draw_image_with_image_bitmap(bitmap, 0.0, -f64::from(top))
            .ok()?;
        let data = context.get_image_data(0.0, 0.0, width.into(), rows.into()).ok()?.data();
        for row in data.chunks_exact(4 * usize::try_from(width).ok()?) {
            reducer.push(row);
        }
    }
    Some(reducer.finish())
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole numbers are exact")]
mod tests {
    use super::*;

    #[test]
    fn large_images_fit_and_small_ones_stay() {
        assert_eq!(fitted(4000, 3000), [1024.0, 768.0]);
        assert_eq!(fitted(500, 1400), [366.0, 1024.0]);
        assert_eq!(fitted(100_000, 3), [1024.0, 1.0]);
        assert_eq!(fitted(28, 28), [28.0, 28.0]);
    }

    #[test]
    fn a_picture_has_the_size_of_its_pixels() {
        let size = |columns, pixels: &[u8]| picture(columns, pixels).map(|picture| picture.size());
        assert_eq!(size(3, &[255; 24]), Some([3, 2]));
        assert_eq!(size(0, &[]), None);
    }
}
