//! Requests to `POST /v2/models/digits/infer` that are refused.

use reqwest::Method;
use serde_json::{Value, json};

use super::{INFER, inputs, post, post_binary, request};
use crate::support::{TestServer, log::lines_of, models, server::refused, settings};

#[tokio::test]
async fn requests_that_are_not_of_the_model_are_refused_with_a_reason() {
    let server = TestServer::start().await;
    let changes: [(&str, Value, &str); 19] = [
        ("/inputs", json!([]), "una sola entrada"),
        ("/inputs/0/name", json!("picture"), "una sola entrada"),
        ("/inputs/0/datatype", json!("FP64"), "FP32"),
        ("/inputs/0/shape", json!([1, 28, 28]), "[N, 1, 28, 28]"),
        ("/inputs/0/shape", json!([1, 1, 28, 27]), "[N, 1, 28, 28]"),
        ("/inputs/0/shape", json!([0, 1, 28, 28]), "[N, 1, 28, 28]"),
        ("/inputs/0/shape", json!([-1, 1, 28, 28]), "protocolo"),
        ("/inputs/0/shape", json!([2, 1, 28, 28]), "tantos valores"),
        ("/inputs/0/data", json!([0.0]), "tantos valores"),
        ("/inputs/0/data", Value::Null, "tantos valores"),
        ("/inputs/0/data", json!(0.0), "protocolo"),
        ("/inputs/0/data", json!(vec![true; 784]), "protocolo"),
        ("/inputs/0/data", json!(vec![1.01; 784]), "0 (fondo)"),
        ("/inputs/0/data", json!(vec![-1; 784]), "0 (fondo)"),
        ("/inputs/0/data", json!(vec![1e300; 784]), "0 (fondo)"),
        (
            "/inputs/0/parameters",
            json!({ "binary_data_size": 3136 }),
            "tantos valores",
        ),
        ("/outputs", json!([{ "name": "logits" }]), "salidas"),
        (
            "/outputs",
            json!([{ "name": "is_digit" }, { "name": "is_digit" }]),
            "salidas",
        ),
        (
            "/outputs",
            json!([{ "name": "probabilities", "parameters": { "classification": 3 } }]),
            "salidas",
        ),
    ];
    for (place, value, reason) in changes {
        let mut body = request(&inputs(1));
        for optional in ["outputs", "id"] {
            body[optional] = Value::Null;
        }
        body["inputs"][0]["parameters"] = json!({});
        *body.pointer_mut(place).unwrap() = value.clone();
        let response = post(&server, &server.token, &body).await;
        let logged = lines_of(&response);
        let text = refused(response, 400, "request_invalid", "error").await;
        assert!(text.contains(reason), "{place} {value}: {text}");
        assert!(
            logged[0].starts_with(&format!("WARNING - Predicción fallida: {text}")),
            "{logged:?}"
        );
    }
    let mut two = request(&inputs(1));
    let input = two["inputs"][0].clone();
    two["inputs"].as_array_mut().unwrap().push(input);
    refused(
        post(&server, &server.token, &two).await,
        400,
        "request_invalid",
        "error",
    )
    .await;
    for body in ["", "{", "[]", "{}", "null", "\u{feff}"] {
        let request = server.by(&server.token, Method::POST, INFER).body(body);
        refused(request.send().await.unwrap(), 400, "request_invalid", "error").await;
    }
    assert_eq!(server.row("admin").await.predictions, 0);
}

#[tokio::test]
async fn bytes_that_do_not_fit_the_json_are_refused() {
    let server = TestServer::start().await;
    let with = |datatype: &str, size: usize| {
        json!({ "inputs": [{
            "name": "image",
            "datatype": datatype,
            "shape": [1, 1, 28, 28],
            "parameters": { "binary_data_size": size },
        }] })
    };
    for (header, binary) in [
        (with("FP32", 3136), vec![0; 3135]),
        (with("FP32", 3136), vec![0; 3137]),
        (with("FP32", 3135), vec![0; 3135]),
        (with("FP32", 784), vec![0; 784]),
        (with("FP32", 0), Vec::new()),
        (with("UINT8", 3136), vec![0; 3136]),
        (with("INT8", 784), vec![0; 784]),
        // Not a number.
        (with("FP32", 3136), vec![0xff; 3136]),
        // The values are in the JSON already.
        (request(&inputs(1)), vec![0; 3136]),
    ] {
        let response = post_binary(&server, &header, &binary).await;
        refused(response, 400, "request_invalid", "error").await;
    }
    let body = request(&inputs(1)).to_string();
    for length in ["-1", "many", "", "99999999", "18446744073709551616", "5"] {
        let request = server.by(&server.token, Method::POST, INFER);
        let request = request.header("inference-header-content-length", length);
        let response = request.body(body.clone()).send().await.unwrap();
        refused(response, 400, "request_invalid", "error").await;
    }
}

#[tokio::test]
async fn too_much_is_refused() {
    let server = TestServer::with(|settings| settings.upload.max_upload_bytes = 2_000_000).await;
    let response = post(&server, &server.token, &request(&inputs(65))).await;
    refused(response, 413, "batch_too_large", "error").await;
    let mut many = request(&inputs(1));
    many["inputs"][0]["shape"] = json!([u64::MAX, 1, 28, 28]);
    refused(
        post(&server, &server.token, &many).await,
        413,
        "batch_too_large",
        "error",
    )
    .await;
    let large = server
        .by(&server.token, Method::POST, INFER)
        .body(vec![b' '; 2_000_001]);
    refused(large.send().await.unwrap(), 413, "file_too_large", "error").await;
    let compressed = server
        .by(&server.token, Method::POST, INFER)
        .header("content-encoding", "gzip");
    let response = compressed.body(vec![0; 100]).send().await.unwrap();
    refused(response, 415, "request_invalid", "error").await;
}

#[tokio::test]
async fn a_request_needs_a_user() {
    let server = TestServer::start().await;
    let body = request(&inputs(1));
    let anonymous = server.client.post(server.url(INFER)).json(&body);
    refused(anonymous.send().await.unwrap(), 401, "token_missing", "error").await;
    refused(post(&server, "nonsense", &body).await, 401, "token_invalid", "error").await;
    server.add_user("ana").await;
    let browser = server.browser("ana").await;
    let foreign = browser.ask(Method::POST, INFER).header("origin", "https://example.com");
    refused(
        foreign.json(&body).send().await.unwrap(),
        403,
        "origin_forbidden",
        "error",
    )
    .await;
}

#[tokio::test]
async fn a_failure_of_the_model_is_not_told() {
    let server = TestServer::start_with(&settings(), || Ok(models::panicking())).await;
    for count in [1, 64] {
        let response = post(&server, &server.token, &request(&inputs(count))).await;
        let text = refused(response, 500, "internal", "error").await;
        assert!(!text.contains("secret"), "{text}");
    }
    assert_eq!(server.row("admin").await.predictions, 0);
}
