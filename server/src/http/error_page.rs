//! What is answered when a handler panics or takes too long: JSON for programs, a page for people.
//!
//! The page is written here, plain: what renders the others may be what failed.

use api::Locale;
use axum::{
    extract::Request,
    http::{Method, header::ACCEPT},
    response::{Html, IntoResponse, Response},
};

use super::{error::Refusal, request_id, routes::pages};

/// Who asked, kept while the handler has the request.
pub struct Asker {
    path: String,
    /// The language of someone who asked for a page.
    reader: Option<Locale>,
}

impl Asker {
    /// Who sent this.
    pub fn of(request: &Request) -> Self {
        let path = request.uri().path().to_owned();
        let accepts = request.headers().get(ACCEPT).and_then(|accepts| accepts.to_str().ok());
        let is_reader = matches!(*request.method(), Method::GET | Method::HEAD)
            && !path.starts_with("/api/")
            && accepts.is_some_and(|accepts| accepts.contains("text/html"));
        let reader = is_reader.then(|| pages::locale(request.headers()));
        Self { path, reader }
    }

    /// Their answer.
    pub fn answer(self, refusal: Refusal) -> Response {
        match self.reader {
            Some(locale) => (refusal.status, Html(page(locale))).into_response(),
            None => refusal.answer(&self.path),
        }
    }
}

fn page(locale: Locale) -> String {
    let (title, remedy, way) = match locale {
        Locale::Es => (
            "El servidor no pudo responder",
            "Inténtalo de nuevo. Si se repite, danos este número:",
            "Ir al inicio",
        ),
        Locale::En => (
            "The server couldn't answer",
            "Try again. If it happens again, tell us this number:",
            "Go to the start",
        ),
    };
    let (language, id) = (locale.tag(), request_id::current());
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title></head>\
         <body><h1>{title}</h1><p>{remedy} <code>{id}</code></p><p><a href=\"/\">{way}</a></p></body></html>\n"
    )
}
