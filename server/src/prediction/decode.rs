//! From a file's bytes to the model's input, within limits. Pure and CPU-bound: to be called on a blocking thread, unless
//! the file is small.

use std::{
    borrow::Cow,
    io::{self, Cursor},
    time::{Duration, Instant},
};

use api::file_type;
use classifier::preprocess::{Picture, Reducer};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    error::{DecodingError, LimitErrorKind},
    metadata::Orientation,
};

use super::{
    gif::Animation,
    jpeg::{self, END_OF_IMAGE, Outline},
    png::PngDecoder,
};
use crate::metrics::Stage;

/// Limits for one image.
#[derive(Debug, Clone, Copy)]
pub struct DecodeLimits {
    /// Pixels according to the header, checked before anything is decoded; of all frames of a GIF, too.
    pub pixels: u64,
    /// A third of the bytes that decoding an image may take.
    pub memory: u64,
}

impl DecodeLimits {
    /// The whole picture, and what the decoder holds beside it, have to fit.
    fn check(self, [width, height]: [u32; 2], memory: u64) -> Result<(), DecodeError> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels > self.pixels || memory > self.memory.saturating_mul(3) {
            return Err(DecodeError::TooLarge);
        }
        Ok(())
    }
}

/// Why a file can't be decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Not a PNG, JPEG or GIF, or a damaged one.
    #[error("the file can't be read")]
    Unreadable(#[source] ImageError),
    /// A known type of file, but not a PNG, JPEG or GIF.
    #[error("the file is of another type: {0}")]
    OtherType(&'static str),
    /// It exceeds a limit.
    #[error("the image is too large")]
    TooLarge,
}

/// A decoded picture, and what was searched on it.
#[derive(Debug)]
pub struct Decoded<T> {
    /// The reduced picture.
    pub picture: Picture,
    /// What was found.
    pub found: T,
}

/// Bytes of a file that [`decode_small`] decodes; they decompress to at most a thousand times as many.
const SMALL_FILE: usize = 4096;

/// Pixels of an image that [`decode_small`] decodes.
const SMALL_IMAGE: u64 = 64 * 64;

/// A file whose header was read, and which is within the limits.
enum Opened<'a> {
    /// A PNG or JPEG.
    Still {
        decoder: Box<dyn ImageDecoder + 'a>,
        /// A JPEG without its end marker, which may break off.
        unended: Option<&'a [u8]>,
    },
    Gif(Box<Animation<'a>>),
}

/// Decodes a PNG, a JPEG or the fullest picture of a GIF, recognised by its content, and searches it; `record` receives the
/// duration of both stages.
///
/// # Errors
///
/// [`DecodeError`]; limits are checked against the header before pixels are allocated.
pub fn decode<T>(
    bytes: &[u8],
    limits: DecodeLimits,
    search: impl Fn(&Picture) -> T,
    record: impl Fn(Stage, Duration),
) -> Result<Decoded<T>, DecodeError> {
    let start = Instant::now();
    finish(open(bytes, limits)?, limits, start, search, record)
}

/// [`decode`] for a file that takes about as long as changing threads does, such as one of 28 x 28 pixels; `None` for any
/// other.
pub fn decode_small<T>(
    bytes: &[u8],
    limits: DecodeLimits,
    search: impl Fn(&Picture) -> T,
    record: impl Fn(Stage, Duration),
) -> Result<Option<Decoded<T>>, DecodeError> {
    if bytes.len() > SMALL_FILE {
        return Ok(None);
    }
    let start = Instant::now();
    match open(bytes, limits)? {
        // Frames of a GIF can be larger than it.
        Opened::Gif(_) => Ok(None),
        Opened::Still { decoder, .. } if pixel_count(&decoder) > SMALL_IMAGE => Ok(None),
        opened @ Opened::Still { .. } => finish(opened, limits, start, search, record).map(Some),
    }
}

/// Reads the header and checks the limits.
fn open(bytes: &[u8], limits: DecodeLimits) -> Result<Opened<'_>, DecodeError> {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => {
            let decoder = PngDecoder::open(bytes, limits.memory)?;
            limits.check(decoder.dimensions().into(), decoder.total_bytes())?;
            Ok(Opened::Still {
                decoder: Box::new(decoder),
                unended: None,
            })
        }
        Ok(ImageFormat::Jpeg) => {
            let Outline {
                bytes,
                has_end,
                buffers,
            } = jpeg::outline(bytes).ok_or_else(|| unreadable("the JPEG breaks off"))?;
            let whole = if has_end {
                Cow::Borrowed(bytes)
            } else {
                Cow::Owned([bytes, &END_OF_IMAGE].concat())
            };
            Ok(Opened::Still {
                decoder: open_jpeg(whole, buffers, limits)?,
                unended: (!has_end).then_some(bytes),
            })
        }
        Ok(ImageFormat::Gif) => {
            let animation = Animation::open(bytes)?;
            let [width, height] = animation.size();
            // A frame may take the rest of the memory.
            let memory = 12 * u64::from(width) * u64::from(height) + limits.memory;
            limits.check([width, height], memory)?;
            Ok(Opened::Gif(Box::new(animation)))
        }
        _ => Err(file_type(bytes).map_or_else(|| unreadable("neither PNG, JPEG nor GIF"), DecodeError::OtherType)),
    }
}

