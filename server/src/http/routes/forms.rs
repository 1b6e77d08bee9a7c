//! The plain forms, which a browser sends to a page's path itself because the page's WASM isn't loaded or can't be. Each is
//! passed on to the route of the API that the page would call, with all limits of that route; its response becomes a
//! redirect, or the page with what is wrong (docs/adr/0019-plain-forms.md).

pub(crate) mod language;
mod submission;
pub(crate) mod upload;

use api::{
    ConfirmedAddress, Done, ErrorCode,
    access::{safe_next, with_next},
};
use app::{FormAnswer, PlainForm};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{DefaultBodyLimit, Request, State},
    handler::Handler,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use percent_encoding::{CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tower::ServiceExt;

use super::pages;
use crate::http::{
    error::ApiError,
    extract::{ClientIp, auth::AuthError},
    layers::forbid_storing,
    plain_form::is_plain_form,
    session_cookie::SessionCookie,
    state::AppState,
};
use submission::Submission;

/// In bytes, of a response of the API that is read; they have a few hundred.
const MAX_RESPONSE: usize = 1 << 16;

/// What the handlers of plain forms use; cheap to clone.
#[derive(Clone)]
pub(crate) struct PlainForms {
    /// The API with its limits.
    api: Router,
    /// The pages.
    pages: Router,
    session_cookie: SessionCookie,
}

/// The layer of routes of the API that share their path with a page: a plain form is for the page.
pub(crate) async fn divert(State(forms): State<PlainForms>, request: Request, next: Next) -> Response {
    match request.uri().path() {
        "/login" if is_plain_form(&request) => Handler::call(login, request, forms).await,
        "/register" if is_plain_form(&request) => Handler::call(register, request, forms).await,
        _ => next.run(request).await,
    }
}

/// `POST /login?next=`.
async fn login(State(forms): State<PlainForms>, form: Submission) -> Response {
    let next = form.next();
    let fields = ["username", "password", "code"];
    forms
        .send(form, PlainForm::Login, "/api/login", &fields, safe_next(&next))
        .await
}

/// `POST /register?next=`.
async fn register(State(forms): State<PlainForms>, form: Submission) -> Response {
    let next = Done::Registered.at(&with_next("/login", &form.next()));
    let fields = ["username", "email", "password"];
    forms
        .send(form, PlainForm::Register, "/api/register", &fields, &next)
        .await
}

/// `POST /forgot`.
pub(crate) async fn forgot(State(forms): State<PlainForms>, form: Submission) -> Response {
    let next = Done::ResetRequested.at("/forgot");
    forms
        .send(form, PlainForm::Forgot, "/api/password/forgot", &["email"], &next)
        .await
}

/// `POST /reset/{token}`.
pub(crate) async fn reset(State(forms): State<PlainForms>, mut form: Submission) -> Response {
    let token = form.parts.uri.path().strip_prefix("/reset/").unwrap_or_default();
    let token = percent_decode_str(token).decode_utf8_lossy().into_owned();
    form.fields.insert("token".to_owned(), token);
    let next = Done::Reset.at("/login");
    let fields = ["token", "password"];
    forms
        .send(form, PlainForm::Reset, "/api/password/reset", &fields, &next)
        .await
}

/// `POST /confirm/{token}`: confirms the address. The form that asks for another mail is on the same page, and has an
/// address.
pub(crate) async fn confirm(State(forms): State<PlainForms>, form: Submission) -> Response {
    if form.fields.contains_key("email") {
        return resend(&forms, form, "/login").await;
    }
    let route = format!("/api{}", form.parts.uri.path());
    let response = match forms.ask(form, PlainForm::Confirm, &route, &[]).await {
        Ok(response) => response,
        Err(page) => return page,
    };
    let headers = response.headers().clone();
    let is_change = read(response)
        .await
        .is_some_and(|ConfirmedAddress { changed, .. }| changed);
    let done = if is_change { Done::EmailChanged } else { Done::Confirmed };
    see_other(&done.at("/login"), &headers)
}

/// `POST /account`: the forms of the account page. The one without a tag asks for another mail that confirms the address.
pub(crate) async fn account(State(forms): State<PlainForms>, form: Submission) -> Response {
    let page = "/account";
    match PlainForm::from_tag(form.value(PlainForm::FIELD)) {
        Some(kind @ PlainForm::ChangePassword) => {
            let next = Done::PasswordChanged.at(page);
            let fields = ["current_password", "password"];
            forms.send(form, kind, "/api/me/password", &fields, &next).await
        }
        Some(kind @ PlainForm::ChangeEmail) => {
            let next = Done::EmailRequested.at(page);
            let fields = ["email", "password"];
            forms.send(form, kind, "/api/me/email", &fields, &next).await
        }
        Some(kind @ PlainForm::DeleteAccount) => {
            let next = Done::Deleted.at("/");
            let fields = ["password", "code"];
            forms.send(form, kind, "/api/me/delete", &fields, &next).await
        }
        _ => resend(&forms, form, page).await,
    }
}

async fn resend(forms: &PlainForms, form: Submission, page: &str) -> Response {
    let next = Done::ConfirmationRequested.at(page);
    let kind = PlainForm::ResendConfirmation;
    forms.send(form, kind, "/api/confirm/resend", &["email"], &next).await
}

/// `POST /logout`.
pub(crate) async fn logout(State(forms): State<PlainForms>, form: Submission) -> Response {
    forms.sign_out(form, "/api/logout", "/").await
}

/// `POST /logout/everywhere`.
pub(crate) async fn everywhere(State(forms): State<PlainForms>, form: Submission) -> Response {
    forms.sign_out(form, "/api/logout/everywhere", "/login").await
}

impl PlainForms {
    /// With the routes of the API, which have their own state.
    pub(crate) fn new(api: Router, state: &AppState) -> Self {
        Self {
            // The size of the form was limited before.
            api: api.layer(DefaultBodyLimit::disable()),
            pages: pages::rendered(state),
            session_cookie: state.session_cookie.clone(),
        }
    }

    /// Checks that a request is a plain form, and that a page of this site has it: others need no CORS preflight to send a
    /// form.
    fn check(&self, request: &Request) -> Result<(), ApiError> {
        if !is_plain_form(request) {
            let text = "Envía el formulario de la página.";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(ApiError::new(status, ErrorCode::RequestInvalid, text));
        }
        if self.session_cookie.is_usable(request.method(), request.headers()) {
            Ok(())
        } else {
            Err(AuthError::Origin.into())
        }
    }

    /// Sends fields of a form to a route of the API. Redirects to `next` if it succeeds.
    async fn send(
        &self,
        form: Submission,
        kind: PlainForm,
        route: &str,
        fields: &[&'static str],
        next: &str,
    ) -> Response {
        match self.ask(form, kind, route, fields).await {
            Ok(response) => see_other(next, response.headers()),
            Err(page) => page,
        }
    }

    /// Sends fields of a form to a route of the API. Returns its response if it succeeds, else the page with what is wrong.
    async fn ask(
        &self,
        form: Submission,
        kind: PlainForm,
        route: &str,
        fields: &[&'static str],
    ) -> Result<Response, Response> {
        let values: Vec<_> = fields.iter().map(|name| (*name, form.value(name).to_owned())).collect();
        let body = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())));
        let response = self.post_json(&form.parts, route, body.collect()).await;
        if response.status().is_success() {
            return Ok(response);
        }
        let error = error_of(&response);
        let answer = FormAnswer::new(kind, values, error.status.as_u16(), error.code, error.retry_after);
        let page = with_next(form.parts.uri.path(), &form.next());
        let page = self.page(&form.parts, &page, answer, error.status, response.headers());
        Err(page.await)
    }

    /// Ends sessions, and redirects to `next`. Without a session there is nothing to end.
    async fn sign_out(&self, form: Submission, route: &str, next: &str) -> Response {
        let response = self.post_json(&form.parts, route, Map::new()).await;
        if response.status().is_success() || response.status() == StatusCode::UNAUTHORIZED {
            see_other(next, response.headers())
        } else {
            form.responder.respond(error_of(&response))
        }
    }

    async fn post_json(&self, form: &Parts, route: &str, body: Map<String, Value>) -> Response {
        let body = Body::from(Value::Object(body).to_string());
        let mut request = request_by(form, Method::POST, route, body);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        response_of(&self.api, request).await
    }

    /// The page at `path` with the answer to a form in it, and the headers of the API's response.
    async fn page<A>(&self, form: &Parts, path: &str, answer: A, status: StatusCode, headers: &HeaderMap) -> Response
    where
        A: Clone + Send + Sync + 'static,
    {
        let mut request = request_by(form, Method::GET, path, Body::empty());
        request.extensions_mut().insert(answer);
        let mut page = response_of(&self.pages, request).await;
        // Unless the visitor has no access to the page any more.
        if page.status() == StatusCode::OK {
            *page.status_mut() = status;
        }
        add_headers(headers, &mut page);
        // It shows what was typed, also without a session.
        forbid_storing(page)
    }
}

