//! A `multipart/form-data` request.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Multipart, Request, multipart::MultipartRejection},
};
use futures_util::TryStreamExt;

/// The form, if the request has one.
pub(crate) struct Form {
    /// The parts.
    pub(crate) parts: Result<Multipart, MultipartRejection>,
    /// How its lines end.
    pub(crate) line_ends: LineEnds,
}

/// Whether a body begins as a form whose first line ends with a line feed alone, which is known once that line was read. The
/// parser doesn't tell such a form from one that breaks off. It reads on only after the two hyphens of a boundary, so of
/// other bodies it would depend on the chunks whether the line end was seen.
#[derive(Clone, Default)]
pub(crate) struct LineEnds(Arc<AtomicBool>);

impl LineEnds {
    /// Whether the line ends with a line feed alone.
    pub(crate) fn are_bare(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Looks at the chunks of a body as they arrive.
    fn watch(self) -> impl FnMut(&Bytes) {
        let mut is_known = false;
        let mut hyphens = 0;
        move |chunk| {
            if is_known {
                return;
            }
            let start = chunk.iter().take(2 - hyphens);
            if start.clone().any(|byte| *byte != b'-') {
                is_known = true;
                return;
            }
            hyphens += start.count();
            if let Some(end) = chunk.iter().find(|byte| matches!(byte, b'\r' | b'\n')) {
                is_known = true;
                self.0.store(*end == b'\n', Ordering::Relaxed);
            }
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let line_ends = LineEnds::default();
        let watch = line_ends.clone().watch();
        let request = request.map(|body| Body::from_stream(body.into_data_stream().inspect_ok(watch)));
        Ok(Self {
            parts: Multipart::from_request(request, state).await,
            line_ends,
        })
    }
}
