//! Which requests are forms that a browser sends itself.

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderName, Method,
        header::{ACCEPT, CONTENT_TYPE},
    },
};

use super::api_path::is_api;

/// How browsers encode forms.
const ENCODINGS: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data"];

/// Whether the client shows an HTML page to a person.
pub(crate) fn accepts_html(headers: &HeaderMap) -> bool {
    text(headers, ACCEPT).contains("text/html")
}

/// Whether a browser has sent a form itself, and shows the response as a page. Programs that send forms ask for no HTML.
pub(crate) fn is_plain_form(request: &Request) -> bool {
    let declared = text(request.headers(), CONTENT_TYPE);
    *request.method() == Method::POST
        && !is_api(request.uri().path())
        && ENCODINGS.iter().any(|encoding| declared.starts_with(encoding))
        && accepts_html(request.headers())
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}
