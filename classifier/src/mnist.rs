//! Reader of MNIST's four IDX files (feature `mnist`), for training, tests and benchmarks.
//!
//! Format: <http://yann.lecun.com/exdb/mnist/>.

use std::path::{Path, PathBuf};

use md5::{Digest, Md5};

use crate::{ModelInput, PIXELS};

/// The two splits of MNIST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// 60,000 training images.
    Train,
    /// 10,000 test images, which are not used for training or model selection.
    Test,
}

/// Images and their labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// One byte per pixel, 784 per image; 0 is background, 255 is ink.
    pub pixels: Vec<u8>,
    /// The digit on each image, 0 to 9.
    pub labels: Vec<u8>,
}

/// Why MNIST could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MnistError {
    /// A file is missing or can't be read.
    #[error("{path}: {source}; `make mnist` fetches the files")]
    File {
        /// Path of the file.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// A file differs from the published one.
    #[error("{0}: not MNIST's published file (its MD5 differs); `make mnist` fetches it again")]
    Checksum(PathBuf),
    /// No folder is configured and there is no home directory.
    #[error("set MNIST_DIR to the folder with MNIST's IDX files; `make mnist` fetches them")]
    NoFolder,
    /// The bytes are not IDX files of 28 x 28 images and their labels.
    #[error("not a pair of IDX files of 28 x 28 pictures and their labels")]
    Format,
}

impl Split {
    /// File names and published MD5 sums: images, labels.
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

/// The folder of the files: `MNIST_DIR`, or else `trazo/mnist` in the user's cache, where `make mnist` puts them.
///
/// # Errors
///
/// [`MnistError::NoFolder`] if none of `MNIST_DIR`, `XDG_CACHE_HOME` and `HOME` is set.
pub fn data_dir() -> Result<PathBuf, MnistError> {
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

impl Dataset {
    /// Reads one split from `folder` and verifies the checksums.
    ///
    /// # Errors
    ///
    /// [`MnistError`] if a file is missing or differs from the published one.
    pub fn read(folder: &Path, part: Split) -> Result<Self, MnistError> {
        let [images, labels] = part.files().map(|(name, md5)| read_checked(&folder.join(name), md5));
        Self::from_idx(&images?, &labels?)
    }

    /// Parses the bytes of two IDX files.
    ///
    /// # Errors
    ///
    /// [`MnistError::Format`] if they are not images with their labels.
    pub fn from_idx(images: &[u8], labels: &[u8]) -> Result<Self, MnistError> {
        let pixels = idx_elements(images, &[crate::SIDE, crate::SIDE])?;
        let labels = idx_elements(labels, &[])?;
        let is_valid =
            pixels.len() == labels.len() * PIXELS && labels.iter().all(|&label| usize::from(label) < crate::CLASSES);
        if !is_valid {
            return Err(MnistError::Format);
        }
        Ok(Self {
            pixels: pixels.to_vec(),
            labels: labels.to_vec(),
        })
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of one image.
    ///
    /// # Panics
    ///
    /// If `index` is out of bounds.
    pub fn pixels(&self, index: usize) -> &[u8] {
        &self.pixels[index * PIXELS..(index + 1) * PIXELS]
    }

    /// One image as the network's input.
    ///
    /// # Panics
    ///
    /// If `index` is out of bounds.
    pub fn input(&self, index: usize) -> ModelInput {
        let pixels = self.pixels(index);
        ModelInput(std::array::from_fn(|pixel| f32::from(pixels[pixel]) / 255.0))
    }
}

/// The elements of an IDX file of bytes, whose items have the dimensions `item`.
pub(crate) fn idx_elements<'a>(file: &'a [u8], item: &[usize]) -> Result<&'a [u8], MnistError> {
    // Big-endian header: magic number (type and number of dimensions), then the dimensions; then one byte per element.
    let words = file
        .as_chunks::<4>()
        .0
        .iter()
        .map(|word| u32::from_be_bytes(*word) as usize);
    let head: Vec<usize> = words.take(2 + item.len()).collect();
    let elements = file.get(4 * (2 + item.len())..).ok_or(MnistError::Format)?;
    let is_valid = head[0] == 0x801 + item.len()
        && head[2..] == *item
        && Some(elements.len()) == head[1].checked_mul(item.iter().product());
    is_valid.then_some(elements).ok_or(MnistError::Format)
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