/// A request by the browser that has sent the form.
fn request_by(form: &Parts, method: Method, path: &str, body: Body) -> Request {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    // The path of a request, with a fixed prefix or an encoded query, is a valid one.
    *request.uri_mut() = Uri::try_from(path).unwrap_or_default();
    request.headers_mut().clone_from(&form.headers);
    request.headers_mut().remove(CONTENT_LENGTH);
    if let Some(client) = form.extensions.get::<ClientIp>() {
        request.extensions_mut().insert(*client);
    }
    request
}

async fn response_of(routes: &Router, request: Request) -> Response {
    let Ok(response) = routes.clone().oneshot(request).await;
    response
}

/// The body of a successful response of the API.
async fn read<T: DeserializeOwned>(response: Response) -> Option<T> {
    if response.status() != StatusCode::OK {
        return None;
    }
    let body = to_bytes(response.into_body(), MAX_RESPONSE).await.ok()?;
    serde_json::from_slice(&body).ok()
}

/// The error that a response of the API was made from.
fn error_of(response: &Response) -> ApiError {
    let error = response.extensions().get::<ApiError>().cloned();
    error.unwrap_or_else(|| ApiError::new(response.status(), ErrorCode::Unknown, ""))
}

/// A redirect to `path`, with the headers of the API's response, such as its cookie.
fn see_other(path: &str, headers: &HeaderMap) -> Response {
    let path = utf8_percent_encode(path, CONTROLS).to_string();
    let mut response = Redirect::to(&path).into_response();
    add_headers(headers, &mut response);
    response
}

/// Adds the headers that say nothing about the body.
fn add_headers(from: &HeaderMap, response: &mut Response) {
    for (name, value) in from {
        if *name != CONTENT_TYPE && *name != CONTENT_LENGTH {
            response.headers_mut().insert(name, value.clone());
        }
    }
}
