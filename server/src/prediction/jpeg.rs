//! What the decoder of JPEGs doesn't say: where the picture ends in the file, whether it breaks off, and how much memory
//! it takes.

use sha2::{Digest as _, Sha256};
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, options::DecoderOptions},
};

/// The marker behind the last scan. Some telephones append a film to it, others leave it out.
pub(super) const END_OF_IMAGE: [u8; 2] = [0xff, END];

const END: u8 = 0xd9;

/// Coefficients of a block.
const COEFFICIENTS: u8 = 64;

/// A JPEG according to its markers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outline<'a> {
    /// The file up to its end marker; without one, up to whatever follows the last scan.
    pub(super) bytes: &'a [u8],
    /// Whether the bytes end with the end marker. If not, the last scan may break off: see [`breaks_off`].
    pub(super) has_end: bool,
    /// Bytes that decoding takes beside the pixels. The scans of progressive files are decoded in memory.
    pub(super) buffers: u64,
}

/// What the scans have to fill.
#[derive(Default)]
struct Frame {
    is_progressive: bool,
    components: Vec<Component>,
    pixels: u64,
    /// Bytes of all coefficients.
    coefficients: u64,
    scans: u32,
    /// Whether the first scan has all components.
    is_interleaved: bool,
}

struct Component {
    id: u8,
    /// One bit for each coefficient whose last bit is in one of the scans.
    exact: u64,
}

/// Reads the markers of a JPEG; `None` if it breaks off between them.
pub(super) fn outline(bytes: &[u8]) -> Option<Outline<'_>> {
    const START_OF_IMAGE: u8 = 0xd8;
    const START_OF_SCAN: u8 = 0xda;
    let mut frame = Frame::default();
    let mut from = 2;
    loop {
        let (end, has_end) = match next_marker(bytes, from) {
            Some((at, END)) if frame.scans > 0 => (at + 2, true),
            // The last scan was read. What follows may be anything.
            Some((at, _)) if frame.is_complete() => (at, false),
            None if frame.is_complete() => {
                // Half an end marker, maybe.
                let last = bytes.iter().rposition(|byte| *byte != 0xff)?;
                (last + 1, false)
            }
            None | Some((_, END)) => return None,
            Some((at, START_OF_IMAGE)) => {
                from = at + 2;
                continue;
            }
            Some((at, code)) => {
                let length = bytes.get(at + 2..)?.first_chunk().copied().map(u16::from_be_bytes)?;
                from = at + 2 + usize::from(length);
                let segment = bytes.get(at + 4..from)?;
                match code {
                    0xc0..=0xc2 => frame.start(code == 0xc2, segment)?,
                    START_OF_SCAN => frame.add_scan(segment)?,
                    _ => {}
                }
                continue;
            }
        };
        return Some(Outline {
            bytes: &bytes[..end],
            has_end,
            buffers: frame.buffers() + if has_end { 0 } else { frame.buffers_of_check() },
        });
    }
}

/// The next marker and its place, except those that occur in scans.
fn next_marker(bytes: &[u8], from: usize) -> Option<(usize, u8)> {
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    let at = from + bytes.get(from..)?.windows(2).position(is_marker)?;
    Some((at, bytes[at + 1]))
}

impl Frame {
    /// Takes the content of a frame header: precision, height, width, and for each component its ID, sampling factors and
    /// table.
    fn start(&mut self, is_progressive: bool, segment: &[u8]) -> Option<()> {
        let &[
            _,
            height_high,
            height_low,
            width_high,
            width_low,
            _,
            ref components @ ..,
        ] = segment
        else {
            return None;
        };
        let size = [[width_high, width_low], [height_high, height_low]].map(u16::from_be_bytes);
        let components = components.as_chunks::<3>().0;
        let sampling = |factors: u8| [factors >> 4, factors & 15];
        // The size of the unit in which the components are interleaved, in pixels.
        let unit = |axis: usize| {
            let factors = components.iter().map(|[_, factors, _]| sampling(*factors)[axis]);
            8 * u64::from(factors.max().unwrap_or(1).max(1))
        };
        let units = u64::from(size[0]).div_ceil(unit(0)) * u64::from(size[1]).div_ceil(unit(1));
        let blocks: u64 = components
            .iter()
            .map(|[_, factors, _]| sampling(*factors).map(u64::from).iter().product::<u64>())
            .sum();
        *self = Self {
            is_progressive,
            pixels: size.map(u64::from).iter().product(),
            components: components
                .iter()
                .map(|[id, ..]| Component { id: *id, exact: 0 })
                .collect(),
            coefficients: units * blocks * u64::from(COEFFICIENTS) * size_of::<i16>() as u64,
            ..Self::default()
        };
        Some(())
    }

