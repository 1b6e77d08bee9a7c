//! The Open Inference Protocol below `/v2`.

mod errors;
mod infer;
mod limits;
mod metadata;

use classifier::{ModelInput, PIXELS};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::TestServer;

pub(crate) const INFER: &str = "/v2/models/digits/infer";

/// Inputs of the network with a stroke that is different for each number; all values are bytes divided by 255.
pub(crate) fn inputs(count: usize) -> Vec<ModelInput> {
    let input = |number: usize| {
        ModelInput(std::array::from_fn::<f32, PIXELS, _>(|pixel| {
            let (x, y) = (pixel % 28, pixel / 28);
            let is_ink = (4..24).contains(&y) && x.abs_diff(8 + (y * (number % 8)) / 12) < 2;
            if is_ink { (255 - number) as f32 / 255.0 } else { 0.0 }
        }))
    };
    (0..count).map(input).collect()
}

pub(crate) fn flat(inputs: &[ModelInput]) -> Vec<f32> {
    inputs.iter().flat_map(|input| input.0).collect()
}

/// A request with the images in JSON.
pub(crate) fn request(inputs: &[ModelInput]) -> Value {
    json!({ "inputs": [{
        "name": "image",
        "datatype": "FP32",
        "shape": [inputs.len(), 1, 28, 28],
        "data": flat(inputs),
    }] })
}

pub(crate) async fn post(server: &TestServer, token: &str, body: &Value) -> Response {
    server.by(token, Method::POST, INFER).json(body).send().await.unwrap()
}

/// A request whose JSON is followed by `binary`.
pub(crate) async fn post_binary(server: &TestServer, header: &Value, binary: &[u8]) -> Response {
    let header = header.to_string();
    let request = server.by(&server.token, Method::POST, INFER);
    let request = request.header("inference-header-content-length", header.len());
    let body = [header.as_bytes(), binary].concat();
    request.body(body).send().await.unwrap()
}
