//! The server's answer to a plain form: one that the browser sends itself, because the page's WASM doesn't run.

use leptos::prelude::use_context;

use super::{Field, FieldKind};
use crate::client::ClientError;
use api::ErrorCode;

/// The forms that can be sent as plain forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainForm {
    /// Sign-in.
    Login,
    /// Registration.
    Register,
    /// Asks for a mail to reset the password.
    Forgot,
    /// Sets a new password.
    Reset,
    /// Confirms an address.
    Confirm,
    /// Asks for another mail to confirm an address.
    ResendConfirmation,
}

/// Why a plain form was refused, and what was typed into it. A context of the page that the server renders as the answer.
/// That page isn't hydrated, so in a browser there is none.
#[derive(Clone)]
pub struct FormAnswer {
    form: PlainForm,
    /// By the names of the fields, passwords included.
    values: Vec<(&'static str, String)>,
    error: ClientError,
}

impl FormAnswer {
    /// The answer to `form`, from the API's error response.
    pub fn new(
        form: PlainForm,
        values: Vec<(&'static str, String)>,
        status: u16,
        code: ErrorCode,
        retry_after: Option<u32>,
    ) -> Self {
        let error = ClientError::Rejected {
            status,
            code,
            retry_after,
        };
        Self { form, values, error }
    }

    /// The answer, if this page is one to `form`.
    pub fn to(form: PlainForm) -> Option<Self> {
        use_context::<Self>().filter(|answer| answer.form == form)
    }

    /// The error of the response.
    pub fn error(&self) -> &ClientError {
        &self.error
    }

    /// What was typed into the field of that name.
    pub fn value(&self, name: &str) -> &str {
        let found = self.values.iter().find(|(field, _)| *field == name);
        found.map_or("", |(_, value)| value)
    }

    /// What was typed into `field`, if this page is an answer. A password is never sent back.
    pub fn typed(field: Field) -> Option<String> {
        match field.kind {
            FieldKind::NewPassword | FieldKind::Password => None,
            FieldKind::NewUsername | FieldKind::Username | FieldKind::Email => {
                use_context::<Self>().map(|answer| answer.value(field.name).to_owned())
            }
        }
    }
}
