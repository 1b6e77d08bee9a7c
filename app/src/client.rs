//! The client of the server's API, and the only module that sends requests. The first load has nothing of it: pages that
//! send requests are loaded when they are opened, and what every page sends is loaded when it is sent.

#![expect(
    clippy::unnecessary_wraps,
    reason = "`wasm_split` adds the error of loading to what its functions return"
)]

mod upload;

use std::pin::Pin;

use gloo_net::http::{Request, RequestBuilder, Response};
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use api::{
    Account, ApiKeys, ConfirmedAddress, CorrectedDays, Correction, CreatedKey, Credentials, EmailChange, EmailRequest,
    ErrorBody, ErrorCode, Evaluation, FullCheck, History, Label, LiveModel, LogEntries, ModelCard, Models, NewKey,
    PasswordChange, PasswordCheck, PasswordReset, PastPrediction, RecoveryCodes, Registration, ResetLink,
    ReviewDecision, ReviewQueue, ReviewScope, Reviewed, ScrapeHistory, ServiceMetrics, ServiceRange, Sessions,
    TotpCode, TotpSecret, User, UserPatch, Users, access::percent_encode,
};

pub use upload::{Picture, UploadError, predict, predict_number, upload_model};

/// A request without a complete response after this long is aborted. In milliseconds.
const REQUEST_TIMEOUT_MS: u32 = 20_000;

/// Why a request has no usable response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientError {
    /// The server could not be reached.
    Offline,
    /// There was no complete response within [`REQUEST_TIMEOUT_MS`].
    TimedOut,
    /// The server answered with an error.
    Rejected {
        /// The HTTP status.
        status: u16,
        /// The error code in the body; [`ErrorCode::Unknown`] where there is none.
        code: ErrorCode,
        /// The `Retry-After` header, in seconds.
        retry_after: Option<u32>,
    },
}

impl ClientError {
    /// The server's answer to a request without a session.
    pub const SIGN_IN: Self = Self::Rejected {
        status: 401,
        code: ErrorCode::TokenMissing,
        retry_after: None,
    };

    /// The server's answer to a session that it doesn't know any more.
    pub const SESSION_ENDED: Self = Self::Rejected {
        status: 401,
        code: ErrorCode::TokenInvalid,
        retry_after: None,
    };

    /// The server's error code, where there was a response.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Rejected { code, .. } => Some(*code),
            Self::Offline | Self::TimedOut => None,
        }
    }

    /// Whether the link of an email is used up, too old or incomplete: only another email helps.
    pub fn is_link_invalid(&self) -> bool {
        matches!(
            self,
            Self::Rejected {
                status: 400,
                code: ErrorCode::TokenInvalid | ErrorCode::TokenExpired,
                ..
            }
        )
    }

    /// Whether there was a session that has ended, so that the visitor has an account.
    pub fn is_session_ended(&self) -> bool {
        self.is_signed_out() && self.code() != Some(ErrorCode::TokenMissing)
    }

    /// Whether the request failed because there is no valid session.
    pub fn is_signed_out(&self) -> bool {
        matches!(
            self,
            Self::Rejected {
                status: 401,
                code: ErrorCode::TokenMissing | ErrorCode::TokenInvalid | ErrorCode::TokenExpired,
                ..
            }
        )
    }
}

/// The result of a request.
pub type ApiResult<T> = Result<T, ClientError>;

/// `GET /api/model`.
pub async fn model() -> ApiResult<ModelCard> {
    get("/api/model").await
}

/// `GET /api/models/live`.
pub async fn live_model() -> ApiResult<LiveModel> {
    get("/api/models/live").await
}

/// `GET /api/models/{version}/weights`. The browser refuses others than those with that digest.
pub async fn weights(model: &LiveModel) -> ApiResult<Vec<u8>> {
    let signal = AbortSignal::timeout_with_u32(REQUEST_TIMEOUT_MS);
    let path = format!("/api/models/{}/weights", percent_encode(&model.version));
    let request = Request::get(&path)
        .integrity(&model.integrity)
        .abort_signal(Some(&signal));
    let response = request.send().await.map_err(|_| transport_error(&signal))?;
    if !response.ok() {
        return Err(rejected(&response, ErrorCode::Unknown));
    }
    response.binary().await.map_err(|_| transport_error(&signal))
}

