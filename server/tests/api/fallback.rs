//! Unknown paths and methods.

use reqwest::Method;

use crate::support::{TestServer, server::refused};

#[tokio::test]
async fn an_unknown_path_of_the_api_is_json() {
    let server = TestServer::start().await;
    for path in ["/api/", "/api/nothing", "/api/predict/", "/api/..%2fpkg"] {
        refused(server.get(path).await, 404, "not_found", "msg").await;
    }
    let response = server.client.post(server.url("/nothing")).send().await.unwrap();
    refused(response, 404, "not_found", "msg").await;
}

#[tokio::test]
async fn a_wrong_method_is_json_and_lists_the_allowed_methods() {
    let server = TestServer::start().await;
    for (method, path, allowed, text) in [
        (Method::GET, "/predict", "POST", "error"),
        (Method::DELETE, "/api/predict", "POST", "error"),
        (Method::POST, "/health/live", "GET,HEAD", "msg"),
        (Method::POST, "/model", "GET,HEAD", "msg"),
    ] {
        let response = server.client.request(method, server.url(path)).send().await.unwrap();
        assert_eq!(response.headers()["allow"], allowed, "{path}");
        refused(response, 405, "method_not_allowed", text).await;
    }
}

#[tokio::test]
async fn an_unknown_page_is_html() {
    let server = TestServer::start().await;
    for path in [
        "/nothing",
        "/favicon.nothing",
        "/pkg/trazo.AAAAAAAAAAAAAAAAAAAAAA.wasm",
        "/apiary",
    ] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert!(
            response.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/html")
        );
        assert_eq!(response.headers()["cache-control"], "no-cache");
        assert!(response.text().await.unwrap().contains("<!DOCTYPE html>"));
    }
}
