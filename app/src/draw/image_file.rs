//! From a file to pixels, with the browser's own decoders.

use classifier::{
    ModelInput, PIXELS,
    preprocess::{ImageView, Pixel, Preprocessed, preprocess_image},
};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ImageBitmap};

use super::state::{Unusable, Upload};
use crate::browser::document::{context, new_canvas};

/// Longest side that is framed from. A digit keeps all that 28 pixels can show of it.
const LONGEST_SIDE: f64 = 1024.0;

/// Files above this are not opened: decoding one could take the tab down. In bytes.
const LARGEST_FILE: f64 = 50_000_000.0;

/// A decoded picture, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Pixels {
    width: usize,
    pixels: Vec<Pixel>,
}

impl Pixels {
    /// Frame it for the network. A picture without pixels is blank.
    pub fn frame(&self) -> Preprocessed {
        ImageView::new(self.width, &self.pixels).map_or(
            Preprocessed {
                input: ModelInput([0.0; PIXELS]),
                blank: true,
            },
            preprocess_image,
        )
    }
}

/// Decode `file`.
///
/// # Errors
///
/// [`Unusable`] when it is no picture, can't be decoded, or is too large to try.
pub async fn open(file: File) -> Result<Upload, Unusable> {
    if file.size() > LARGEST_FILE {
        return Err(Unusable::TooLarge);
    }
    let is_picture = file.type_().starts_with("image/");
    let reason = if is_picture {
        Unusable::Unreadable
    } else {
        Unusable::NoPicture
    };
    let decoding = leptos::prelude::window()
        .create_image_bitmap_with_blob(&file)
        .map_err(|_| reason)?;
    let bitmap: ImageBitmap = JsFuture::from(decoding).await.map_err(|_| reason)?.unchecked_into();
    let pixels = pixels(&bitmap).ok_or(Unusable::Unreadable)?;
    Ok(Upload {
        name: file.name(),
        file: SendWrapper::new(file),
        bitmap: SendWrapper::new(bitmap),
        pixels: pixels.into(),
    })
}

fn pixels(bitmap: &ImageBitmap) -> Option<Pixels> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (LONGEST_SIDE / width.max(height)).min(1.0);
    let [width, height] = [width, height].map(|side| (side * scale).round().max(1.0));
    let canvas = new_canvas(width, height)?;
    let context = context(&canvas)?;
    context
        .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)
        .ok()?;
    let data = context.get_image_data(0.0, 0.0, width, height).ok()?;
    Some(Pixels {
        width: usize::try_from(data.width()).ok()?,
        pixels: data.data().chunks_exact(4).map(pixel).collect(),
    })
}

/// Luminance with the weights that the server's decoder uses, so that both see the same greys.
fn pixel(rgba: &[u8]) -> Pixel {
    let [red, green, blue] = [rgba[0], rgba[1], rgba[2]].map(u32::from);
    let luma = (2126 * red + 7152 * green + 722 * blue) / 10_000;
    Pixel {
        luma: u8::try_from(luma).unwrap_or(u8::MAX),
        alpha: rgba[3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_is_white_and_black_is_black() {
        assert_eq!(pixel(&[255, 255, 255, 255]), Pixel { luma: 255, alpha: 255 });
        assert_eq!(pixel(&[0, 0, 0, 7]), Pixel { luma: 0, alpha: 7 });
    }

    #[test]
    fn a_picture_without_pixels_is_blank() {
        let nothing = Pixels {
            width: 0,
            pixels: Vec::new(),
        };
        assert!(nothing.frame().blank);
    }
}
