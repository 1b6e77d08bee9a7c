//! `POST /v2/models/digits/infer`.

use api::History;
use classifier::{Backend, Classifier, Prediction};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::{INFER, flat, inputs, post, post_binary, request};
use crate::support::{TestServer, log::lines_of, metrics::scrape};

/// The classifier's own answers.
fn expected(count: usize) -> Vec<Prediction> {
    Classifier::load(Backend::Flex).unwrap().classify(&inputs(count))
}

/// Compares with the classifier's own answers. They may differ in the last bits: the size of a batch decides how it is
/// split.
fn assert_are_expected(found: &[f32], wanted: impl IntoIterator<Item = f32>) {
    let wanted: Vec<f32> = wanted.into_iter().collect();
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() < 1e-5, "{found} instead of {wanted}");
    }
}

fn floats(data: &Value) -> Vec<f32> {
    serde_json::from_value(data.clone()).unwrap()
}

fn from_bytes(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().copied().map(f32::from_le_bytes).collect()
}

/// The JSON and the bytes after it of a response with binary tensors.
async fn halves(response: Response) -> (Value, Vec<u8>) {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/octet-stream");
    let length = response.headers()["inference-header-content-length"].to_str().unwrap();
    let length: usize = length.parse().unwrap();
    let body = response.bytes().await.unwrap();
    (
        serde_json::from_slice(&body[..length]).unwrap(),
        body[length..].to_vec(),
    )
}

#[tokio::test]
async fn the_outputs_are_those_of_the_network() {
    let server = TestServer::shipped().await;
    // Few images are predicted at once, and many in the queue.
    for count in [1, 3, 64] {
        let response = post(&server, &server.token, &request(&inputs(count))).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let body: Value = response.json().await.unwrap();
        let fields: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["model_name", "model_version", "outputs"]);
        assert_eq!(body["model_name"], "digits");
        assert_eq!(body["model_version"], classifier::model_version());
        let [probabilities, is_digit] = &body["outputs"].as_array().unwrap()[..] else {
            panic!("{body}");
        };
        assert_eq!(
            (
                &probabilities["name"],
                &probabilities["datatype"],
                &probabilities["shape"]
            ),
            (&json!("probabilities"), &json!("FP32"), &json!([count, 10]))
        );
        assert_eq!(
            (&is_digit["name"], &is_digit["shape"]),
            (&json!("is_digit"), &json!([count]))
        );
        let wanted = expected(count);
        let of_digits = wanted.iter().flat_map(|prediction| prediction.probabilities);
        assert_are_expected(&floats(&probabilities["data"]), of_digits);
        assert_are_expected(
            &floats(&is_digit["data"]),
            wanted.iter().map(|prediction| prediction.is_digit),
        );
    }
}

#[tokio::test]
async fn images_may_be_nested_arrays_or_bytes() {
    let server = TestServer::shipped().await;
    let inputs = inputs(2);
    let nested: Vec<Value> = inputs
        .iter()
        .map(|input| json!([input.0.chunks(28).map(|row| json!(row)).collect::<Vec<_>>()]))
        .collect();
    let bytes: Vec<u32> = flat(&inputs)
        .iter()
        .map(|ink| format!("{:.0}", ink * 255.0).parse().unwrap())
        .collect();
    let wanted = post(&server, &server.token, &request(&inputs))
        .await
        .text()
        .await
        .unwrap();
    for (datatype, data) in [("FP32", json!(nested)), ("UINT8", json!(bytes))] {
        let mut same = request(&inputs);
        same["inputs"][0]["datatype"] = json!(datatype);
        same["inputs"][0]["data"] = data;
        let response = post(&server, &server.token, &same).await;
        assert_eq!(response.text().await.unwrap(), wanted, "{datatype}");
    }
}

