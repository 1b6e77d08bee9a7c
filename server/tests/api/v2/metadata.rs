//! `GET /v2`, `GET /v2/health/…` and `GET /v2/models/digits`.

use std::{sync::mpsc, time::Duration};

use serde_json::{Value, json};

use crate::limits::{is_uncounted, limited};
use crate::support::{TestServer, eventually, models, server::refused, settings};

async fn get(server: &TestServer, path: &str) -> Value {
    let response = server.get(path).await;
    assert_eq!(response.status(), 200, "{path}");
    assert_eq!(response.headers()["content-type"], "application/json");
    response.json().await.unwrap()
}

async fn until_ready(server: &TestServer) {
    eventually("readiness", async || {
        (server.get("/v2/health/ready").await.status() == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_server_and_the_model_are_described() {
    let server = TestServer::start().await;
    assert_eq!(
        get(&server, "/v2").await,
        json!({ "name": "trazo", "version": env!("CARGO_PKG_VERSION"), "extensions": ["binary_tensor_data"] })
    );
    let version = classifier::model_version();
    let model = json!({
        "name": "digits",
        "versions": [version],
        "platform": "burn",
        "inputs": [{ "name": "image", "datatype": "FP32", "shape": [-1, 1, 28, 28] }],
        "outputs": [
            { "name": "probabilities", "datatype": "FP32", "shape": [-1, 10] },
            { "name": "is_digit", "datatype": "FP32", "shape": [-1] },
        ],
    });
    assert_eq!(get(&server, "/v2/models/digits").await, model);
    assert_eq!(
        get(&server, &format!("/v2/models/digits/versions/{version}")).await,
        model
    );
}

#[tokio::test]
async fn server_and_model_are_ready_when_the_model_is_loaded() {
    let (load, loaded) = mpsc::channel();
    let server = TestServer::start_with(&settings(), move || {
        loaded.recv().unwrap();
        Ok(models::three())
    })
    .await;
    let of_version = format!("/v2/models/digits/versions/{}/ready", classifier::model_version());
    let paths = ["/v2/health/ready", "/v2/models/digits/ready", &of_version];
    assert_eq!(get(&server, "/v2/health/live").await, json!({ "live": true }));
    for path in paths {
        refused(server.get(path).await, 503, "starting", "error").await;
    }
    load.send(()).unwrap();
    until_ready(&server).await;
    assert_eq!(get(&server, "/v2/health/ready").await, json!({ "ready": true }));
    for path in &paths[1..] {
        assert_eq!(get(&server, path).await, json!({ "name": "digits", "ready": true }));
    }
}

#[tokio::test]
async fn while_draining_it_is_not_ready_but_alive() {
    let mut settings = settings();
    settings.shutdown.shutdown_delay_seconds = Duration::from_secs(30);
    let mut server = TestServer::start_with(&settings, || Ok(models::three())).await;
    until_ready(&server).await;
    server.begin_stop();
    eventually("draining", async || {
        let body: Value = server.get("/v2/models/digits/ready").await.json().await.unwrap();
        (body["code"] == "draining").then_some(())
    })
    .await;
    refused(server.get("/v2/health/ready").await, 503, "draining", "error").await;
    assert_eq!(server.get("/v2/health/live").await.status(), 200);
}

#[tokio::test]
async fn other_models_and_versions_do_not_exist() {
    let server = TestServer::start().await;
    for path in [
        "/v2/models/other",
        "/v2/models/other/ready",
        "/v2/models/digits/versions/2",
        "/v2/models/digits/versions/2/ready",
        "/v2/models/digits/versions/%FF",
        "/v2/nothing",
    ] {
        let request = server.client.get(server.url(path)).header("accept", "text/html");
        refused(request.send().await.unwrap(), 404, "not_found", "error").await;
    }
    let other = server.client.post(server.url("/v2/models/other/infer"));
    refused(other.send().await.unwrap(), 404, "not_found", "error").await;
    let other = server.by(
        &server.token,
        reqwest::Method::POST,
        "/v2/models/digits/versions/2/infer",
    );
    refused(other.send().await.unwrap(), 404, "not_found", "error").await;
    refused(
        server.get("/v2/models/digits/infer").await,
        405,
        "method_not_allowed",
        "error",
    )
    .await;
}

#[tokio::test]
async fn anyone_may_ask_without_a_limit() {
    let server = limited(|settings| {
        settings.limits.ratelimit_default = "1 per day".parse().unwrap();
        settings.limits.ratelimit_flood = "3 per hour".parse().unwrap();
    })
    .await;
    until_ready(&server).await;
    for _ in 0..20 {
        for path in [
            "/v2",
            "/v2/health/live",
            "/v2/health/ready",
            "/v2/models/digits",
            "/v2/models/digits/ready",
        ] {
            let response = server.get(path).await;
            assert!(response.status() == 200 && is_uncounted(&response), "{path}");
        }
    }
}
