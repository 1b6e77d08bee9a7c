//! The digit reader: from any picture or drawing to ten probabilities.
//!
//! It knows burn and nothing else, no web, no database, no Leptos, and is the same source natively and in WASM:
//! [`preprocess`] frames a picture as MNIST framed its own, [`Classifier`] reads it with the shipped weights of [`network`].

#[cfg(feature = "mnist")]
pub mod mnist;
pub mod network;
pub mod preprocess;
#[cfg(feature = "train")]
pub mod training;

mod classifier;
mod inference;
mod prediction;
mod weights;

pub use classifier::{Backend, Classifier, LoadError, UnknownBackendError, model_version};
pub use prediction::Prediction;

/// Height and width of the network's input, in pixels.
pub const SIDE: usize = 28;

/// Pixels of the network's input.
pub const PIXELS: usize = SIDE * SIDE;

/// The digits told apart.
pub const CLASSES: usize = 10;

/// The network's input: 28 x 28, row by row from the top left; 0.0 is paper, 1.0 is ink.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelInput(pub [f32; PIXELS]);
