//! The response to an inference request: JSON, with tensors in it or after it.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use classifier::{CLASSES, Prediction};
use serde::Serialize;
use utoipa::ToSchema;

use super::{FP32, NAME};

/// The length of the JSON in front of binary tensors.
pub(super) const HEADER_LENGTH: HeaderName = HeaderName::from_static("inference-header-content-length");

/// An output of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    /// The probability of each digit, if it is one.
    Probabilities,
    /// The probability that it is a digit.
    IsDigit,
}

impl Output {
    /// In the order of the model's description, and of a response to a request that names none.
    pub(super) const ALL: [Self; 2] = [Self::Probabilities, Self::IsDigit];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Probabilities => "probabilities",
            Self::IsDigit => "is_digit",
        }
    }

    /// The shape for one image.
    pub(super) fn shape(self) -> &'static [usize] {
        match self {
            Self::Probabilities => &[CLASSES],
            Self::IsDigit => &[],
        }
    }

    /// The values for one image.
    fn values(self, prediction: &Prediction) -> &[f32] {
        match self {
            Self::Probabilities => &prediction.probabilities,
            Self::IsDigit => std::slice::from_ref(&prediction.is_digit),
        }
    }
}

/// An output that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RequestedOutput {
    pub(super) output: Output,
    pub(super) is_binary: bool,
}

/// The response to an inference request.
#[derive(Serialize, ToSchema)]
pub(crate) struct InferenceResponse {
    model_name: &'static str,
    model_version: String,
    /// That of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    outputs: Vec<OutputTensor>,
}

/// A tensor of the response.
#[derive(Serialize, ToSchema)]
pub(crate) struct OutputTensor {
    name: &'static str,
    datatype: &'static str,
    shape: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<BinarySize>,
    /// The values, image by image; not there if they follow the JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Vec<f32>>,
}

/// The parameters of a tensor that follows the JSON.
#[derive(Serialize, ToSchema)]
pub(crate) struct BinarySize {
    /// In bytes.
    binary_data_size: usize,
}

/// The response with the requested outputs of the predictions of a model.
pub(super) fn respond(
    id: Option<String>,
    requested: &[RequestedOutput],
    predictions: &[Prediction],
    model_version: String,
) -> Response {
    let mut binary = Vec::new();
    let outputs = requested.iter().map(|RequestedOutput { output, is_binary }| {
        let values = predictions.iter().flat_map(|prediction| output.values(prediction));
        let start = binary.len();
        let data = if *is_binary {
            binary.extend(values.flat_map(|value| value.to_le_bytes()));
            None
        } else {
            Some(values.copied().collect())
        };
        let binary_data_size = binary.len() - start;
        OutputTensor {
            name: output.name(),
            datatype: FP32,
            shape: std::iter::once(predictions.len())
                .chain(output.shape().iter().copied())
                .collect(),
            parameters: is_binary.then_some(BinarySize { binary_data_size }),
            data,
        }
    });
    let header = InferenceResponse {
        model_name: NAME,
        model_version,
        id,
        outputs: outputs.collect(),
    };
    if binary.is_empty() {
        return Json(header).into_response();
    }
    // Writing to memory doesn't fail.
    let mut body = serde_json::to_vec(&header).unwrap_or_default();
    let length = HeaderValue::from(body.len());
    body.append(&mut binary);
    let octets = HeaderValue::from_static("application/octet-stream");
    ([(CONTENT_TYPE, octets), (HEADER_LENGTH, length)], body).into_response()
}
