//! What is read from canvases.

use js_sys::Promise;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlCanvasElement, ImageData};

use super::document::{new_canvas, readable_context_2d};

/// The side of the canvas that [`alters_pixels`] reads.
const PROBE_SIDE: u32 = 32;

/// Whether the browser alters what a page reads from a canvas, or forbids it: `LibreWolf`, Tor and Brave do so against
/// fingerprinting.
pub fn alters_pixels() -> bool {
    // Varied colours, because a browser may leave uniform areas as they are.
    let pixels: Vec<u8> = (0..PROBE_SIDE * PROBE_SIDE * 4)
        .map(|index| match index % 4 {
            3 => u8::MAX,
            _ => u8::try_from(index * 37 % 251).unwrap_or_default(),
        })
        .collect();
    read_back(&pixels).is_none_or(|read| read != pixels)
}

fn read_back(pixels: &[u8]) -> Option<Vec<u8>> {
    let canvas = paint(PROBE_SIDE, pixels)?;
    let side = f64::from(PROBE_SIDE);
    let read = readable_context_2d(&canvas)?.get_image_data(0.0, 0.0, side, side);
    Some(read.ok()?.data().0)
}

/// A canvas with these pixels, `width` in a row: red, green, blue and opacity of each.
pub fn paint(width: u32, pixels: &[u8]) -> Option<HtmlCanvasElement> {
    let data = ImageData::new_with_u8_clamped_array(Clamped(pixels), width).ok()?;
    let canvas = new_canvas(width.into(), data.height().into())?;
    readable_context_2d(&canvas)?.put_image_data(&data, 0.0, 0.0).ok()?;
    Some(canvas)
}

/// The canvas as a file of a MIME type. `None` where the browser makes none.
pub async fn to_file(canvas: &HtmlCanvasElement, mime: &str) -> Option<Blob> {
    let file = Promise::new(&mut |resolve, _| {
        // Where this throws, nothing else would resolve the promise.
        if canvas.to_blob_with_type(&resolve, mime).is_err() {
            resolve.call0(&JsValue::UNDEFINED).ok();
        }
    });
    JsFuture::from(file).await.ok()?.dyn_into().ok()
}
