//! The time that a request may take. It counts from the last bytes of the body that arrived, so that a slow upload isn't cut
//! off while it goes on.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
};
use hyper::body::{Frame, SizeHint};
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

/// A body may take this many times the limit, however steadily it arrives.
const BODY_FACTOR: u32 = 10;

/// Handles a request; `None` if nothing of its body has arrived and no response was made for the time of `limit`.
pub(super) async fn handle_within<H: Future>(
    limit: Duration,
    request: Request,
    handle: impl FnOnce(Request) -> H,
) -> Option<H::Output> {
    let start = Instant::now();
    let (deadline, current) = watch::channel(start + limit);
    let request = request.map(|body| {
        if body.is_end_stream() {
            return body;
        }
        Body::new(WatchedBody {
            body,
            limit,
            latest: start + limit * BODY_FACTOR,
            deadline,
        })
    });
    let mut handled = std::pin::pin!(handle(request));
    loop {
        let until = *current.borrow();
        match timeout_at(until, &mut handled).await {
            Ok(output) => return Some(output),
            Err(_) if *current.borrow() > until => {}
            Err(_) => return None,
        }
    }
}

/// A body that defers the deadline of its request with each part that arrives.
struct WatchedBody {
    body: Body,
    limit: Duration,
    /// The deadline of the whole body.
    latest: Instant,
    deadline: watch::Sender<Instant>,
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(_))) = polled {
            let deferred = (Instant::now() + self.limit).min(self.latest);
            self.deadline.send_replace(deferred);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
