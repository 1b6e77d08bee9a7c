//! An inference request: JSON, with the images in it or after it.

use classifier::{ModelInput, PIXELS, SIDE};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, SeqAccess, Visitor},
};
use utoipa::ToSchema;

use super::{
    FP32, INPUT,
    response::{Output, RequestedOutput},
};

/// Images that one request may have.
pub(super) const MAX_IMAGES: usize = 64;

/// The datatype of bytes: 0 is background and 255 is ink.
const UINT8: &str = "UINT8";

/// What a request asks for.
pub(super) struct Inference {
    pub(super) id: Option<String>,
    pub(super) images: Vec<ModelInput>,
    pub(super) outputs: Vec<RequestedOutput>,
}

/// Why a request can't be answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum RequestError {
    /// With the library's reason.
    #[error("La solicitud no es la del protocolo: inputs, y en cada uno name, datatype, shape y data.")]
    Json(#[source] serde_json::Error),
    #[error("Inference-Header-Content-Length no es la longitud del JSON con que empieza el cuerpo.")]
    HeaderLength,
    #[error("El modelo tiene una sola entrada, image.")]
    Input,
    #[error("El tipo de image es FP32, con valores de 0 a 1, o UINT8.")]
    Datatype,
    #[error("La forma de image es [N, 1, 28, 28], con N de 1 a 64.")]
    Shape,
    #[error("Son demasiadas imágenes para una solicitud. Envía 64 como mucho.")]
    TooMany,
    #[error("image no tiene tantos valores como dice su forma.")]
    Length,
    #[error("Los valores de FP32 van de 0 (fondo) a 1 (tinta), y los de UINT8 de 0 a 255.")]
    Value,
    #[error("Las salidas son probabilities e is_digit, cada una una vez y sin clasificación.")]
    Output,
}

/// An inference request.
#[derive(Deserialize, ToSchema)]
pub(crate) struct InferenceRequest {
    /// Returned with the response.
    id: Option<String>,
    parameters: Option<RequestParameters>,
    /// The images.
    inputs: Vec<InputTensor>,
    /// The outputs that are asked for; all, if there are none.
    outputs: Option<Vec<OutputName>>,
}

/// The parameters of a request. Others are ignored.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RequestParameters {
    /// Whether the outputs follow the JSON of the response, unless the output says otherwise.
    binary_data_output: Option<bool>,
}

/// The input `image`: white ink on black, framed as MNIST's digits are.
#[derive(Deserialize, ToSchema)]
pub(crate) struct InputTensor {
    name: String,
    /// `FP32`, from 0 to 1, or `UINT8`, from 0 to 255.
    #[schema(pattern = "^(FP32|UINT8)$")]
    datatype: String,
    /// `[N, 1, 28, 28]`, with at most 64 images.
    shape: Vec<u64>,
    parameters: Option<InputParameters>,
    /// The values, row by row, also as nested arrays. Not there if they follow the JSON.
    #[schema(value_type = Option<Vec<f32>>)]
    data: Option<Values>,
}

/// The parameters of an input. Others are ignored.
#[derive(Deserialize, ToSchema)]
pub(crate) struct InputParameters {
    /// Bytes of the values that follow the JSON.
    binary_data_size: Option<u64>,
}

/// An output that is asked for.
#[derive(Deserialize, ToSchema)]
pub(crate) struct OutputName {
    /// `probabilities` or `is_digit`.
    name: String,
    parameters: Option<OutputParameters>,
}

/// The parameters of an output. Others are ignored.
#[derive(Deserialize, ToSchema)]
pub(crate) struct OutputParameters {
    /// Whether the values follow the JSON of the response.
    binary_data: Option<bool>,
    /// Not supported.
    classification: Option<u64>,
}

impl Inference {
    /// Reads a body whose first `header_length` bytes are JSON, or all of them.
    pub(super) fn parse(body: &[u8], header_length: Option<usize>) -> Result<Self, RequestError> {
        let (json, binary) = match header_length {
            None => (body, None),
            Some(length) => {
                let (json, binary) = body.split_at_checked(length).ok_or(RequestError::HeaderLength)?;
                (json, Some(binary))
            }
        };
        let request: InferenceRequest = serde_json::from_slice(json).map_err(RequestError::Json)?;
        let is_binary = request.parameters.and_then(|parameters| parameters.binary_data_output);
        let [input] = <[InputTensor; 1]>::try_from(request.inputs).map_err(|_| RequestError::Input)?;
        Ok(Self {
            id: request.id,
            images: input.images(binary.unwrap_or_default())?,
            outputs: requested(request.outputs.unwrap_or_default(), is_binary.unwrap_or_default())?,
        })
    }
}

