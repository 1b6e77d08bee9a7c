//! The server's answer to a plain form: one that the browser sends itself, because the page's WASM doesn't run.

use leptos::prelude::use_context;

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
    /// Replaces the password of the signed-in user.
    ChangePassword,
    /// Asks for a mail to another address of the signed-in user.
    ChangeEmail,
    /// Deletes the account of the signed-in user.
    DeleteAccount,
}

impl PlainForm {
    /// The hidden field that tells the forms of one page apart.
    pub const FIELD: &'static str = "form";

    /// Parses the value of that field.
    pub fn from_tag(tag: &str) -> Option<Self> {
        [Self::ChangePassword, Self::ChangeEmail, Self::DeleteAccount]
            .into_iter()
            .find(|form| form.tag() == tag)
    }

    /// The value of that field; empty for a form that needs none.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ChangePassword => "password",
            Self::ChangeEmail => "email",
            Self::DeleteAccount => "delete",
            Self::Login | Self::Register | Self::Forgot | Self::Reset | Self::Confirm | Self::ResendConfirmation => "",
        }
    }
}

/// Why a plain form was refused, and what was typed into it. A context of the page that the server renders as the answer.
/// That page isn't hydrated, so in a browser there is none.
#[derive(Clone)]
pub struct FormAnswer {
    form: PlainForm,
    /// By the names of the fields, passwords and codes included.
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
}