    /// Takes the content of a scan header: the number of components, the ID and tables of each, the first and last
    /// coefficient, and which of their bits.
    fn add_scan(&mut self, segment: &[u8]) -> Option<()> {
        let (&count, rest) = segment.split_first()?;
        let (components, rest) = rest.split_at_checked(2 * usize::from(count))?;
        let &[first, last, bits] = rest.first_chunk()?;
        self.scans += 1;
        if self.scans == 1 {
            self.is_interleaved = usize::from(count) == self.components.len();
        }
        let has_last_bit = bits.is_multiple_of(16);
        if has_last_bit && first <= last && last < COEFFICIENTS {
            let coefficients = (u64::MAX << first) & (u64::MAX >> (COEFFICIENTS - 1 - last));
            for component in &mut self.components {
                if components.as_chunks::<2>().0.iter().any(|[id, _]| *id == component.id) {
                    component.exact |= coefficients;
                }
            }
        }
        Some(())
    }

    /// Whether no further scan is to come.
    fn is_complete(&self) -> bool {
        !self.components.is_empty() && self.components.iter().all(|component| component.exact == u64::MAX)
    }

    fn buffers(&self) -> u64 {
        if self.is_progressive || !self.is_interleaved {
            self.coefficients
        } else {
            0
        }
    }

    /// [`breaks_off`] decodes to three bytes a pixel. The picture takes one of them or more.
    fn buffers_of_check(&self) -> u64 {
        2 * self.pixels
    }
}

/// Whether the last scan of a JPEG without its end marker breaks off. The decoder fills in what is missing. If nothing is
/// missing, it doesn't read what follows, so two different continuations give the same picture.
pub(super) fn breaks_off(bytes: &[u8]) -> bool {
    /// Enough to change some blocks.
    const LENGTH: usize = 64;
    let picture = |continuation: &[u8]| {
        let bytes = [bytes, continuation, &END_OF_IMAGE].concat();
        let options = DecoderOptions::default()
            .set_strict_mode(true)
            .set_max_width(usize::MAX)
            .set_max_height(usize::MAX);
        let pixels = JpegDecoder::new_with_options(ZCursor::new(bytes), options)
            .decode()
            .ok()?;
        Some(Sha256::digest(pixels))
    };
    let zeros = picture(&[0; LENGTH]);
    // With a restart marker, in case that the scan breaks off before one.
    let others =
        [0x5a, 0xa5, 0xc3, 0xfe].map(|byte| [[byte; LENGTH].as_slice(), &[0xff, 0xd0], &[byte; LENGTH]].concat());
    zeros.is_none() || others.iter().any(|other| picture(other) != zeros)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of one component of 16 x 16, and the given scans.
    fn jpeg(start_of_frame: u8, scans: &[[u8; 3]], rest: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8, 0xff, start_of_frame, 0, 11, 8, 0, 16, 0, 16, 1, 7, 0x11, 0];
        for spectral in scans {
            bytes.extend([0xff, 0xda, 0, 8, 1, 7, 0]);
            bytes.extend(spectral);
            bytes.extend([1, 0xff, 0x00, 0xff, 0xd0, 2]);
        }
        bytes.extend(rest);
        bytes
    }

    #[test]
    fn the_picture_ends_with_its_end_marker() {
        let film = b"\0\0\0\x18ftypmp42\xff\xda\xff\xd9";
        let picture = jpeg(0xc0, &[[0, 63, 0]], &[&END_OF_IMAGE, film.as_slice()].concat());
        let outline = outline(&picture).unwrap();
        assert!(outline.has_end && outline.buffers == 0);
        assert_eq!(outline.bytes.len(), picture.len() - film.len());
    }

    #[test]
    fn without_an_end_marker_all_scans_are_needed() {
        for (start_of_frame, scans, is_complete) in [
            (0xc0, &[[0, 63, 0]][..], true),
            (0xc2, &[[0, 0, 0], [1, 63, 0]], true),
            (
                0xc2,
                &[
                    [0, 0, 0x01],
                    [1, 5, 0],
                    [6, 63, 2],
                    [0, 0, 0x10],
                    [6, 63, 0x21],
                    [6, 63, 0x10],
                ],
                true,
            ),
            (0xc2, &[[0, 0, 0]], false),
            (0xc2, &[[0, 0, 0x01], [1, 63, 0]], false),
            (0xc2, &[[0, 0, 0], [1, 63, 0x02], [1, 63, 0x21]], false),
            (0xc0, &[], false),
        ] {
            for (trailer, kept) in [(b"".as_slice(), 0), (b"SEFH\0\0", 6), (b"\xff\xd8\xff\xe0", 0)] {
                let file = jpeg(start_of_frame, scans, trailer);
                let found = outline(&file).map(|outline| (outline.bytes.len(), outline.has_end));
                let end = file.len() - trailer.len() + kept;
                assert_eq!(found, is_complete.then_some((end, false)), "{scans:?} {trailer:?}");
            }
        }
    }

    #[test]
    fn a_progressive_picture_takes_memory_for_its_coefficients() {
        let file = jpeg(0xc2, &[[0, 0, 0]], &END_OF_IMAGE);
        assert_eq!(outline(&file).unwrap().buffers, 4 * 64 * 2);
    }

    #[test]
    fn nothing_but_markers_is_no_picture() {
        for bytes in [
            b"".as_slice(),
            b"\xff",
            b"\xff\xd8\xff\xd9",
            b"\xff\xd8\xff\xe0\0\x40",
            b"\xff\xd8\xff\xda\0\x02\xff\xd9",
        ] {
            assert_eq!(outline(bytes), None);
        }
    }
}
