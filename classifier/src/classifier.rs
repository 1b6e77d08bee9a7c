//! The shipped weights on a device.

use std::str::FromStr;

use burn::tensor::{Device, Tensor, TensorData};

use crate::network::Network;
use crate::{Picture, Reading, SIDE};

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
pub struct UnknownBackend(String);

impl FromStr for Backend {
    type Err = UnknownBackend;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "flex" => Ok(Self::Flex),
            "ndarray" => Ok(Self::Ndarray),
            other => Err(UnknownBackend(other.to_owned())),
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
pub struct LoadError(String);

/// The network with its shipped weights on one device. `Send`; reading takes `&self`.
#[derive(Debug)]
pub struct Classifier {
    network: Network,
    device: Device,
}

impl Classifier {
    /// Load the weights that are part of the program onto `backend`.
    ///
    /// # Errors
    ///
    /// [`LoadError`] when the embedded file is not of this network's shapes (a test keeps that from shipping), and for
    /// [`Backend::Ndarray`] in a browser, where only flex is built in.
    pub fn load(backend: Backend) -> Result<Self, LoadError> {
        let device = match backend {
            Backend::Flex => Device::flex(),
            #[cfg(not(target_arch = "wasm32"))]
            #[expect(deprecated, reason = "kept as the reference that flex is held to")]
            Backend::Ndarray => Device::ndarray(),
            // A second backend would only add to the page's weight: nobody could choose it there.
            #[cfg(target_arch = "wasm32")]
            Backend::Ndarray => return Err(LoadError("this build has flex only".to_owned())),
        };
        let network = Network::from_bytes(WEIGHTS.to_vec(), &device).map_err(|error| LoadError(error.to_string()))?;
        Ok(Self { network, device })
    }

    /// Read a batch of pictures in one pass; answers in the same order. An empty batch gives no answers.
    pub fn classify(&self, pictures: &[Picture]) -> Vec<Reading> {
        if pictures.is_empty() {
            return Vec::new();
        }
        let pixels: Vec<f32> = pictures.iter().flat_map(|picture| picture.0).collect();
        let shape = [pictures.len(), 1, SIDE, SIDE];
        let pictures = Tensor::<4>::from_data(TensorData::new(pixels, shape), &self.device);
        let logits = self.network.forward(pictures).into_data();
        let mut logits = logits.iter::<f32>();
        (0..shape[0])
            .map(|_| Reading::from_logits(std::array::from_fn(|_| logits.next().unwrap_or_default())))
            .collect()
    }
}

/// The shipped model's version, as `/predict` names it; part of the cache's key.
pub fn model_version() -> &'static str {
    include_str!("../weights/version.txt")
}
