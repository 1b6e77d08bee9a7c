//! The largest request body taken, announced or not.
//!
//! A client that writes its whole body before it reads would see a reset connection instead of the refusal if the
//! server stopped reading at the limit. So what comes after it is read and thrown away, up to a point.

use std::error::Error;

use api::ErrorCode;
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures_util::{Stream, TryStreamExt, stream};

use crate::http::error::Refusal;

/// Thrown away at most: this many times the limit. Beyond, the connection is closed on the client.
const PATIENCE: u64 = 8;

/// The body is larger than allowed.
#[derive(Debug, thiserror::Error)]
#[error("the body is larger than allowed")]
struct TooLarge;

/// Whether a failed read of a body failed for its size; the libraries between wrap the error, so its sources are asked.
pub fn is_too_large(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<TooLarge>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Refuse a body that is announced as too large; cut one that turns out to be.
pub async fn limit_body(State(limit): State<u64>, request: Request, next: Next) -> Response {
    let announced = content_length(request.headers());
    let (parts, body) = request.into_parts();
    if announced.is_none_or(|length| length <= limit) {
        return next.run(Request::from_parts(parts, limited(body, limit))).await;
    }
    // A client that waits for "100 Continue" has sent nothing yet, and needn't.
    if !parts.headers.contains_key(header::EXPECT) {
        discard(body.into_data_stream(), limit).await;
    }
    let text = "La solicitud es demasiado grande. Envía menos.";
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::FileTooLarge, text).answer(parts.uri.path())
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The body's first `limit` bytes; if there are more, the rest is thrown away and the end is an error.
fn limited(body: Body, limit: u64) -> Body {
    let start = (body.into_data_stream(), limit);
    Body::from_stream(stream::try_unfold(start, move |(mut body, left)| async move {
        let Some(chunk) = body.try_next().await? else {
            return Ok(None);
        };
        if let Some(left) = left.checked_sub(chunk.len() as u64) {
            return Ok(Some((chunk, (body, left))));
        }
        discard(body, limit).await;
        Err::<Option<(Bytes, _)>, axum::BoxError>(TooLarge.into())
    }))
}

async fn discard(mut body: impl Stream<Item = Result<Bytes, axum::Error>> + Unpin, limit: u64) {
    let mut left = limit.saturating_mul(PATIENCE);
    while let Ok(Some(chunk)) = body.try_next().await {
        match left.checked_sub(chunk.len() as u64) {
            Some(fewer) => left = fewer,
            None => return,
        }
    }
}
