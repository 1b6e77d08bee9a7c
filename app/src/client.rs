//! The only file that calls the server's API.

use gloo_net::http::{Request, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, Blob, FormData};

use api::{
    Account, Correction, Credentials, EmailRequest, ErrorBody, ErrorCode, History, LogEntries, PasswordReset,
    PastPrediction, Prediction, Registration, User, UserPatch, Users,
};

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

impl Refusal {
    /// What the server says to who hasn't signed in.
    pub const SIGN_IN: Self = Self::Refused {
        status: 401,
        code: ErrorCode::TokenMissing,
        retry_after: None,
    };

    /// The server's reason, where it gave one.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            Self::Offline | Self::TimedOut => None,
        }
    }

    /// Whether the session doesn't hold, or doesn't any more.
    pub fn is_signed_out(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                status: 401,
                code: ErrorCode::TokenMissing | ErrorCode::TokenInvalid | ErrorCode::TokenExpired,
                ..
            }
        )
    }
}

/// What a call comes to.
pub type Answer<T> = Result<T, Refusal>;

/// `POST /api/predict`: the server's reading of a picture file.
///
/// # Errors
///
/// [`Refusal`] when it can't be reached, refuses, or answers with something that is no prediction.
pub async fn predict(picture: &Blob, file_name: &str) -> Answer<Prediction> {
    let form = FormData::new().map_err(|_| Refusal::Offline)?;
    form.append_with_blob_and_filename("file", picture, file_name)
        .map_err(|_| Refusal::Offline)?;
    read(&exchange(Request::post("/api/predict"), form.into()).await?)
}

/// `POST /api/register`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn register(registration: &Registration) -> Answer<()> {
    post("/api/register", registration).await
}

/// `POST /api/login`: the session's cookie is all that the page lives by; the token is for programs.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn sign_in(credentials: &Credentials) -> Answer<()> {
    post("/api/login", credentials).await
}

/// `POST /api/logout`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn sign_out() -> Answer<()> {
    post("/api/logout", &()).await
}

/// `POST /api/logout/everywhere`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn sign_out_everywhere() -> Answer<()> {
    post("/api/logout/everywhere", &()).await
}

/// `POST /api/confirm/{token}`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn confirm(token: &str) -> Answer<()> {
    post(&format!("/api/confirm/{}", api::access::percent_encode(token)), &()).await
}

/// `POST /api/confirm/resend`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn resend_confirmation(address: &EmailRequest) -> Answer<()> {
    post("/api/confirm/resend", address).await
}

/// `POST /api/password/forgot`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn forgot_password(address: &EmailRequest) -> Answer<()> {
    post("/api/password/forgot", address).await
}

/// `POST /api/password/reset`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn reset_password(reset: &PasswordReset) -> Answer<()> {
    post("/api/password/reset", reset).await
}

/// `GET /api/me`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn account() -> Answer<Account> {
    get("/api/me").await
}

/// `GET /api/predictions?page=`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn history(page: u64) -> Answer<History> {
    get(&format!("/api/predictions?page={page}")).await
}

/// `POST /api/predictions/{id}/correction`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn correct(id: i64, digit: u8) -> Answer<PastPrediction> {
    let path = format!("/api/predictions/{id}/correction");
    read(&send(Request::post(&path), &Correction { digit }).await?)
}

/// `GET /api/admin/users` with a query that begins with `?`, or none.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn users(query: &str) -> Answer<Users> {
    get(&format!("/api/admin/users{query}")).await
}

/// `PATCH /api/admin/users/{id}`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn change_user(id: i64, patch: &UserPatch) -> Answer<User> {
    read(&send(Request::patch(&format!("/api/admin/users/{id}")), patch).await?)
}

/// `POST /api/admin/users/{id}/resend`.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn resend_to(id: i64) -> Answer<()> {
    post(&format!("/api/admin/users/{id}/resend"), &()).await
}

/// `GET /metrics`: everything that the server measures, in Prometheus' text.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn metrics() -> Answer<String> {
    exchange(Request::get("/metrics"), JsValue::UNDEFINED).await
}

/// `GET /api/admin/errors`: the newest warnings and errors of the server's log.
///
/// # Errors
///
/// [`Refusal`], as every call here.
pub async fn newest_errors() -> Answer<LogEntries> {
    get("/api/admin/errors").await
}

/// Ask for what is at `path`.
///
/// # Errors
///
/// [`Refusal`] when the server can't be reached, refuses, or answers with something else than a `T`.
pub async fn get<T: DeserializeOwned>(path: &str) -> Answer<T> {
    read(&exchange(Request::get(path), JsValue::UNDEFINED).await?)
}

/// Send something, and only hear whether it was taken.
async fn post<B: Serialize>(path: &str, body: &B) -> Answer<()> {
    send(Request::post(path), body).await.map(|_| ())
}

async fn send<B: Serialize>(request: RequestBuilder, body: &B) -> Answer<String> {
    let json = serde_json::to_string(body).map_err(|_| Refusal::Offline)?;
    exchange(request.header("content-type", "application/json"), json.into()).await
}

fn read<T: DeserializeOwned>(text: &str) -> Answer<T> {
    serde_json::from_str(text).map_err(|_| Refusal::Refused {
        status: 200,
        code: ErrorCode::Unknown,
        retry_after: None,
    })
}

/// The text of a good answer. The one place where a request leaves.
async fn exchange(request: RequestBuilder, body: JsValue) -> Answer<String> {
    let signal = AbortSignal::timeout_with_u32(PATIENCE);
    let request = request.abort_signal(Some(&signal)).header("accept", "application/json");
    let request = if body.is_undefined() {
        request.build()
    } else {
        request.body(body)
    };
    let request = request.map_err(|_| Refusal::Offline)?;
    let response = request.send().await.map_err(|_| unreached(&signal))?;
    let text = response.text().await.map_err(|_| unreached(&signal))?;
    if response.ok() {
        return Ok(text);
    }
    let code = serde_json::from_str::<ErrorBody>(&text).map_or(ErrorCode::Unknown, |body| body.code);
    Err(refused(&response, code))
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