/// Reads the header of a JPEG, whose decoder holds `buffers` bytes beside the pixels.
fn open_jpeg<'a>(
    bytes: Cow<'a, [u8]>,
    buffers: u64,
    limits: DecodeLimits,
) -> Result<Box<dyn ImageDecoder + 'a>, DecodeError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Jpeg);
    let mut allowed = Limits::no_limits();
    allowed.max_alloc = Some(limits.memory);
    reader.limits(allowed);
    let decoder = reader.into_decoder()?;
    limits.check(
        decoder.dimensions().into(),
        decoder.total_bytes().saturating_add(buffers),
    )?;
    Ok(Box::new(decoder))
}

fn pixel_count(decoder: &impl ImageDecoder) -> u64 {
    let (width, height) = decoder.dimensions();
    u64::from(width) * u64::from(height)
}

impl Opened<'_> {
    /// The image, and how it has to be turned.
    fn decode(self, limits: DecodeLimits) -> Result<(DynamicImage, Orientation), DecodeError> {
        match self {
            Self::Still { mut decoder, unended } => {
                if unended.is_some_and(jpeg::breaks_off) {
                    return Err(unreadable("the JPEG breaks off"));
                }
                let orientation = decoder.orientation()?;
                Ok((DynamicImage::from_decoder(decoder)?, orientation))
            }
            Self::Gif(animation) => Ok((animation.fullest_picture(limits)?.into(), Orientation::NoTransforms)),
        }
    }
}

/// Decodes the image and searches it; the first stage began at `start`.
fn finish<T>(
    opened: Opened<'_>,
    limits: DecodeLimits,
    start: Instant,
    search: impl Fn(&Picture) -> T,
    record: impl Fn(Stage, Duration),
) -> Result<Decoded<T>, DecodeError> {
    let (image, orientation) = opened.decode(limits)?;
    record(Stage::Decode, start.elapsed());
    let start = Instant::now();
    let picture = reduce(&image, orientation).ok_or_else(|| unreadable("the picture has no pixels"))?;
    drop(image);
    let found = search(&picture);
    record(Stage::Preprocess, start.elapsed());
    Ok(Decoded { picture, found })
}

