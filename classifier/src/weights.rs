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
}

impl<'a> WeightsReader<'a> {
    /// `None` if `file` is not a burnpack file of the supported version.
    pub(crate) fn new(file: &'a [u8]) -> Option<Self> {
        let (magic, rest) = file.split_at_checked(MAGIC.len())?;
        let (size, _) = rest.split_first_chunk()?;
        let metadata = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        let position = metadata.checked_add(MAGIC.len() + size.len())?;
        (magic == MAGIC).then_some(Self { file, position })
    }

    /// The next `count` values; `None` if the file is too short, or a value can't be a weight.
    pub(crate) fn next_tensor(&mut self, count: usize) -> Option<Vec<f32>> {
        let begin = self.position.checked_next_multiple_of(ALIGNMENT)?;
        let end = begin.checked_add(count * size_of::<f16>())?;
        let values = self.file.get(begin..end)?;
        self.position = end;
        values
            .chunks_exact(size_of::<f16>())
            .map(|number| f16::from_le_bytes([number[0], number[1]]).to_f32())
            // NaN isn't, either.
            .map(|weight| (weight.abs() <= MAX_WEIGHT).then_some(weight))
            .collect()
    }

    /// Whether the whole file was read. Remaining bytes mean that the file belongs to a different network.
    pub(crate) fn is_at_end(&self) -> bool {
        self.position == self.file.len()
    }
}
