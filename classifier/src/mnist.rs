//! MNIST's four IDX files (feature `mnist`): for training, for the tests and for the benchmarks.

use std::path::{Path, PathBuf};

use md5::{Digest, Md5};

use crate::{ModelInput, PIXELS};

/// MNIST's own two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// 60,000 digits to learn from.
    Train,
    /// 10,000 digits that nothing may be chosen by.
    Test,
}

/// Digits and what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits {
    /// One byte a pixel, 784 a picture; 0 is paper, 255 is ink.
    pub pixels: Vec<u8>,
    /// The digit on each picture, 0 to 9.
    pub labels: Vec<u8>,
}

/// Why MNIST can't be read.
#[derive(Debug, thiserror::Error)]
pub enum MnistError {
    /// A file is missing or can't be opened.
    #[error("{path}: {source}; `make mnist` fetches the files")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A file is not the one that was published.
    #[error("{0}: not MNIST's published file (its MD5 differs); `make mnist` fetches it again")]
    Checksum(PathBuf),
    /// No folder is named and there is no home to look in.
    #[error("set MNIST_DIR to the folder with MNIST's IDX files; `make mnist` fetches them")]
    NoFolder,
    /// The bytes are not an IDX file of 28 x 28 pictures with their labels.
    #[error("not a pair of IDX files of 28 x 28 pictures and their labels")]
    Format,
}

impl Part {
    /// Names and published MD5 sums: pictures, labels.
    fn files(self) -> [(&'static str, u128); 2] {
        match self {
            Self::Train => [
                ("train-images-idx3-ubyte", 0x6bbc_9ace_898e_44ae_57da_46a3_2403_1adb),
                ("train-labels-idx1-ubyte", 0xa25b_ea73_6e30_d166_cddd_b491_f175_f624),
            ],
            Self::Test => [
                ("t10k-images-idx3-ubyte", 0x2646_ac64_7ad5_339d_bf08_2846_2832_69ea),
                ("t10k-labels-idx1-ubyte", 0x27ae_3e4e_0951_9cfb_b04c_3296_1520_3637),
            ],
        }
    }
}

/// Where the files are: `MNIST_DIR`, else `trazo/mnist` in the user's cache, where `make mnist` puts them.
///
/// # Errors
///
/// [`MnistError::NoFolder`] when neither `MNIST_DIR`, `XDG_CACHE_HOME` nor `HOME` is set.
pub fn folder() -> Result<PathBuf, MnistError> {
    let variable = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    variable("MNIST_DIR")
        .or_else(|| variable("XDG_CACHE_HOME").map(|cache| cache.join("trazo/mnist")))
        .or_else(|| variable("HOME").map(|home| home.join(".cache/trazo/mnist")))
        .ok_or(MnistError::NoFolder)
}

impl Digits {
    /// Read one part from `folder`, its checksums verified.
    ///
    /// # Errors
    ///
    /// [`MnistError`] when a file is missing or is not the published one.
    pub fn read(folder: &Path, part: Part) -> Result<Self, MnistError> {
        let [pictures, labels] = part.files().map(|(name, md5)| read_checked(&folder.join(name), md5));
        Self::from_idx(&pictures?, &labels?)
    }

    /// Read the bytes of two IDX files.
    ///
    /// # Errors
    ///
    /// [`MnistError::Format`] when they are no such pair.
    pub fn from_idx(pictures: &[u8], labels: &[u8]) -> Result<Self, MnistError> {
        // Big-endian: magic (type and number of dimensions), then each dimension; then one byte an element.
        let number = |bytes: &[u8], at: usize| -> Result<usize, MnistError> {
            let word = bytes.get(4 * at..4 * at + 4).and_then(|word| word.try_into().ok());
            word.map(|word| u32::from_be_bytes(word) as usize)
                .ok_or(MnistError::Format)
        };
        let count = number(pictures, 1)?;
        let header = [
            number(pictures, 0)?,
            number(pictures, 2)?,
            number(pictures, 3)?,
            number(labels, 0)?,
        ];
        let whole = header == [0x803, crate::SIDE, crate::SIDE, 0x801]
            && number(labels, 1)? == count
            && pictures.len() == 16 + count * PIXELS
            && labels.len() == 8 + count
            && labels[8..].iter().all(|&label| usize::from(label) < crate::CLASSES);
        if !whole {
            return Err(MnistError::Format);
        }
        Ok(Self {
            pixels: pictures[16..].to_vec(),
            labels: labels[8..].to_vec(),
        })
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of one picture.
    ///
    /// # Panics
    ///
    /// When there is no picture `index`.
    pub fn pixels(&self, index: usize) -> &[u8] {
        &self.pixels[index * PIXELS..(index + 1) * PIXELS]
    }

    /// One picture as the network reads it.
    ///
    /// # Panics
    ///
    /// When there is no picture `index`.
    pub fn input(&self, index: usize) -> ModelInput {
        let pixels = self.pixels(index);
        ModelInput(std::array::from_fn(|at| f32::from(pixels[at]) / 255.0))
    }
}

fn read_checked(path: &Path, md5: u128) -> Result<Vec<u8>, MnistError> {
    let bytes = std::fs::read(path).map_err(|source| MnistError::File {
        path: path.to_owned(),
        source,
    })?;
    let sum = u128::from_be_bytes(Md5::digest(&bytes).into());
    if sum == md5 {
        Ok(bytes)
    } else {
        Err(MnistError::Checksum(path.to_owned()))
    }
}