/// The image turned, and reduced as the page reduces it; `None` if it has no pixels. Some rows at a time are turned and
/// converted, which takes no second copy of the image.
fn reduce(image: &DynamicImage, orientation: Orientation) -> Option<Picture> {
    const ROWS: u32 = 64;
    use Orientation::{FlipVertical, Rotate90, Rotate90FlipH, Rotate180, Rotate270, Rotate270FlipH};
    let (width, height) = (image.width(), image.height());
    let is_lying = matches!(orientation, Rotate90 | Rotate90FlipH | Rotate270 | Rotate270FlipH);
    let is_backwards = matches!(orientation, Rotate180 | FlipVertical | Rotate270 | Rotate270FlipH);
    let (columns, rows) = if is_lying { (height, width) } else { (width, height) };
    let mut reducer = Reducer::new(columns as usize, rows as usize)?;
    for start in (0..rows).step_by(ROWS as usize) {
        let end = rows.min(start + ROWS);
        let from = if is_backwards { rows - end } else { start };
        let mut strip = if is_lying {
            image.crop_imm(from, 0, end - start, height)
        } else {
            image.crop_imm(0, from, width, end - start)
        };
        strip.apply_orientation(orientation);
        for row in rgba(strip).chunks_exact(4 * columns as usize) {
            reducer.push(row);
        }
    }
    Some(reducer.finish())
}

/// [`DynamicImage::into_rgba8`], which takes several times as long for grey pixels.
fn rgba(image: DynamicImage) -> Vec<u8> {
    match image {
        DynamicImage::ImageLuma8(grey) => grey.iter().flat_map(|&luma| [luma, luma, luma, u8::MAX]).collect(),
        other => other.into_rgba8().into_raw(),
    }
}

fn unreadable(reason: &'static str) -> DecodeError {
    DecodeError::Unreadable(ImageError::IoError(io::Error::new(io::ErrorKind::InvalidData, reason)))
}

impl From<ImageError> for DecodeError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(limit) if !matches!(limit.kind(), LimitErrorKind::Unsupported { .. }) => Self::TooLarge,
            error => Self::Unreadable(error),
        }
    }
}

impl From<gif::DecodingError> for DecodeError {
    fn from(error: gif::DecodingError) -> Self {
        match error {
            gif::DecodingError::MemoryLimit | gif::DecodingError::OutOfMemory => Self::TooLarge,
            error => Self::Unreadable(ImageError::Decoding(DecodingError::new(ImageFormat::Gif.into(), error))),
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, ImageBuffer, Luma, Rgb, RgbImage, Rgba};

    use super::*;

    /// All pixels in one piece, as the page has them.
    fn reduce_whole(mut image: DynamicImage, orientation: Orientation) -> Option<Picture> {
        image.apply_orientation(orientation);
        let pixels = image.into_rgba8();
        let mut reducer = Reducer::new(pixels.width() as usize, pixels.height() as usize)?;
        for row in pixels.chunks_exact(4 * pixels.width() as usize) {
            reducer.push(row);
        }
        Some(reducer.finish())
    }

    #[test]
    fn strips_are_reduced_as_the_whole_is() {
        let value = |number: u32| number.wrapping_mul(2_654_435_761).to_be_bytes();
        let image = RgbImage::from_fn(150, 131, |x, y| Rgb([value(x)[0], value(y)[0], value(x * y)[0]]));
        let deep = ImageBuffer::from_fn(130, 65, |x, y| {
            Rgba(
                [value(x), value(y), value(x * y), value(x + y)].map(|[high, low, ..]| u16::from_be_bytes([high, low])),
            )
        });
        let grey = GrayImage::from_fn(131, 70, |x, y| Luma([value(x * y + y)[0]]));
        for image in [image.into(), deep.into(), grey.into()] as [DynamicImage; 3] {
            for orientation in (1..=8).filter_map(Orientation::from_exif) {
                let whole = reduce_whole(image.clone(), orientation);
                assert!(
                    reduce(&image, orientation) == whole && whole.is_some(),
                    "{orientation:?}"
                );
            }
        }
        assert_eq!(reduce(&DynamicImage::new_rgb8(0, 3), Orientation::NoTransforms), None);
    }
}