#[tokio::test]
async fn tensors_may_follow_the_json() {
    let server = TestServer::shipped().await;
    let inputs = inputs(3);
    let values = flat(&inputs);
    let floats: Vec<u8> = values.iter().flat_map(|ink| ink.to_le_bytes()).collect();
    let bytes: Vec<u8> = values
        .iter()
        .map(|ink| format!("{:.0}", ink * 255.0).parse().unwrap())
        .collect();
    let wanted = expected(3);
    for (datatype, binary) in [("FP32", floats), ("UINT8", bytes)] {
        let header = json!({
            "id": "42",
            "parameters": { "binary_data_output": true, "sequence_id": 7 },
            "inputs": [{
                "name": "image",
                "datatype": datatype,
                "shape": [3, 1, 28, 28],
                "parameters": { "binary_data_size": binary.len() },
            }],
        });
        let (body, binary) = halves(post_binary(&server, &header, &binary).await).await;
        assert_eq!(body["id"], "42");
        for (output, size) in [(0, 120), (1, 12)] {
            let output = &body["outputs"][output];
            assert_eq!(output["parameters"], json!({ "binary_data_size": size }));
            assert_eq!(output.get("data"), None);
        }
        let (probabilities, is_digit) = binary.split_at(120);
        assert_are_expected(
            &from_bytes(probabilities),
            wanted.iter().flat_map(|prediction| prediction.probabilities),
        );
        assert_are_expected(
            &from_bytes(is_digit),
            wanted.iter().map(|prediction| prediction.is_digit),
        );
    }
}

#[tokio::test]
async fn a_request_chooses_its_outputs_and_their_form() {
    let server = TestServer::shipped().await;
    let mut body = request(&inputs(1));
    body["outputs"] = json!([{ "name": "is_digit" }]);
    let answer: Value = post(&server, &server.token, &body).await.json().await.unwrap();
    assert_eq!(answer["outputs"].as_array().unwrap().len(), 1);
    assert_eq!(answer["outputs"][0]["name"], "is_digit");
    // What an output says overrides what the request says of all.
    body["parameters"] = json!({ "binary_data_output": true });
    body["outputs"] = json!([
        { "name": "is_digit" },
        { "name": "probabilities", "parameters": { "binary_data": false } },
    ]);
    let (answer, binary) = halves(post(&server, &server.token, &body).await).await;
    assert_eq!(binary.len(), 4);
    assert_eq!(answer["outputs"][0]["name"], "is_digit");
    assert_eq!(answer["outputs"][1]["data"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn a_version_and_a_cookie_may_be_used_and_no_content_type_is_needed() {
    let server = TestServer::start().await;
    let version = format!("/v2/models/digits/versions/{}/infer", classifier::model_version());
    server.add_user("ana").await;
    let browser = server.browser("ana").await;
    let body = request(&inputs(1)).to_string();
    for request in [
        server.by(&server.token, Method::POST, &version),
        browser.ask(Method::POST, INFER),
    ] {
        let response = request.body(body.clone()).send().await.unwrap();
        assert_eq!(response.status(), 200);
    }
}

#[tokio::test]
async fn predictions_are_logged_counted_and_kept_and_the_cache_is_not_used() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    for _ in 0..2 {
        let response = post(&server, &token, &request(&inputs(3))).await;
        let line = "INFO - Predicción realizada: Dígito 3 con probabilidad 1.00.";
        assert_eq!(lines_of(&response), [line; 3]);
    }
    let scrape = scrape(&server).await;
    let labels = [("digit", "3"), ("source", "model")];
    assert_eq!(scrape.get("predictions_total", &labels), Some(6.0));
    for stage in ["queue", "infer"] {
        assert_eq!(
            scrape.get("prediction_seconds_count", &[("stage", stage)]),
            Some(6.0),
            "{stage}"
        );
    }
    assert_eq!(scrape.get("prediction_batch_size_sum", &[]), Some(6.0));
    assert_eq!(scrape.get("prediction_confidence_count", &[]), Some(6.0));
    assert_eq!(scrape.get("prediction_cache_entries", &[]), Some(0.0));
    let labels = [("endpoint", INFER), ("status", "200")];
    assert_eq!(scrape.get("http_requests_total", &labels), Some(2.0));
    assert_eq!(server.row("ana").await.predictions, 6);
    let history = server.by(&token, Method::GET, "/api/predictions").send().await.unwrap();
    let history: History = history.json().await.unwrap();
    assert_eq!(history.total, Some(6));
    assert!(
        history
            .predictions
            .iter()
            .all(|past| past.digit == 3 && past.image.starts_with("data:image/png"))
    );
}
