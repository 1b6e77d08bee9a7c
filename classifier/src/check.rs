//! The check of weights that don't come with the program: whether they are a network that reads digits.

use crate::classifier::{Backend, Classifier, LoadError};
use crate::weights::breaks_off;
use crate::{CLASSES, ModelInput, PIXELS, Prediction, THRESHOLD};

/// The first five of each class of MNIST's training digits, in the order of the classes: an IDX file.
const FILE: &[u8] = include_bytes!("../weights/check-images-idx3-ubyte");

/// Bytes of the file before its images.
const HEAD: usize = 16;

/// Digits of each class.
const OF_EACH: usize = 5;

/// Number of digits.
const DIGITS: usize = CLASSES * OF_EACH;

/// How many of them a network has to read right.
const MIN_RIGHT: usize = 40;

/// The largest difference from the card's fingerprint: for its rounding, and that of other processors.
const MAX_DIFFERENCE: u16 = 2;

const _: () = assert!(FILE.len() == HEAD + DIGITS * PIXELS);

/// Why weights aren't accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// They can't be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// They misread too many of the fixed digits.
    #[error("only {right} of the fixed digits are read right")]
    Misreads {
        /// How many they read right.
        right: usize,
    },
}

impl Classifier {
    /// Loads weights that were trained elsewhere, if they read digits.
    ///
    /// # Errors
    ///
    /// [`CheckError`]; a file that ends before what it announces is unreadable, whatever its shapes are.
    pub fn load_checked(weights: &[u8], backend: Backend) -> Result<Self, CheckError> {
        let classifier = Self::from_bytes(weights, backend).map_err(|error| match error {
            LoadError::Shapes if breaks_off(weights) => LoadError::Unreadable,
            error => error,
        })?;
        let predictions = classifier.classify(&digits());
        let numbers = |prediction: &Prediction| {
            prediction.is_digit.is_finite() && prediction.probabilities.iter().all(|number| number.is_finite())
        };
        if !predictions.iter().all(numbers) {
            return Err(LoadError::NotFinite.into());
        }
        let is_right = |(index, prediction): &(usize, &Prediction)| {
            prediction.is_digit >= THRESHOLD && usize::from(prediction.digit()) == index / OF_EACH
        };
        let right = predictions.iter().enumerate().filter(is_right).count();
        if right < MIN_RIGHT {
            return Err(CheckError::Misreads { right });
        }
        Ok(classifier)
    }

    /// What a card says of its network, so that the server recognises it: how probable it makes each of the fixed digits,
    /// in thousandths.
    pub fn fingerprint(&self) -> Vec<u16> {
        let predictions = self.classify(&digits());
        let thousandths = |(index, prediction): (usize, &Prediction)| {
            let probability = prediction.is_digit * prediction.probabilities[index / OF_EACH];
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a probability is from 0 to 1; anything else becomes 0 or the largest number"
            )]
            let rounded = (probability * 1000.0).round() as u16;
            rounded
        };
        predictions.iter().enumerate().map(thousandths).collect()
    }

    /// Whether the network's fingerprint is this one, but for rounding.
    pub fn has_fingerprint(&self, expected: &[u16]) -> bool {
        let own = self.fingerprint();
        let is_near = |(own, expected): (&u16, &u16)| own.abs_diff(*expected) <= MAX_DIFFERENCE;
        own.len() == expected.len() && own.iter().zip(expected).all(is_near)
    }
}

/// The digits as the network's inputs.
fn digits() -> Vec<ModelInput> {
    let images = FILE[HEAD..].as_chunks::<PIXELS>().0;
    let input = |image: &[u8; PIXELS]| ModelInput(image.map(|ink| f32::from(ink) / 255.0));
    images.iter().map(input).collect()
}
