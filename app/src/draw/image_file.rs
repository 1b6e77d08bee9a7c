//! Decoding of image files, with the browser's own decoders.

use classifier::preprocess::{Picture, Reducer};
use leptos::prelude::window;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ImageBitmap};

use super::state::{ImageFileError, LoadedImage};
use crate::browser::document::{new_canvas, readable_context_2d};

/// Rows that are copied at once, so that a large image isn't held a second time.
const ROWS: u32 = 64;

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
    let picture = reduce(&bitmap).ok_or(ImageFileError::Unreadable)?;
    Ok(LoadedImage {
        file_name: file.name(),
        file: SendWrapper::new(file),
        bitmap: SendWrapper::new(bitmap),
        picture: picture.into(),
    })
}

/// All pixels, reduced as the server reduces them.
fn reduce(bitmap: &ImageBitmap) -> Option<Picture> {
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
