//! The key of an error's text: `error` at the predict paths, whatever part of the server rejects the request, and
//! `msg` at all others (docs/api.md).

use std::time::Duration;

use futures_util::stream::pending;
use reqwest::{Body, Method, RequestBuilder, Response};
use serde_json::json;

use crate::support::{
    TestServer, models,
    pictures::numbered_png,
    server::{file, refused},
    settings,
};

const PATHS: [&str; 3] = ["/predict", "/api/predict", "/api/predict/number"];

/// A valid upload by the administrator.
async fn predict(server: &TestServer, path: &str) -> Response {
    send(
        server
            .by(&server.token, Method::POST, path)
            .multipart(file("a.png", numbered_png(1))),
    )
    .await
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

#[tokio::test]
async fn without_a_valid_token() {
    let server = TestServer::start().await;
    for path in PATHS {
        let anonymous = server.client.post(server.url(path));
        refused(send(anonymous).await, 401, "token_missing", "error").await;
        refused(
            send(server.by("nonsense", Method::POST, path)).await,
            401,
            "token_invalid",
            "error",
        )
        .await;
    }
    refused(server.get("/api/me").await, 401, "token_missing", "msg").await;
    refused(server.me("nonsense").await, 401, "token_invalid", "msg").await;
}

#[tokio::test]
async fn from_another_origin() {
    let server = TestServer::start().await;
    let browser = server.browser("admin").await;
    let request = |path| browser.ask(Method::POST, path).header("origin", "https://evil.example");
    for path in PATHS {
        refused(send(request(path)).await, 403, "origin_forbidden", "error").await;
    }
    refused(send(request("/api/logout")).await, 403, "origin_forbidden", "msg").await;
}

#[tokio::test]
async fn before_the_address_is_confirmed() {
    let server = TestServer::with(|settings| settings.accounts.unconfirmed_predictions = 0).await;
    assert_eq!(server.register("ana").await.status(), 201);
    let token = server.sign_in("ana").await;
    for path in PATHS {
        let request = server.by(&token, Method::POST, path);
        let response = send(request.multipart(file("a.png", numbered_png(1)))).await;
        refused(response, 403, "email_unconfirmed", "error").await;
    }
}

#[tokio::test]
async fn with_a_wrong_method() {
    let server = TestServer::start().await;
    for path in PATHS {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let request = server.by(&server.token, method, path);
            refused(send(request).await, 405, "method_not_allowed", "error").await;
        }
    }
    refused(server.get("/api/login").await, 405, "method_not_allowed", "msg").await;
}

#[tokio::test]
async fn with_a_body_that_is_too_large() {
    let server = TestServer::with(|settings| settings.upload.max_upload_bytes = 100_000).await;
    for path in PATHS {
        let request = server.by(&server.token, Method::POST, path);
        let response = send(request.multipart(file("a.png", vec![7; 200_000]))).await;
        refused(response, 413, "file_too_large", "error").await;
    }
    let credentials = json!({ "username": "a".repeat(200_000), "password": "x" });
    refused(
        server.post("/api/login", &credentials).await,
        413,
        "file_too_large",
        "msg",
    )
    .await;
}

#[tokio::test]
async fn with_a_body_that_never_ends() {
    let server = TestServer::with(|settings| {
        settings.connections.request_timeout_seconds = Duration::from_millis(300);
    })
    .await;
    let request = |path, kind| {
        let body = Body::wrap_stream(pending::<Result<Vec<u8>, std::io::Error>>());
        let request = server.by(&server.token, Method::POST, path);
        request.header("content-type", kind).body(body)
    };
    for path in PATHS {
        let response = send(request(path, "multipart/form-data; boundary=x")).await;
        refused(response, 408, "request_timeout", "error").await;
    }
    let response = send(request("/api/login", "application/json")).await;
    refused(response, 408, "request_timeout", "msg").await;
}

#[tokio::test]
async fn beyond_the_daily_quota() {
    let server = TestServer::with(|settings| {
        settings.limits.ratelimit_enabled = true;
        settings.limits.ratelimit_predict = "1 per day".parse().unwrap();
        settings.limits.ratelimit_register = "1 per day".parse().unwrap();
    })
    .await;
    assert_eq!(predict(&server, PATHS[0]).await.status(), 200);
    for path in PATHS {
        refused(predict(&server, path).await, 429, "rate_limited", "error").await;
    }
    assert_eq!(server.register("ana").await.status(), 201);
    refused(server.register("eva").await, 429, "rate_limited", "msg").await;
}

#[tokio::test]
async fn in_a_flood() {
    let server = TestServer::with(|settings| {
        settings.limits.ratelimit_enabled = true;
        settings.limits.ratelimit_flood = "1 per hour".parse().unwrap();
    })
    .await;
    // The administrator's login was the one request allowed.
    for path in PATHS {
        refused(predict(&server, path).await, 429, "rate_limited", "error").await;
        // The burst limit covers the methods that a route has; others are rejected before it.
        let other = send(server.by(&server.token, Method::GET, path)).await;
        refused(other, 405, "method_not_allowed", "error").await;
    }
    refused(server.me(&server.token).await, 429, "rate_limited", "msg").await;
    refused(server.register("ana").await, 429, "rate_limited", "msg").await;
}

#[tokio::test]
async fn when_the_model_panics() {
    let server = TestServer::start_with(&settings(), || Ok(models::panicking())).await;
    for path in PATHS {
        refused(predict(&server, path).await, 500, "internal", "error").await;
    }
}

#[tokio::test]
async fn when_the_upload_memory_is_exhausted() {
    let server = TestServer::with(|settings| settings.upload.upload_memory_bytes = 10).await;
    for path in PATHS {
        refused(predict(&server, path).await, 503, "overloaded", "error").await;
    }
}
