//! The layers around all routes.

use std::collections::HashSet;

use crate::support::TestServer;

#[tokio::test]
async fn every_response_has_a_unique_request_id() {
    let server = TestServer::start().await;
    let mut ids = HashSet::new();
    for path in ["/", "/health/live", "/api/nothing", "/predict", "/nothing"] {
        let request = server
            .client
            .get(server.url(path))
            .header("x-request-id", "chosen-by-the-client");
        let id = request.send().await.unwrap().headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned();
        assert_eq!(id.len(), 32);
        assert!(ids.insert(id), "{path}");
    }
}

#[tokio::test]
async fn every_response_forbids_content_sniffing() {
    let server = TestServer::start().await;
    for path in ["/", "/health/live", "/api/nothing", "/predict", "/nothing"] {
        let response = server.get(path).await;
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_eq!(response.headers()["referrer-policy"], "same-origin");
    }
}
