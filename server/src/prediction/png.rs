//! PNGs without their texts and colour profiles: nothing here reads those, and they may expand a thousandfold.

use std::io::Cursor;

use image::{
    ColorType, ImageDecoder, ImageError, ImageFormat, ImageResult,
    error::{DecodingError, LimitError, LimitErrorKind},
};
use png::{BitDepth, ColorType as Colours, Decoder, Limits, Reader, Transformations};

/// A PNG whose header was read. Of an animated one it is the picture that programs without animations show.
pub(super) struct PngDecoder<'a>(Reader<Cursor<&'a [u8]>>);

impl<'a> PngDecoder<'a> {
    /// Reads what precedes the pixels. Rows and chunks may take `memory` bytes together.
    pub(super) fn open(bytes: &'a [u8], memory: u64) -> ImageResult<Self> {
        let limits = Limits {
            bytes: usize::try_from(memory).unwrap_or(usize::MAX),
        };
        let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        // Colours instead of a palette, and at least 8 bits each.
        decoder.set_transformations(Transformations::EXPAND);
        decoder.read_info().map(Self).map_err(image_error)
    }
}

impl ImageDecoder for PngDecoder<'_> {
    fn dimensions(&self) -> (u32, u32) {
        self.0.info().size()
    }

    fn color_type(&self) -> ColorType {
        let (colours, depth) = self.0.output_color_type();
        match (colours, depth == BitDepth::Sixteen) {
            (Colours::Grayscale, false) => ColorType::L8,
            (Colours::Grayscale, true) => ColorType::L16,
            (Colours::GrayscaleAlpha, false) => ColorType::La8,
            (Colours::GrayscaleAlpha, true) => ColorType::La16,
            (Colours::Rgb | Colours::Indexed, false) => ColorType::Rgb8,
            (Colours::Rgb | Colours::Indexed, true) => ColorType::Rgb16,
            (Colours::Rgba, false) => ColorType::Rgba8,
            (Colours::Rgba, true) => ColorType::Rgba16,
        }
    }

    fn exif_metadata(&mut self) -> ImageResult<Option<Vec<u8>>> {
        Ok(self.0.info().exif_metadata.as_deref().map(<[u8]>::to_vec))
    }

    fn read_image(mut self, pixels: &mut [u8]) -> ImageResult<()> {
        self.0.next_frame(pixels).map_err(image_error)?;
        // The file has the high byte first.
        if self.0.output_color_type().1 == BitDepth::Sixteen {
            for value in pixels.as_chunks_mut::<2>().0 {
                *value = u16::from_be_bytes(*value).to_ne_bytes();
            }
        }
        Ok(())
    }

    fn read_image_boxed(self: Box<Self>, pixels: &mut [u8]) -> ImageResult<()> {
        (*self).read_image(pixels)
    }
}

fn image_error(error: png::DecodingError) -> ImageError {
    match error {
        png::DecodingError::LimitsExceeded => {
            ImageError::Limits(LimitError::from_kind(LimitErrorKind::InsufficientMemory))
        }
        png::DecodingError::IoError(error) => ImageError::IoError(error),
        error => ImageError::Decoding(DecodingError::new(ImageFormat::Png.into(), error)),
    }
}
