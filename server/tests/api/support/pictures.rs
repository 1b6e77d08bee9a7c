//! Images drawn and encoded for the tests.

use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
    sync::OnceLock,
};

use flate2::{Compression, write::ZlibEncoder};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, imageops};
use serde::Deserialize;

/// One digit of `end2end/strokes`.
#[derive(Deserialize)]
struct Strokes {
    canvas: f32,
    strokes: Vec<Vec<[f32; 3]>>,
}

/// A hand-drawn digit of `end2end/strokes`, black on white, 140 x 140.
pub(crate) fn drawn(name: &str) -> GrayImage {
    const SIDE: u32 = 140;
    const RADIUS: f32 = 5.0;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../end2end/strokes/{name}.json"));
    let digit: Strokes = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let scale = SIDE as f32 / digit.canvas;
    let segments: Vec<_> = digit.strokes.iter().flat_map(|stroke| stroke.windows(2)).collect();
    GrayImage::from_fn(SIDE, SIDE, |x, y| {
        let point = [x as f32 / scale, y as f32 / scale];
        let near = segments
            .iter()
            .any(|pair| distance(point, pair[0], pair[1]) * scale < RADIUS);
        Luma([if near { 0 } else { 255 }])
    })
}

/// The distance from a point to a segment.
fn distance([x, y]: [f32; 2], [x0, y0, _]: [f32; 3], [x1, y1, _]: [f32; 3]) -> f32 {
    let (dx, dy) = (x1 - x0, y1 - y0);
    let along = (((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy).max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
    (x - x0 - along * dx).hypot(y - y0 - along * dy)
}

pub(crate) fn inverted(mut image: GrayImage) -> GrayImage {
    imageops::invert(&mut image);
    image
}

pub(crate) fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A small PNG that is different for each number.
pub(crate) fn numbered_png(number: u32) -> Vec<u8> {
    static DRAWN: OnceLock<GrayImage> = OnceLock::new();
    let mut image = DRAWN.get_or_init(|| drawn("3-round")).clone();
    for bit in 0..32 {
        image.put_pixel(bit, 0, Luma([if number >> bit & 1 == 1 { 254 } else { 255 }]));
    }
    encoded(image, ImageFormat::Png)
}

/// A file of `tests/fixtures`.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// Bit depth and colour type, as in the header of a PNG.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Grey8 = 0x0800,
    Palette8 = 0x0803,
    Rgb16 = 0x1002,
}

/// A black PNG with the best compression.
pub(crate) fn black_png(width: u32, height: u32, kind: Kind) -> Vec<u8> {
    let bytes = match kind {
        Kind::Grey8 | Kind::Palette8 => 1,
        Kind::Rgb16 => 6,
    };
    // Each row starts with its filter type; 0 is none.
    let row = vec![0; width as usize * bytes + 1];
    png(width, height, kind, &[], &zlib((0..height).map(|_| row.as_slice())))
}

/// A PNG with the given header, extra chunks and compressed rows.
pub(crate) fn png(width: u32, height: u32, kind: Kind, chunks: &[([u8; 4], Vec<u8>)], rows: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend((kind as u16).to_be_bytes());
    header.extend([0, 0, 0]);
    chunk(&mut bytes, *b"IHDR", &header);
    for (kind, data) in chunks {
        chunk(&mut bytes, *kind, data);
    }
    chunk(&mut bytes, *b"IDAT", rows);
    chunk(&mut bytes, *b"IEND", &[]);
    bytes
}

/// A PNG with further chunks behind its pixels.
pub(crate) fn with_chunks_behind(mut png: Vec<u8>, chunks: impl IntoIterator<Item = ([u8; 4], Vec<u8>)>) -> Vec<u8> {
    let end = png.split_off(png.len() - 12);
    for (kind, data) in chunks {
        chunk(&mut png, kind, &data);
    }
    [png, end].concat()
}

fn chunk(bytes: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    let start = bytes.len();
    bytes.extend(kind);
    bytes.extend(data);
    let sum = crc32fast::hash(&bytes[start..]);
    bytes.extend(sum.to_be_bytes());
}

pub(crate) fn zlib<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    for piece in pieces {
        encoder.write_all(piece).unwrap();
    }
    encoder.finish().unwrap()
}

/// A JPEG of 8 x 8 blocks in three components, each white, or black where `is_black` says so of its first pixel. The
/// first block is white. Megapixels are encoded in no time.
pub(crate) fn blocks_jpeg(width: u16, height: u16, is_black: impl Fn(u32, u32) -> bool) -> Vec<u8> {
    // Codes of the differences between the means of blocks: 0 is none, 10 a change of 255, 110 that of the first block.
    // The one code of all other coefficients, 0, says that there are none.
    let mut bytes = b"\xff\xd8\xff\xdb\0\x43\0".to_vec();
    bytes.extend([8; 64]);
    bytes.extend(b"\xff\xc0\0\x11\x08");
    bytes.extend([height.to_be_bytes(), width.to_be_bytes()].concat());
    bytes.extend(b"\x03\x01\x11\0\x02\x11\0\x03\x11\0");
    bytes.extend(b"\xff\xc4\0\x16\0\x01\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\x07");
    bytes.extend(b"\xff\xc4\0\x14\x10\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    bytes.extend(b"\xff\xda\0\x0c\x03\x01\0\x02\0\x03\0\0\x3f\0");
    let (mut pending, mut count) = (0_u32, 0);
    let mut push = |bits: u32, length: u32| {
        pending = pending << length | bits;
        count += length;
        while count >= 8 {
            count -= 8;
            let byte = u8::try_from(pending >> count & 0xff).unwrap();
            bytes.push(byte);
            if byte == 0xff {
                bytes.push(0);
            }
        }
        pending &= (1 << count) - 1;
    };
    push(0b110_1111111, 10);
    let mut was_black = false;
    for y in (0..u32::from(height)).step_by(8) {
        for x in (0..u32::from(width)).step_by(8) {
            let black = (x, y) != (0, 0) && is_black(x, y);
            match (was_black, black) {
                (false, true) => push(0b10_0000_0000, 10),
                (true, false) => push(0b10_1111_1111, 10),
                _ if (x, y) == (0, 0) => {}
                _ => push(0, 1),
            }
            was_black = black;
            // No further coefficients, and two components of means 0.
            push(0, 5);
        }
    }
    // Padding.
    push(0x7f, 7);
    bytes.extend(b"\xff\xd9");
    bytes
}
