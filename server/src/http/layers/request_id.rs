//! The layer that gives each request its id.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, debug, error_span, field::Empty};

use crate::{
    http::{extract::ClientIp, request_id},
    util::random,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id accepted from a proxy, in bytes.
const MAX_LENGTH: usize = 64;

/// Assigns the id: the one of a trusted proxy, else a new one. Ids from clients are ignored.
pub(super) async fn assign(client: ClientIp, mut request: Request, next: Next) -> Response {
    let id = from_proxy(client, &request).unwrap_or_else(random::id);
    let value = HeaderValue::from_str(&id).ok();
    if let Some(value) = value.clone() {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    // A span of level ERROR, so that every LOG_LEVEL keeps the id on the lines it logs.
    // The API key that it is sent with is recorded once it is known.
    let span = error_span!("request", request_id = %id, key = Empty);
    let (method, start) = (request.method().clone(), Instant::now());
    // The route and not the path, which may contain a token.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let handled = async {
        let response = request_id::scope(id, next.run(request)).await;
        let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
        let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
        debug!(
            "{method} {route}: {} en {milliseconds:.1} ms.",
            response.status().as_u16()
        );
        response
    };
    let mut response = handled.instrument(span).await;
    if let Some(value) = value {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn from_proxy(client: ClientIp, request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_valid = (1..=MAX_LENGTH).contains(&id.len()) && id.bytes().all(is_allowed);
    (client.is_proxied && is_valid).then(|| id.to_owned())
}
