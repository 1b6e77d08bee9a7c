//! From a file's bytes to the model's input, within limits. Pure and CPU-bound: to be called on a blocking thread, unless
//! the file is small.

use std::{
    io::{self, Cursor},
    time::{Duration, Instant},
};

use classifier::preprocess::{Picture, Reducer};
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, error::LimitErrorKind};

use crate::metrics::Stage;

/// Limits for one image.
#[derive(Debug, Clone, Copy)]
pub struct DecodeLimits {
    /// Pixels according to the header, checked before anything is decoded.
    pub pixels: u64,
    /// Bytes of the decoded image, and of the decoder's buffers.
    pub memory: u64,
}

/// Why a file can't be decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Not a PNG, JPEG or GIF, or a damaged one.
    #[error("the file can't be read")]
    Unreadable(#[source] ImageError),
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

/// Decodes the first frame of a PNG, JPEG or GIF, recognised by its content, and searches it; `record` receives the
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
    finish(open(bytes, limits)?, start, search, record)
}

/// [`decode`] for a file that takes about as long as changing threads does, such as one of 28 x 28 pixels; `None` for any
/// other.
///
/// # Errors
///
/// As for [`decode`].
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
    let decoder = open(bytes, limits)?;
    if pixel_count(&decoder) > SMALL_IMAGE {
        return Ok(None);
    }
    finish(decoder, start, search, record).map(Some)
}

/// Reads the header and checks the limits.
fn open(bytes: &[u8], limits: DecodeLimits) -> Result<impl ImageDecoder + '_, DecodeError> {
    let format = image::guess_format(bytes)?;
    match format {
        ImageFormat::Png | ImageFormat::Gif => {}
        ImageFormat::Jpeg if jpeg_is_whole(bytes) => {}
        ImageFormat::Jpeg => return Err(unreadable("the JPEG has no end")),
        _ => return Err(unreadable("neither PNG, JPEG nor GIF")),
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut allowed = Limits::no_limits();
    allowed.max_alloc = Some(limits.memory);
    reader.limits(allowed);
    let decoder = reader.into_decoder()?;
    if pixel_count(&decoder) > limits.pixels || decoder.total_bytes() > limits.memory {
        return Err(DecodeError::TooLarge);
    }
    Ok(decoder)
}

fn pixel_count(decoder: &impl ImageDecoder) -> u64 {
    let (width, height) = decoder.dimensions();
    u64::from(width) * u64::from(height)
}

/// Decodes the image and searches it; the first stage began at `start`.
fn finish<T>(
    mut decoder: impl ImageDecoder,
    start: Instant,
    search: impl Fn(&Picture) -> T,
    record: impl Fn(Stage, Duration),
) -> Result<Decoded<T>, DecodeError> {
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    record(Stage::Decode, start.elapsed());
    let start = Instant::now();
    let picture = reduce(image).ok_or_else(|| unreadable("the picture has no pixels"))?;
    let found = search(&picture);
    record(Stage::Preprocess, start.elapsed());
    Ok(Decoded { picture, found })
}

/// Whether a JPEG's end marker follows its last scan. The decoder silently fills missing data with grey.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    const START_OF_SCAN: [u8; 2] = [0xff, 0xda];
    const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];
    // Inside a scan 0xff is followed by 0 or by a restart marker, so neither marker occurs in one.
    let last = bytes
        .windows(2)
        .rfind(|&pair| pair == START_OF_SCAN || pair == END_OF_IMAGE);
    last == Some(&END_OF_IMAGE)
}

/// The image reduced as the page reduces it; `None` if it has no pixels.
fn reduce(image: DynamicImage) -> Option<Picture> {
    let pixels = image.into_rgba8();
    let width = pixels.width() as usize;
    let mut reducer = Reducer::new(width, pixels.height() as usize)?;
    for row in pixels.as_raw().chunks_exact(4 * width) {
        reducer.push(row);
    }
    Some(reducer.finish())
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