impl InputTensor {
    fn images(self, binary: &[u8]) -> Result<Vec<ModelInput>, RequestError> {
        if self.name != INPUT {
            return Err(RequestError::Input);
        }
        let [count, 1, height, width] = self.shape[..] else {
            return Err(RequestError::Shape);
        };
        if count == 0 || [height, width] != [SIDE as u64; 2] {
            return Err(RequestError::Shape);
        }
        let count = usize::try_from(count).ok().filter(|count| *count <= MAX_IMAGES);
        let length = count.ok_or(RequestError::TooMany)? * PIXELS;
        let size = self.parameters.and_then(|parameters| parameters.binary_data_size);
        let values = match (self.data, size) {
            (Some(values), None) if binary.is_empty() => from_json(values, &self.datatype, length)?,
            (None, Some(size)) if size == binary.len() as u64 => from_binary(binary, &self.datatype, length)?,
            _ => return Err(RequestError::Length),
        };
        if !values.iter().all(|ink| (0.0..=1.0).contains(ink)) {
            return Err(RequestError::Value);
        }
        let images = values.as_chunks::<PIXELS>().0;
        Ok(images.iter().copied().map(ModelInput).collect())
    }
}

/// The ink of each pixel, from the values of a tensor with as many as `length`.
fn from_json(Values { mut values, count }: Values, datatype: &str, length: usize) -> Result<Vec<f32>, RequestError> {
    if count != length {
        return Err(RequestError::Length);
    }
    match datatype {
        FP32 => {}
        UINT8 if values.iter().any(|value| value.fract() != 0.0) => return Err(RequestError::Value),
        UINT8 => values.iter_mut().for_each(|value| *value /= 255.0),
        _ => return Err(RequestError::Datatype),
    }
    Ok(values)
}

/// As [`from_json`], from the bytes of the values in little-endian order.
fn from_binary(bytes: &[u8], datatype: &str, length: usize) -> Result<Vec<f32>, RequestError> {
    let values: Vec<f32> = match (datatype, bytes.as_chunks()) {
        (FP32, (values, [])) => values.iter().copied().map(f32::from_le_bytes).collect(),
        (FP32, _) => return Err(RequestError::Length),
        (UINT8, _) => bytes.iter().map(|byte| f32::from(*byte) / 255.0).collect(),
        _ => return Err(RequestError::Datatype),
    };
    if values.len() == length {
        Ok(values)
    } else {
        Err(RequestError::Length)
    }
}

/// The outputs that are asked for: each once, so that the size of the response is bounded.
fn requested(names: Vec<OutputName>, is_binary: bool) -> Result<Vec<RequestedOutput>, RequestError> {
    if names.is_empty() {
        return Ok(Output::ALL.map(|output| RequestedOutput { output, is_binary }).to_vec());
    }
    let mut outputs: Vec<RequestedOutput> = Vec::new();
    for OutputName { name, parameters } in names {
        let output = Output::ALL.into_iter().find(|output| output.name() == name);
        let output = output.filter(|output| outputs.iter().all(|other| other.output != *output));
        let (binary_data, classification) = parameters.map_or((None, None), |parameters| {
            (parameters.binary_data, parameters.classification)
        });
        let (Some(output), None | Some(0)) = (output, classification) else {
            return Err(RequestError::Output);
        };
        let is_binary = binary_data.unwrap_or(is_binary);
        outputs.push(RequestedOutput { output, is_binary });
    }
    Ok(outputs)
}

/// Numbers of a JSON array, also of nested ones, row by row.
#[derive(Default)]
pub(crate) struct Values {
    /// No more than those of the largest request.
    values: Vec<f32>,
    /// How many there are.
    count: usize,
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut values = Self::default();
        deserializer.deserialize_seq(Elements(&mut values))?;
        Ok(values)
    }
}

/// Adds the numbers of an array, or a number, to the values. `serde_json` bounds the depth.
struct Elements<'a>(&'a mut Values);

impl Elements<'_> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounds to the nearest; what is too large is infinite"
    )]
    fn add(self, value: f64) {
        self.0.count += 1;
        if self.0.count <= MAX_IMAGES * PIXELS {
            self.0.values.push(value as f32);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element_seed(Elements(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.add(value);
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "no value above 255 is accepted")]
    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.visit_f64(value as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "no negative value is accepted")]
    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.visit_f64(value as f64)
    }
}
