//! The limit on the size of request bodies, with or without a `Content-Length`.
//!
//! The error response is sent at once. A client that writes its whole body before it reads would see a connection reset
//! instead of it if the server stopped reading at the limit. So the rest of the body is read and discarded beside the
//! response, up to [`DISCARD_FACTOR`]. The same goes for a body that is refused for another reason, such as a wrong token,
//! before it was read.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::{Stream, TryStreamExt, stream};
use hyper::body::{Frame, SizeHint};
use tokio::{runtime::Handle, time::timeout};

use crate::{
    http::{body_size::BodyTooLargeError, error::ApiError, plain_form::is_plain_form},
    settings::UploadSettings,
};

/// At most this many times the limit is discarded; then the connection is closed.
const DISCARD_FACTOR: u64 = 8;

/// The rest of a body within the limit is discarded for this long at most.
const UNREAD_TIME: Duration = Duration::from_secs(5);

/// The route whose bodies have several files.
const BATCH_PATH: &str = "/api/predict/batch";

/// The limits on bodies, by path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimits {
    batch: u64,
    others: u64,
    discard_time: Duration,
}

/// The limit on a body.
#[derive(Debug, Clone, Copy)]
struct BodyLimit {
    /// Its size.
    bytes: u64,
    /// How long the rest of a larger one is read.
    discard_time: Duration,
}

impl BodyLimits {
    /// The rest of a body that is too large is read for `discard_time` at most.
    pub(crate) fn new(settings: &UploadSettings, discard_time: Duration) -> Self {
        Self {
            batch: settings.max_batch_bytes as u64,
            others: settings.max_upload_bytes as u64,
            discard_time,
        }
    }

    fn of(self, path: &str) -> BodyLimit {
        BodyLimit {
            bytes: if path == BATCH_PATH { self.batch } else { self.others },
            discard_time: self.discard_time,
        }
    }
}

/// Rejects a body whose announced size exceeds the limit of its path, and fails the read of one that grows beyond it.
pub(crate) async fn limit_body(State(limits): State<BodyLimits>, request: Request, next: Next) -> Response {
    let limit = limits.of(request.uri().path());
    let is_plain_form = is_plain_form(&request);
    let (parts, body) = request.into_parts();
    // Known from the `Content-Length` if that counts, which it doesn't beside `Transfer-Encoding`. hyper reads no more.
    let body = match body.size_hint().exact() {
        Some(0) => body,
        // A client that waits for "100 Continue" has not sent the body.
        Some(length) if length <= limit.bytes && !parts.headers.contains_key(header::EXPECT) => {
            let discard_time = limit.discard_time.min(UNREAD_TIME);
            Body::new(DiscardedBody {
                body,
                limit: BodyLimit { discard_time, ..limit },
            })
        }
        Some(length) if length <= limit.bytes => body,
        // The handler that reads the form answers with a page.
        Some(_) if is_plain_form => limited(body, limit),
        Some(_) => {
            if !parts.headers.contains_key(header::EXPECT) {
                discard(body.into_data_stream(), limit);
            }
            return ApiError::body_too_large().into_response();
        }
        None => limited(body, limit),
    };
    next.run(Request::from_parts(parts, body)).await
}

/// The body, failing with [`BodyTooLargeError`] after the limit.
fn limited(body: Body, limit: BodyLimit) -> Body {
    let start = (body.into_data_stream(), limit.bytes);
    Body::from_stream(stream::try_unfold(start, move |(mut body, left)| async move {
        let Some(chunk) = body.try_next().await? else {
            return Ok(None);
        };
        if let Some(left) = left.checked_sub(chunk.len() as u64) {
            return Ok(Some((chunk, (body, left))));
        }
        discard(body, limit);
        Err::<Option<(Bytes, _)>, axum::BoxError>(BodyTooLargeError.into())
    }))
}

/// A body whose rest is discarded when it is dropped.
struct DiscardedBody {
    body: Body,
    limit: BodyLimit,
}

impl HttpBody for DiscardedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for DiscardedBody {
    fn drop(&mut self) {
        // Without a runtime, the server is ending.
        if !self.body.is_end_stream() && Handle::try_current().is_ok() {
            discard(std::mem::take(&mut self.body).into_data_stream(), self.limit);
        }
    }
}

/// Reads and drops the rest of a body in a task of its own. When that ends before the body does, hyper closes the
/// connection.
fn discard(mut body: impl Stream<Item = Result<Bytes, axum::Error>> + Unpin + Send + 'static, limit: BodyLimit) {
    let mut left = limit.bytes.saturating_mul(DISCARD_FACTOR);
    tokio::spawn(timeout(limit.discard_time, async move {
        while let Ok(Some(chunk)) = body.try_next().await {
            match left.checked_sub(chunk.len() as u64) {
                Some(fewer) => left = fewer,
                None => return,
            }
        }
    }));
}
