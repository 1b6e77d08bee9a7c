//! The response when a handler panics or exceeds the time limit, or no page can say why a form failed: JSON for programs,
//! an HTML page for browsers.
//!
//! The page is a constant template, because the renderer of the other pages may be what failed.

use api::Locale;
use axum::{
    extract::Request,
    http::Method,
    response::{Html, IntoResponse, Response},
};

use super::{
    api_path::is_api,
    error::ApiError,
    extract::locale,
    plain_form::{accepts_html, is_plain_form},
    request_id,
};

/// Chooses the form of the error response before the handler consumes the request.
pub(crate) struct ErrorResponder {
    /// The locale of the page, if the client asked for one.
    page_locale: Option<Locale>,
}

impl ErrorResponder {
    /// Reads the method, the path and the headers of `request`.
    pub(crate) fn new(request: &Request) -> Self {
        let reads_page = matches!(*request.method(), Method::GET | Method::HEAD)
            && !is_api(request.uri().path())
            && accepts_html(request.headers());
        let wants_page = reads_page || is_plain_form(request);
        Self {
            page_locale: wants_page.then(|| locale::of(request.headers())),
        }
    }

    /// The response for `error`.
    pub(crate) fn respond(self, error: ApiError) -> Response {
        match self.page_locale {
            Some(locale) => (error.status, Html(page(locale))).into_response(),
            None => error.into_response(),
        }
    }
}

fn page(locale: Locale) -> String {
    let (title, remedy, link) = match locale {
        Locale::Es => (
            "El servidor no pudo responder",
            "Inténtalo de nuevo. Si se repite, danos este código:",
            "Ir al inicio",
        ),
        Locale::En => (
            "The server couldn't answer",
            "Try again. If it happens again, tell us this code:",
            "Go to the home page",
        ),
    };
    let (language, id) = (locale.tag(), request_id::current());
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title></head>\
         <body><h1>{title}</h1><p>{remedy} <code>{id}</code></p><p><a href=\"/\">{link}</a></p></body></html>\n"
    )
}
