//! Each request's id: in every line it causes, in its answer, and in what it is told when the server fails.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, debug, error_span};

use crate::{http::extract::Client, util::random};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id taken from a proxy.
const LENGTH: usize = 64;

tokio::task_local! {
    static CURRENT: String;
}

/// The layer that gives the id: a trusted proxy's, else a fresh one. One that the client sends is not believed.
pub async fn identify(client: Client, mut request: Request, next: Next) -> Response {
    let id = given(client, &request).unwrap_or_else(random::id);
    let value = HeaderValue::from_str(&id).ok();
    if let Some(value) = value.clone() {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    // At the highest level, so that no LOG_LEVEL takes the id from a line that is logged.
    let span = error_span!("request", request_id = %id);
    let (method, start) = (request.method().clone(), Instant::now());
    // The route, not the path: that may hold a token.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let answered = async {
        let response = CURRENT.scope(id, next.run(request)).await;
        let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
        let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
        debug!(
            "{method} {route}: {} en {milliseconds:.1} ms.",
            response.status().as_u16()
        );
        response
    };
    let mut response = answered.instrument(span).await;
    if let Some(value) = value {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The id of the request that is being answered; empty outside of any. Only letters, digits and `-_.`.
pub fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

fn given(client: Client, request: &Request) -> Option<String> {
    let given = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_good = (1..=LENGTH).contains(&given.len()) && given.bytes().all(is_word);
    (client.is_proxied && is_good).then(|| given.to_owned())
}
