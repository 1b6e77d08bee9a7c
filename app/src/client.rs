//! The only file that calls the server's API.

use gloo_net::http::{Request, Response};
use web_sys::{AbortSignal, Blob, FormData};

use crate::wire::{ErrorBody, ErrorCode, LogEntries, Prediction};

/// A server that has said nothing for so long won't, in milliseconds.
const PATIENCE: u32 = 20_000;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The server was never reached.
    Offline,
    /// It took longer than [`PATIENCE`].
    TimedOut,
    /// It said no.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Its reason.
        code: ErrorCode,
        /// Seconds until it wants to be asked again.
        retry_after: Option<u32>,
    },
}

/// `POST /api/predict`: the server's reading of a picture file.
///
/// # Errors
///
/// [`Refusal`] when it can't be reached, refuses, or answers with something that is no prediction.
pub async fn predict(picture: &Blob, file_name: &str) -> Result<Prediction, Refusal> {
    let form = FormData::new().map_err(|_| Refusal::Offline)?;
    form.append_with_blob_and_filename("file", picture, file_name)
        .map_err(|_| Refusal::Offline)?;
    let signal = AbortSignal::timeout_with_u32(PATIENCE);
    let request = Request::post("/api/predict")
        .abort_signal(Some(&signal))
        .body(form)
        .map_err(|_| Refusal::Offline)?;
    let response = request.send().await.map_err(|_| unreached(&signal))?;
    if response.ok() {
        response
            .json()
            .await
            .map_err(|_| refused(&response, ErrorCode::Unknown))
    } else {
        let code = response
            .json::<ErrorBody>()
            .await
            .map_or(ErrorCode::Unknown, |body| body.code);
        Err(refused(&response, code))
    }
}

/// `GET /metrics`: everything that the server measures, in Prometheus' text.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn metrics() -> Result<String, Refusal> {
    let signal = AbortSignal::timeout_with_u32(PATIENCE);
    let request = Request::get("/metrics").abort_signal(Some(&signal)).build();
    let response = request
        .map_err(|_| Refusal::Offline)?
        .send()
        .await
        .map_err(|_| unreached(&signal))?;
    if !response.ok() {
        return Err(refused(&response, ErrorCode::Unknown));
    }
    response.text().await.map_err(|_| unreached(&signal))
}

/// `GET /api/admin/errors`: the newest warnings and errors of the server's log.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn newest_errors() -> Result<LogEntries, Refusal> {
    let signal = AbortSignal::timeout_with_u32(PATIENCE);
    let request = Request::get("/api/admin/errors").abort_signal(Some(&signal)).build();
    let response = request
        .map_err(|_| Refusal::Offline)?
        .send()
        .await
        .map_err(|_| unreached(&signal))?;
    let unusable = || refused(&response, ErrorCode::Unknown);
    if !response.ok() {
        return Err(unusable());
    }
    response.json().await.map_err(|_| unusable())
}

fn unreached(signal: &AbortSignal) -> Refusal {
    if signal.aborted() {
        Refusal::TimedOut
    } else {
        Refusal::Offline
    }
}

fn refused(response: &Response, code: ErrorCode) -> Refusal {
    Refusal::Refused {
        status: response.status(),
        code,
        retry_after: response
            .headers()
            .get("retry-after")
            .and_then(|seconds| seconds.parse().ok()),
    }
}
