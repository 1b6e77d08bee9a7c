//! Reader of the shipped weights file that doesn't use burn's records.
//!
//! burn's reader handles modules of any shape and precision, which adds 100 kB of code to the WASM module. Here only
//! one network is read: a burnpack file has a header, metadata, and then each tensor in the module's order, aligned to
//! 256 bytes. A test compares the result with burn's own reader.

use burn::tensor::f16;

/// "BURN", little-endian, and the version of the format.
const MAGIC: [u8; 6] = *b"NRUB\x01\x00";

/// Every tensor starts at a multiple of this many bytes.
const ALIGNMENT: usize = 256;

/// The largest magnitude of a weight. Those of a trained network are below 2; up to this one, no sum in any layer
/// overflows, so every output is a number.
const MAX_WEIGHT: f32 = 1000.0;

/// Reads the half-precision tensors of a burnpack file one after the other.
#[derive(Debug)]
pub(crate) struct WeightsReader<'a> {
    file: &'a [u8],
    position: usize,
    are_weights: bool,
}

impl<'a> WeightsReader<'a> {
    /// `None` if `file` is not a burnpack file of the supported version.
    pub(crate) fn new(file: &'a [u8]) -> Option<Self> {
        let (magic, rest) = file.split_at_checked(MAGIC.len())?;
        let (size, _) = rest.split_first_chunk()?;
        let metadata = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        let position = metadata.checked_add(MAGIC.len() + size.len())?;
        let reader = Self {
            file,
            position,
            are_weights: true,
        };
        (magic == MAGIC).then_some(reader)
    }

    /// The next `count` values; `None` if the file is too short.
    pub(crate) fn next_tensor(&mut self, count: usize) -> Option<Vec<f32>> {
        let begin = self.position.checked_next_multiple_of(ALIGNMENT)?;
        let end = begin.checked_add(count * size_of::<f16>())?;
        let values = self.file.get(begin..end)?;
        self.position = end;
        let values: Vec<f32> = values
            .chunks_exact(size_of::<f16>())
            .map(|number| f16::from_le_bytes([number[0], number[1]]).to_f32())
            .collect();
        // NaN isn't, either.
        self.are_weights &= values.iter().all(|weight| weight.abs() <= MAX_WEIGHT);
        Some(values)
    }

    /// Whether all values that were read can be weights. Those of a different network, read at the wrong places, may not.
    pub(crate) fn are_weights(&self) -> bool {
        self.are_weights
    }

    /// Whether the whole file was read. Remaining bytes mean that the file belongs to a different network.
    pub(crate) fn is_at_end(&self) -> bool {
        self.position == self.file.len()
    }
}

/// Whether the file ends before its header, its metadata, or the data that the metadata announces.
pub(crate) fn breaks_off(file: &[u8]) -> bool {
    const OFFSETS: &[u8] = b"data_offsets\x82";
    let Some(reader) = WeightsReader::new(file) else {
        return true;
    };
    let Some(metadata) = file.get(..reader.position) else {
        return true;
    };
    let Some(data) = reader.position.checked_next_multiple_of(ALIGNMENT) else {
        return true;
    };
    // Each tensor has a list of two numbers, which CBOR writes in one to nine bytes: where it begins and where it ends.
    let mut ends = metadata.windows(OFFSETS.len()).enumerate().filter_map(|(at, key)| {
        if key != OFFSETS {
            return None;
        }
        let (_begin, rest) = cbor_number(&metadata[at + OFFSETS.len()..])?;
        cbor_number(rest).map(|(end, _)| end)
    });
    !ends.all(|end| usize::try_from(end).is_ok_and(|end| end <= file.len().saturating_sub(data)))
}

/// A number at the beginning of `bytes` in CBOR, and what follows it.
fn cbor_number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (&head, rest) = bytes.split_first()?;
    let length = match head {
        0..=23 => return Some((head.into(), rest)),
        24..=27 => 1 << (head - 24),
        _ => return None,
    };
    let (number, rest) = rest.split_at_checked(length)?;
    let number = number.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte));
    Some((number, rest))
}
