//! A plain form with text fields.

use std::collections::HashMap;

use api::ErrorCode;
use axum::{
    Form,
    extract::{FromRequest, Query, Request},
    http::request::Parts,
    response::Response,
};

use super::PlainForms;
use crate::http::{body_size::is_too_large, error::ApiError, error_page::ErrorResponder};

/// A plain form with text fields, from a page of this origin.
pub(crate) struct Submission {
    /// The request without its body.
    pub(super) parts: Parts,
    /// The fields.
    pub(super) fields: HashMap<String, String>,
    /// Answers errors that no page shows.
    pub(super) responder: ErrorResponder,
}

impl Submission {
    /// The value of a field; empty without it.
    pub(super) fn value(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The parameter `next` of the form's address, which may be anything.
    pub(super) fn next(&self) -> String {
        let query = Query::<HashMap<String, String>>::try_from_uri(&self.parts.uri);
        let next = query.ok().and_then(|Query(mut query)| query.remove("next"));
        next.unwrap_or_default()
    }
}

impl FromRequest<PlainForms> for Submission {
    type Rejection = Response;

    async fn from_request(request: Request, forms: &PlainForms) -> Result<Self, Response> {
        let responder = ErrorResponder::new(&request);
        match read(request, forms).await {
            Ok((parts, fields)) => Ok(Self {
                parts,
                fields,
                responder,
            }),
            Err(error) => Err(responder.respond(error)),
        }
    }
}

async fn read(request: Request, forms: &PlainForms) -> Result<(Parts, HashMap<String, String>), ApiError> {
    forms.check(&request)?;
    let (parts, body) = request.into_parts();
    let request = Request::from_parts(parts.clone(), body);
    let form = Form::<HashMap<String, String>>::from_request(request, forms).await;
    let Form(mut fields) = form.map_err(|error| {
        if is_too_large(&error) {
            return ApiError::body_too_large();
        }
        let text = "El formulario llegó incompleto. Envíalo de nuevo.";
        ApiError::bad_request(ErrorCode::RequestInvalid, text)
    })?;
    // As the page does: keyboards append a space to what they suggest, but no password is suggested.
    for (name, value) in &mut fields {
        if !name.ends_with("password") {
            *value = value.trim().to_owned();
        }
    }
    Ok((parts, fields))
}
