//! The picture of an animated GIF that shows the most.

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, DisposalMethod};
use image::{Rgba, RgbaImage, imageops};

use super::decode::DecodeLimits;

/// A GIF whose header was read.
pub(super) struct Animation<'a>(Decoder<&'a [u8]>);

impl<'a> Animation<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, DecodingError> {
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::RGBA);
        Ok(Self(options.read_info(bytes)?))
    }

    /// Width and height in pixels.
    pub(super) fn size(&self) -> [u32; 2] {
        [self.0.width(), self.0.height()].map(u32::from)
    }

    /// The picture on which the most is drawn, the last of equal ones: the end of a drawing that is shown step by step, whether it is erased afterwards or not. Pictures beyond the limit on pixels, of all of them
    /// together, don't count. Takes up to 12 bytes a pixel, and a frame of up to the limit on memory.
    ///
    /// # Errors
    ///
    /// When a frame is damaged or breaks off, or there is none.
    pub(super) fn fullest_picture(mut self, limits: DecodeLimits) -> Result<RgbaImage, DecodingError> {
        let [width, height] = self.size();
        let mut canvas = RgbaImage::new(width, height);
        let mut fullest: Option<(usize, RgbaImage)> = None;
        let mut pixels = 0;
        loop {
            let frame = match self.0.next_frame_info() {
                Ok(Some(frame)) => frame,
                Ok(None) => break,
                // Some programs leave out the trailer, or append something.
                Err(_) if fullest.is_some() => break,
                Err(error) => return Err(error),
            };
            let (place, disposal) = ([frame.left, frame.top].map(i64::from), frame.dispose);
            let [frame_width, frame_height] = [frame.width, frame.height].map(u32::from);
            pixels += u64::from(frame_width) * u64::from(frame_height) + u64::from(width) * u64::from(height);
            if fullest.is_some() && pixels > limits.pixels {
                break;
            }
            let size = self.0.buffer_size();
            if size as u64 > limits.memory {
                return Err(DecodingError::MemoryLimit);
            }
            let mut buffer = vec![0; size];
            self.0.read_into_buffer(&mut buffer)?;
            let mut frame = RgbaImage::from_raw(frame_width, frame_height, buffer).ok_or(DecodingError::MemoryLimit)?;
            let before = (disposal == DisposalMethod::Previous).then(|| canvas.clone());
            imageops::overlay(&mut canvas, &frame, place[0], place[1]);
            let drawn = drawn_pixels(&canvas);
            match &mut fullest {
                Some((most, _)) if *most > drawn => {}
                Some((most, picture)) => {
                    *most = drawn;
                    picture.copy_from_slice(&canvas);
                }
                None => fullest = Some((drawn, canvas.clone())),
            }
            if disposal == DisposalMethod::Background {
                frame.fill(0);
                imageops::replace(&mut canvas, &frame, place[0], place[1]);
            }
            canvas = before.unwrap_or(canvas);
        }
        fullest.map(|(_, picture)| picture).ok_or(DecodingError::UnexpectedEof)
    }
}

/// The number of pixels whose colour differs from that of the top left corner, or of those that have it, if they are fewer:
/// the corner may be drawn on, too.
fn drawn_pixels(image: &RgbaImage) -> usize {
    let corner = image.pixels().next();
    let same = image
        .pixels()
        .filter(|&pixel: &&Rgba<u8>| Some(pixel) == corner)
        .count();
    same.min(image.pixels().len() - same)
}
