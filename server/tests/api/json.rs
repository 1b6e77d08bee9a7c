//! JSON request bodies.

use std::io;

use futures_util::stream;
use reqwest::{Body, Method};

use crate::{
    openapi::{description, filled, operations},
    support::{TestServer, server::refused},
};

/// Largest body.
const LIMIT: usize = 256 * 1024;

#[tokio::test]
async fn every_route_that_takes_json_has_a_limit_of_its_own() {
    let server = TestServer::start().await;
    let mut routes = 0;
    for (name, operation) in operations(&description(&server).await) {
        // Tensors are larger: their limit is that of uploads (v2/errors).
        if operation["requestBody"]["content"].get("application/json").is_none() || name.contains("/v2/") {
            continue;
        }
        routes += 1;
        let (method, path) = name.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        for length in [LIMIT, LIMIT + 1, 7 << 20] {
            let padded = format!("{{}}{}", " ".repeat(length - 2));
            let pieces: Vec<_> = padded
                .as_bytes()
                .chunks(50_000)
                .map(|piece| io::Result::Ok(piece.to_vec()))
                .collect();
            // With and without a `Content-Length`.
            for body in [Body::from(padded.clone()), Body::wrap_stream(stream::iter(pieces))] {
                let request = server.by(&server.token, method.clone(), &filled(path));
                let request = request.header("content-type", "application/json").body(body);
                let response = request.send().await.unwrap();
                if length > LIMIT {
                    refused(response, 413, "file_too_large", "msg").await;
                } else {
                    assert_ne!(response.status(), 413, "{name}");
                }
            }
        }
    }
    assert!(routes >= 9, "{routes} routes found");
}
