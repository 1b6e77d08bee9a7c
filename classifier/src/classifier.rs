//! The shipped weights on a device.

use std::str::FromStr;

use crate::{Picture, Reading};

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

/// The embedded weights don't fit the network.
#[derive(Debug, thiserror::Error)]
#[error("the embedded weights don't fit the network: {0}")]
pub struct LoadError(String);

/// The network with its shipped weights on one device. `Send`; reading takes `&self`.
#[derive(Debug)]
pub struct Classifier {}

impl Classifier {
    /// Load the weights that are part of the program onto `backend`.
    ///
    /// # Errors
    ///
    /// [`LoadError`] when the embedded file is not of this network's shapes (a test keeps that from shipping).
    pub fn load(_backend: Backend) -> Result<Self, LoadError> {
        todo!()
    }

    /// Read a batch of pictures in one pass; answers in the same order. An empty batch gives no answers.
    pub fn classify(&self, _pictures: &[Picture]) -> Vec<Reading> {
        todo!()
    }
}

/// The shipped model's version, as `/predict` names it; part of the cache's key.
pub fn model_version() -> &'static str {
    todo!()
}
