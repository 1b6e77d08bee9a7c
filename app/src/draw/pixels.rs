//! The pixels of an image, without the browser.

use classifier::{
    ModelInput, PIXELS,
    preprocess::{ImageView, Pixel, Preprocessed, preprocess_image},
};

/// A decoded image, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Pixels {
    pub width: usize,
    pub pixels: Vec<Pixel>,
}

impl Pixels {
    /// From RGBA bytes, row by row.
    pub fn from_rgba(width: usize, rgba: &[u8]) -> Self {
        Self {
            width,
            pixels: rgba.chunks_exact(4).map(pixel).collect(),
        }
    }

    /// The network's input. An image without pixels is blank.
    pub fn preprocess(&self) -> Preprocessed {
        ImageView::new(self.width, &self.pixels).map_or(
            Preprocessed {
                input: ModelInput([0.0; PIXELS]),
                blank: true,
            },
            preprocess_image,
        )
    }
}

/// Luminance with the weights of the server's decoder, so that both get the same greys.
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
    fn an_image_without_pixels_is_blank() {
        let empty = Pixels {
            width: 0,
            pixels: Vec::new(),
        };
        assert!(empty.preprocess().blank);
    }
}
