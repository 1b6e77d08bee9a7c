//! The shipped weights on a device.

use std::str::FromStr;

use burn::backend::Flex;
#[cfg(not(target_arch = "wasm32"))]
#[expect(deprecated, reason = "kept as the reference that flex is held to")]
use burn::backend::NdArray;

use crate::inference::Inference;
use crate::{CLASSES, ModelInput, Prediction};

/// The weights are part of the program: nothing to install beside it, nothing that can be missing.
const WEIGHTS: &[u8] = include_bytes!("../weights/digits.bpk");

/// Which of burn's CPU backends computes; chosen at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backend {
    /// burn-flex: the default, the faster by far.
    #[default]
    Flex,
    /// burn-ndarray: the reference that a parity test holds flex to.
    Ndarray,
}

/// A backend's name that is neither `flex` nor `ndarray`.
#[derive(Debug, thiserror::Error)]
#[error("unknown backend {0:?}: use flex or ndarray")]
pub struct UnknownBackendError(String);

impl FromStr for Backend {
    type Err = UnknownBackendError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "flex" => Ok(Self::Flex),
            "ndarray" => Ok(Self::Ndarray),
            other => Err(UnknownBackendError(other.to_owned())),
        }
    }
}

impl std::fmt::Display for Backend {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Flex => "flex",
            Self::Ndarray => "ndarray",
        })
    }
}

/// The embedded weights don't fit the network, or this build hasn't the backend.
#[derive(Debug, thiserror::Error)]
#[error("the digit reader can't be loaded: {0}")]
pub struct LoadError(&'static str);

/// The network with its shipped weights on one device. `Send`; reading takes `&self`.
#[derive(Debug)]
pub struct Classifier(Loaded);

#[derive(Debug)]
enum Loaded {
    Flex(Inference<Flex>),
    // In a page it would only add to the weight: nobody could choose it there.
    #[cfg(not(target_arch = "wasm32"))]
    #[expect(deprecated, reason = "kept as the reference that flex is held to")]
    Ndarray(Inference<NdArray>),
}

impl Classifier {
    /// Load the weights that are part of the program onto `backend`.
    ///
    /// # Errors
    ///
    /// [`LoadError`] when the embedded file is not of this network's shapes (a test keeps that from shipping), and for
    /// [`Backend::Ndarray`] in a browser, where only flex is built in.
    pub fn load(backend: Backend) -> Result<Self, LoadError> {
        Self::from_bytes(WEIGHTS, backend)
    }

    /// The same from the bytes of another weights' file.
    ///
    /// # Errors
    ///
    /// As for [`Classifier::load`].
    pub fn from_bytes(weights: &[u8], backend: Backend) -> Result<Self, LoadError> {
        match backend {
            Backend::Flex => Inference::load(weights).map(Loaded::Flex),
            #[cfg(not(target_arch = "wasm32"))]
            Backend::Ndarray => Inference::load(weights).map(Loaded::Ndarray),
            #[cfg(target_arch = "wasm32")]
            Backend::Ndarray => return Err(LoadError("this build has flex only")),
        }
        .map(Self)
        .ok_or(LoadError("the weights are not of this network"))
    }

    /// Read a batch of pictures in one pass; answers in the same order. An empty batch gives no answers.
    pub fn classify(&self, pictures: &[ModelInput]) -> Vec<Prediction> {
        if pictures.is_empty() {
            return Vec::new();
        }
        let logits = match &self.0 {
            Loaded::Flex(network) => network.logits(pictures),
            #[cfg(not(target_arch = "wasm32"))]
            Loaded::Ndarray(network) => network.logits(pictures),
        };
        logits
            .as_chunks::<CLASSES>()
            .0
            .iter()
            .copied()
            .map(Prediction::from_logits)
            .collect()
    }
}

/// The shipped model's version, as `/predict` names it; part of the cache's key.
pub fn model_version() -> &'static str {
    include_str!("../weights/version.txt")
}
