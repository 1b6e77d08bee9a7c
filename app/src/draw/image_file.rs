//! Decoding of image files, with the browser's own decoders.

use leptos::prelude::window;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ImageBitmap};

use super::{
    pixels::Pixels,
    state::{ImageFileError, LoadedImage},
};
use crate::browser::document::{context_2d, new_canvas};

/// The longest side for inference, in pixels. Beyond this, 28 by 28 pixels show no more of a digit.
const MAX_SIDE: f64 = 1024.0;

/// Larger files are not decoded: doing so could crash the tab. In bytes.
const MAX_FILE_SIZE: f64 = 50_000_000.0;

/// Decode `file`.
pub async fn load(file: File) -> Result<LoadedImage, ImageFileError> {
    if file.size() > MAX_FILE_SIZE {
        return Err(ImageFileError::TooLarge);
    }
    let error = if file.type_().starts_with("image/") {
        ImageFileError::Unreadable
    } else {
        ImageFileError::NotAnImage
    };
    let decoding = window().create_image_bitmap_with_blob(&file).map_err(|_| error)?;
    let bitmap: ImageBitmap = JsFuture::from(decoding).await.map_err(|_| error)?.unchecked_into();
    let pixels = pixels(&bitmap).ok_or(ImageFileError::Unreadable)?;
    Ok(LoadedImage {
        file_name: file.name(),
        file: SendWrapper::new(file),
        bitmap: SendWrapper::new(bitmap),
        pixels: pixels.into(),
    })
}

fn pixels(bitmap: &ImageBitmap) -> Option<Pixels> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (MAX_SIDE / width.max(height)).min(1.0);
    let [width, height] = [width, height].map(|side| (side * scale).round().max(1.0));
    let canvas = new_canvas(width, height)?;
    let context = context_2d(&canvas)?;
    context
        .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)
        .ok()?;
    let data = context.get_image_data(0.0, 0.0, width, height).ok()?;
    Some(Pixels::from_rgba(usize::try_from(data.width()).ok()?, &data.data()))
}
