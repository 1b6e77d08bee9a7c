//! The shipped weights' file, read without burn's records.
//!
//! burn reads it into modules of any shape and precision, which takes a tenth of a megabyte of code that the page would
//! have to load. What is shipped is one known network, so its numbers are taken from where burnpack puts them: a header,
//! its metadata, then each tensor in the module's order, on boundaries of 256 bytes. A test holds this to burn's own
//! reading of the same file.

use burn::tensor::f16;

/// "BURN", little-endian, and the format's version.
const MAGIC: [u8; 6] = *b"NRUB\x01\x00";

/// Every tensor, and the first of them, begins on a multiple of so many bytes.
const ALIGNMENT: usize = 256;

/// Reads a burnpack file's tensors one after the other; each number there is in half precision.
#[derive(Debug)]
pub(crate) struct Weights<'a> {
    file: &'a [u8],
    position: usize,
}

impl<'a> Weights<'a> {
    /// `None` when it is no burnpack file of the version that is shipped.
    pub(crate) fn open(file: &'a [u8]) -> Option<Self> {
        let (magic, rest) = file.split_at_checked(MAGIC.len())?;
        let (size, _) = rest.split_first_chunk()?;
        let metadata = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        (magic == MAGIC).then_some(Self {
            file,
            position: MAGIC.len() + size.len() + metadata,
        })
    }

    /// The next tensor's numbers; `None` when the file ends before.
    pub(crate) fn next(&mut self, count: usize) -> Option<Vec<f32>> {
        let begin = self.position.next_multiple_of(ALIGNMENT);
        let end = begin + count * size_of::<f16>();
        let numbers = self.file.get(begin..end)?;
        self.position = end;
        Some(
            numbers
                .chunks_exact(size_of::<f16>())
                .map(|number| f16::from_le_bytes([number[0], number[1]]).to_f32())
                .collect(),
        )
    }

    /// Whether nothing is left: a file that goes on is of another network.
    pub(crate) fn is_read(&self) -> bool {
        self.position == self.file.len()
    }
}
