//! Handwritten digit classification: from an image or a drawing to ten probabilities.
//!
//! The crate depends on burn and on no other crate of the workspace, and the same source runs natively and in WASM.
//! [`preprocess`] turns any image into the network's input as MNIST was prepared; [`Classifier`] runs the network of
//! [`network`] with the embedded weights.

#[cfg(feature = "mnist")]
pub mod mnist;
pub mod network;
pub mod preprocess;
#[cfg(feature = "train")]
pub mod training;

mod check;
mod classifier;
mod convolution;
mod direct_convolution;
mod explain;
mod inference;
mod number;
mod prediction;
mod reading;
mod weights;

pub use check::CheckError;
pub use classifier::{
    Backend, Classifier, LoadError, UnknownBackendError, instruction_set, model_card, model_version, shipped_weights,
    version_of,
};
pub use explain::Activations;
pub use number::{Line, NumberPart, Numbers};
pub use prediction::Prediction;
pub use reading::{Notice, Reading, THRESHOLD};

/// Height and width of the network's input, in pixels.
pub const SIDE: usize = 28;

/// Number of pixels of the network's input.
pub const PIXELS: usize = SIDE * SIDE;

/// Number of classes: the digits 0 to 9.
pub const CLASSES: usize = 10;

/// Outputs of the network: the digits, and one for what is none.
pub(crate) const OUTPUTS: usize = CLASSES + 1;

/// The class of what is no digit, in training.
#[cfg(feature = "train")]
pub(crate) const NO_DIGIT: u8 = 10;

/// The network's input: 28 x 28 pixels, row by row from the top left; 0.0 is background, 1.0 is ink.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelInput(pub [f32; PIXELS]);