/// `POST /api/register`.
pub async fn register(registration: &Registration) -> ApiResult<()> {
    post("/api/register", registration).await
}

/// `POST /api/login`. The page uses the session cookie; the token in the response is for API clients.
pub async fn sign_in(credentials: &Credentials) -> ApiResult<()> {
    post("/api/login", credentials).await
}

/// `POST /api/logout`. Every page has it in its menu, so this module is loaded for it.
pub async fn sign_out() -> ApiResult<()> {
    match sign_out_lazily().await {
        Ok(signing_out) => signing_out.await,
        Err(_) => Err(ClientError::Offline),
    }
}

#[wasm_split(client, wasm_split_path = ::leptos::wasm_split, fallible)]
fn sign_out_lazily() -> Result<Pin<Box<dyn Future<Output = ApiResult<()>>>>, SplitLoaderError> {
    Ok(Box::pin(async { post("/api/logout", &()).await }))
}

/// `POST /api/logout/everywhere`.
pub async fn sign_out_everywhere() -> ApiResult<()> {
    post("/api/logout/everywhere", &()).await
}

/// `POST /api/confirm/{token}`.
pub async fn confirm(token: &str) -> ApiResult<ConfirmedAddress> {
    let path = format!("/api/confirm/{}", percent_encode(token));
    parse(&send(Request::post(&path), &()).await?)
}

/// `POST /api/confirm/resend`.
pub async fn resend_confirmation(request: &EmailRequest) -> ApiResult<()> {
    post("/api/confirm/resend", request).await
}

/// `POST /api/password/forgot`.
pub async fn forgot_password(request: &EmailRequest) -> ApiResult<()> {
    post("/api/password/forgot", request).await
}

/// `POST /api/password/reset/check`.
pub async fn check_reset(link: &ResetLink) -> ApiResult<()> {
    post("/api/password/reset/check", link).await
}

/// `POST /api/password/reset`.
pub async fn reset_password(reset: &PasswordReset) -> ApiResult<()> {
    post("/api/password/reset", reset).await
}

/// `GET /api/me`.
pub async fn account() -> ApiResult<Account> {
    get("/api/me").await
}

/// `POST /api/me/password`.
pub async fn change_password(change: &PasswordChange) -> ApiResult<()> {
    post("/api/me/password", change).await
}

/// `POST /api/me/email`.
pub async fn change_email(change: &EmailChange) -> ApiResult<()> {
    post("/api/me/email", change).await
}

/// `GET /api/me/sessions`.
pub async fn sessions() -> ApiResult<Sessions> {
    get("/api/me/sessions").await
}

/// `DELETE /api/me/sessions/{id}`.
pub async fn end_session(id: &str) -> ApiResult<()> {
    let path = format!("/api/me/sessions/{}", percent_encode(id));
    exchange(Request::delete(&path), JsValue::UNDEFINED).await.map(|_| ())
}

/// `POST /api/me/totp`.
pub async fn set_up_totp(check: &PasswordCheck) -> ApiResult<TotpSecret> {
    parse(&send(Request::post("/api/me/totp"), check).await?)
}

/// `POST /api/me/totp/activate`.
pub async fn activate_totp(code: &TotpCode) -> ApiResult<RecoveryCodes> {
    parse(&send(Request::post("/api/me/totp/activate"), code).await?)
}

/// `POST /api/me/totp/remove`.
pub async fn remove_totp(check: &FullCheck) -> ApiResult<()> {
    post("/api/me/totp/remove", check).await
}

/// `POST /api/me/delete`.
pub async fn delete_account(check: &FullCheck) -> ApiResult<()> {
    post("/api/me/delete", check).await
}

