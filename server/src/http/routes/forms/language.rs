//! `POST /language`: chooses the language, and returns to the page.

use api::{Locale, access::local_path};
use axum::{
    http::{
        HeaderMap, HeaderValue, Uri,
        header::{REFERER, SET_COOKIE},
    },
    response::Response,
};

use super::{see_other, submission::Submission};

/// An unknown language changes nothing.
pub(crate) async fn language(form: Submission) -> Response {
    let page = referring_page(&form.parts.headers).unwrap_or_default();
    let mut response = see_other(local_path(&page), &HeaderMap::new());
    let locale = Locale::from_tag(form.value("lang"));
    if let Some(cookie) = locale.and_then(|locale| HeaderValue::from_str(&locale.cookie()).ok()) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// The path and the query of the page that the form is on.
fn referring_page(headers: &HeaderMap) -> Option<String> {
    let page: Uri = headers.get(REFERER)?.to_str().ok()?.parse().ok()?;
    Some(page.path_and_query()?.as_str().to_owned())
}
