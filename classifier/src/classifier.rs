//! The network with its embedded weights on a backend.

use std::str::FromStr;

use burn::backend::Flex;
#[cfg(not(target_arch = "wasm32"))]
#[expect(
    deprecated,
    reason = "deprecated in favour of flex, but the reference for the parity test"
)]
use burn::backend::NdArray;

use crate::direct_convolution;
use crate::inference::Inference;
use crate::preprocess::{self, Candidate, Picture, Stroke, WrittenLine};
use crate::{Line, ModelInput, Notice, OUTPUTS, Prediction, Reading};

/// The weights file, which is embedded, so that no file has to be deployed with the program. First all bytes at even places,
/// then all at odd ones: in half precision one byte of a number is nearly random, the other isn't, and apart they take 4 kB
/// less of the page's first load.
static WEIGHTS: [u8; FILE.len()] = {
    let (mut apart, mut index) = ([0; FILE.len()], 0);
    let half = FILE.len().div_ceil(2);
    while index < FILE.len() {
        apart[index / 2 + index % 2 * half] = FILE[index];
        index += 1;
    }
    apart
};

const FILE: &[u8] = include_bytes!("../weights/digits.bpk");

/// The embedded weights file as it was written.
pub fn shipped_weights() -> Vec<u8> {
    let (even, odd) = WEIGHTS.split_at(WEIGHTS.len().div_ceil(2));
    let pairs = even.iter().zip(odd).flat_map(|(&even, &odd)| [even, odd]);
    // A last byte without a pair.
    pairs.chain(even[odd.len()..].iter().copied()).collect()
}

/// The CPU backend of burn that runs the network, chosen at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backend {
    /// burn-flex: the default and by far the faster one.
    #[default]
    Flex,
    /// burn-ndarray: the reference for the parity test.
    Ndarray,
}

/// The name of a backend is neither `flex` nor `ndarray`.
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

/// Why weights can't be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The file is of another type, or of another version of its format.
    #[error("the file isn't the weights of a network")]
    Unreadable,
    /// The file is shorter or longer than the network's weights are.
    #[error("the weights are those of another network")]
    Shapes,
    /// A weight is not a number, infinite, or far larger than those of a trained network.
    #[error("a weight is no number, infinite or huge")]
    NotFinite,
    /// The backend is not available in this build.
    #[error("this build has flex only")]
    Backend,
}

/// The network with its weights on one backend. It is `Send`, and predicting takes `&self`.
#[derive(Debug)]
pub struct Classifier(OnBackend);

#[derive(Debug)]
enum OnBackend {
    Flex(Inference<Flex>),
    // Left out of WASM to keep the download small.
    #[cfg(not(target_arch = "wasm32"))]
    #[expect(
        deprecated,
        reason = "deprecated in favour of flex, but the reference for the parity test"
    )]
    Ndarray(Inference<NdArray>),
}

impl Classifier {
    /// Loads the embedded weights onto `backend`.
    ///
    /// # Errors
    ///
    /// [`LoadError`] if the embedded file doesn't have the network's shapes (prevented by a test), and for
    /// [`Backend::Ndarray`] in WASM, where only flex is built in.
    pub fn load(backend: Backend) -> Result<Self, LoadError> {
        Self::from_bytes(&shipped_weights(), backend)
    }

    /// Loads the weights from the bytes of another weights file.
    ///
    /// # Errors
    ///
    /// As [`Classifier::load`], if it isn't one of this network.
    pub fn from_bytes(weights: &[u8], backend: Backend) -> Result<Self, LoadError> {
        match backend {
            Backend::Flex => Inference::load(weights).map(OnBackend::Flex),
            #[cfg(not(target_arch = "wasm32"))]
            Backend::Ndarray => Inference::load(weights).map(OnBackend::Ndarray),
            #[cfg(target_arch = "wasm32")]
            Backend::Ndarray => Err(LoadError::Backend),
        }
        .map(Self)
    }

    /// Classifies a batch in one forward pass; predictions are in the order of the inputs. An empty batch gives no
    /// predictions.
    pub fn classify(&self, inputs: &[ModelInput]) -> Vec<Prediction> {
        self.outputs(inputs).into_iter().map(Prediction::from_outputs).collect()
    }