/// `GET /api/keys`.
pub async fn keys() -> ApiResult<ApiKeys> {
    get("/api/keys").await
}

/// `POST /api/keys`.
pub async fn create_key(new: &NewKey) -> ApiResult<CreatedKey> {
    parse(&send(Request::post("/api/keys"), new).await?)
}

/// `DELETE /api/keys/{id}`.
pub async fn revoke_key(id: i64) -> ApiResult<()> {
    let path = format!("/api/keys/{id}");
    exchange(Request::delete(&path), JsValue::UNDEFINED).await.map(|_| ())
}

/// `GET /api/predictions?cursor=`. The newest predictions if `cursor` is empty.
pub async fn history(cursor: &str) -> ApiResult<History> {
    get(&format!("/api/predictions?cursor={}", percent_encode(cursor))).await
}

/// `POST /api/predictions/{id}/correction`.
pub async fn correct(id: i64, label: Label) -> ApiResult<PastPrediction> {
    let path = format!("/api/predictions/{id}/correction");
    parse(&send(Request::post(&path), &Correction::from(label)).await?)
}

/// `DELETE /api/predictions/{id}/correction`.
pub async fn take_back(id: i64) -> ApiResult<PastPrediction> {
    let path = format!("/api/predictions/{id}/correction");
    parse(&exchange(Request::delete(&path), JsValue::UNDEFINED).await?)
}

/// `DELETE /api/me/corrections`.
pub async fn take_back_all() -> ApiResult<()> {
    let request = Request::delete("/api/me/corrections");
    exchange(request, JsValue::UNDEFINED).await.map(|_| ())
}

/// `DELETE /api/me/data`.
pub async fn delete_data() -> ApiResult<()> {
    let request = Request::delete("/api/me/data");
    exchange(request, JsValue::UNDEFINED).await.map(|_| ())
}

/// `GET /api/admin/review`. `query` is empty or starts with `?`.
pub async fn review(query: &str) -> ApiResult<ReviewQueue> {
    get(&format!("/api/admin/review{query}")).await
}

/// `POST /api/admin/review`.
pub async fn decide(decision: &ReviewDecision) -> ApiResult<Reviewed> {
    parse(&send(Request::post("/api/admin/review"), decision).await?)
}

/// `POST /api/admin/review/plain`.
pub async fn agree_to_plain(scope: &ReviewScope) -> ApiResult<Reviewed> {
    parse(&send(Request::post("/api/admin/review/plain"), scope).await?)
}

/// `POST /api/admin/review/people/{id}/drop`.
pub async fn drop_person(id: i64) -> ApiResult<Reviewed> {
    let path = format!("/api/admin/review/people/{id}/drop");
    parse(&send(Request::post(&path), &()).await?)
}

/// `GET /api/admin/models`.
pub async fn models() -> ApiResult<Models> {
    get("/api/admin/models").await
}

/// `POST /api/admin/models/{version}/live`.
pub async fn put_live(version: &str) -> ApiResult<Models> {
    parse(&send(Request::post(&model_path(version, "/live")), &()).await?)
}

/// `DELETE /api/admin/models/{version}`.
pub async fn delete_model(version: &str) -> ApiResult<Models> {
    parse(&exchange(Request::delete(&model_path(version, "")), JsValue::UNDEFINED).await?)
}

/// `GET /api/admin/models/{version}/evaluation`.
pub async fn evaluation(version: &str) -> ApiResult<Evaluation> {
    get(&model_path(version, "/evaluation")).await
}

/// `POST /api/admin/models/{version}/evaluation`.
pub async fn evaluate(version: &str) -> ApiResult<Evaluation> {
    parse(&send(Request::post(&model_path(version, "/evaluation")), &()).await?)
}

fn model_path(version: &str, rest: &str) -> String {
    format!("/api/admin/models/{}{rest}", percent_encode(version))
}