    /// Reads the digit in a picture: the first candidate, then the others in one batch if they can change the answer.
    pub fn read(&self, picture: &Picture) -> Reading {
        let reading = self.read_candidates(&preprocess::candidates(picture));
        if reading.may_be_number() {
            return reading.with_lines(self.read_number(picture));
        }
        reading
    }

    /// Reads the digit that was drawn; the reading's area is in the drawing's units.
    pub fn read_drawing(&self, strokes: &[Stroke]) -> Reading {
        let reading = self.read_unfinished(strokes);
        if reading.may_be_number() && reading.lines.is_empty() {
            return reading.with_lines(self.read_drawn_number(strokes));
        }
        reading
    }

    /// As [`Classifier::read_drawing`], for a drawing that changes with each frame: digits that touch are not searched,
    /// which takes tens of milliseconds for a scribble.
    pub fn read_unfinished(&self, strokes: &[Stroke]) -> Reading {
        let reading = self.read_candidates(&preprocess::drawing_candidates(strokes));
        if reading.notice == Some(Notice::SeveralDigits) {
            return reading.with_lines(self.read_drawn_number(strokes));
        }
        reading
    }

    /// Reads the numbers in a picture, one for each line of writing, from the top.
    pub fn read_number(&self, picture: &Picture) -> Vec<Line> {
        self.read_lines(&preprocess::lines(picture))
    }

    /// Reads the numbers that were drawn; areas are in the drawing's units.
    pub fn read_drawn_number(&self, strokes: &[Stroke]) -> Vec<Line> {
        self.read_lines(&preprocess::drawing_lines(strokes))
    }

    fn read_lines(&self, lines: &[WrittenLine]) -> Vec<Line> {
        let inputs: Vec<ModelInput> = lines.iter().flat_map(WrittenLine::inputs).cloned().collect();
        Line::best_of_each(lines, &self.classify(&inputs))
    }

    fn read_candidates(&self, candidates: &[Candidate]) -> Reading {
        let inputs: Vec<ModelInput> = candidates.iter().map(|candidate| candidate.input.clone()).collect();
        let (first, others) = inputs.split_at(inputs.len().min(1));
        let mut predictions = self.classify(first);
        if !Reading::first_is_enough(candidates, &predictions) {
            predictions.extend(self.classify(others));
        }
        Reading::best(candidates, &predictions)
    }

    /// The network's outputs for each input.
    pub(crate) fn outputs(&self, inputs: &[ModelInput]) -> Vec<[f32; OUTPUTS]> {
        if inputs.is_empty() {
            return Vec::new();
        }
        let logits = match &self.0 {
            OnBackend::Flex(network) => network.logits(inputs),
            #[cfg(not(target_arch = "wasm32"))]
            OnBackend::Ndarray(network) => network.logits(inputs),
        };
        logits.as_chunks::<OUTPUTS>().0.to_vec()
    }

    /// The outputs of each layer for one input, channels last.
    pub(crate) fn layer_outputs(&self, input: &ModelInput) -> Vec<Vec<f32>> {
        match &self.0 {
            OnBackend::Flex(network) => network.activations(input),
            #[cfg(not(target_arch = "wasm32"))]
            OnBackend::Ndarray(network) => network.activations(input),
        }
    }
}

/// The instruction set that [`Backend::Flex`] uses on this machine: `avx512`, `avx2`, `neon`, `simd128` or `scalar`.
pub fn instruction_set() -> &'static str {
    direct_convolution::instruction_set()
}

/// The embedded model's card, in JSON.
pub fn model_card() -> &'static str {
    include_str!("../weights/model_card.json")
}

/// Version of the weights whose file has this SHA-256 digest.
pub fn version_of(digest: [u8; 32]) -> String {
    let [first, second, third, fourth, ..] = digest;
    format!("digits-{first:02x}{second:02x}{third:02x}{fourth:02x}")
}

/// Version of the embedded model, as in the responses of `/predict`.
pub fn model_version() -> &'static str {
    include_str!("../weights/version.txt")
}