/// `GET /api/admin/users`. `query` is empty or starts with `?`.
pub async fn users(query: &str) -> ApiResult<Users> {
    get(&format!("/api/admin/users{query}")).await
}

/// `PATCH /api/admin/users/{id}`.
pub async fn change_user(id: i64, patch: &UserPatch) -> ApiResult<User> {
    parse(&send(Request::patch(&format!("/api/admin/users/{id}")), patch).await?)
}

/// `POST /api/admin/users/{id}/resend`.
pub async fn resend_to(id: i64) -> ApiResult<()> {
    post(&format!("/api/admin/users/{id}/resend"), &()).await
}

/// `GET /api/metrics`, in the Prometheus text format. (`/metrics` may be closed at the proxy.)
pub async fn metrics() -> ApiResult<String> {
    exchange(Request::get("/api/metrics"), JsValue::UNDEFINED).await
}

/// `GET /api/admin/metrics/history`: what the server has measured in the last hour.
pub async fn scrape_history() -> ApiResult<ScrapeHistory> {
    get("/api/admin/metrics/history").await
}

/// `GET /api/admin/metrics/service?range=&instance=`: the figures of all servers or of one.
pub async fn service_metrics(range: ServiceRange, instance: Option<&str>) -> ApiResult<ServiceMetrics> {
    let instance = percent_encode(instance.unwrap_or_default());
    get(&format!(
        "/api/admin/metrics/service?range={}&instance={instance}",
        range.tag()
    ))
    .await
}

/// `GET /api/admin/errors`: the latest warnings and errors in the server's log.
pub async fn newest_errors() -> ApiResult<LogEntries> {
    get("/api/admin/errors").await
}

/// `GET /api/admin/corrected`: how many answers of the last days users have corrected.
pub async fn corrected_days() -> ApiResult<CorrectedDays> {
    get("/api/admin/corrected").await
}

async fn get<T: DeserializeOwned>(path: &str) -> ApiResult<T> {
    parse(&exchange(Request::get(path), JsValue::UNDEFINED).await?)
}

/// Send `body` and ignore the content of the response.
async fn post<B: Serialize>(path: &str, body: &B) -> ApiResult<()> {
    send(Request::post(path), body).await.map(|_| ())
}

async fn send<B: Serialize>(request: RequestBuilder, body: &B) -> ApiResult<String> {
    let json = serde_json::to_string(body).map_err(|_| ClientError::Offline)?;
    exchange(request.header("content-type", "application/json"), json.into()).await
}

fn parse<T: DeserializeOwned>(text: &str) -> ApiResult<T> {
    serde_json::from_str(text).map_err(|_| ClientError::Rejected {
        status: 200,
        code: ErrorCode::Unknown,
        retry_after: None,
    })
}

/// Send a request and return the body of a successful response. All requests but uploads and those for weights go through
/// here.
async fn exchange(request: RequestBuilder, body: JsValue) -> ApiResult<String> {
    let signal = AbortSignal::timeout_with_u32(REQUEST_TIMEOUT_MS);
    let request = request.abort_signal(Some(&signal)).header("accept", "application/json");
    let request = if body.is_undefined() {
        request.build()
    } else {
        request.body(body)
    };
    let request = request.map_err(|_| ClientError::Offline)?;
    let response = request.send().await.map_err(|_| transport_error(&signal))?;
    let text = response.text().await.map_err(|_| transport_error(&signal))?;
    if response.ok() {
        return Ok(text);
    }
    let code = serde_json::from_str::<ErrorBody>(&text).map_or(ErrorCode::Unknown, |body| body.code);
    Err(rejected(&response, code))
}

fn transport_error(signal: &AbortSignal) -> ClientError {
    if signal.aborted() {
        ClientError::TimedOut
    } else {
        ClientError::Offline
    }
}

fn rejected(response: &Response, code: ErrorCode) -> ClientError {
    ClientError::Rejected {
        status: response.status(),
        code,
        retry_after: response
            .headers()
            .get("retry-after")
            .and_then(|seconds| seconds.parse().ok()),
    }
}
