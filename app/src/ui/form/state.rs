//! The state of a form: its fields, whether it is being sent, and its errors.

use std::{future::Future, pin::Pin};

use js_sys::JsString;
use leptos::{html::Input, prelude::*, task::spawn_local};

use super::{FormAnswer, PlainForm};
use crate::client::{ApiResult, ClientError};
use api::{ErrorCode, validation};

/// The kind of a field's value, which decides how it is validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// The username of a new account.
    NewUsername,
    /// The username or the address of an existing account.
    Username,
    Email,
    /// A password to be set.
    NewPassword,
    /// The password of an existing account.
    Password,
    /// The first code of a second factor that is being set up.
    FirstCode,
    /// A code of a second factor, or a recovery code.
    Code,
    /// The same, where the account may have no second factor.
    OptionalCode,
    /// The name of an API key.
    KeyName,
}

/// Why a field's value was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldError {
    Empty,
    UsernameInvalid,
    UsernameTaken,
    EmailInvalid,
    EmailUndeliverable,
    EmailTaken,
    PasswordLength,
    /// Easy to guess, which only the server checks: it has the list of common passwords.
    PasswordCommon,
    PasswordWrong,
    CodeWrong,
    KeyNameInvalid,
}

impl FieldKind {
    /// Validate `value` by the same rules as the server.
    pub fn check(self, value: &str) -> Option<FieldError> {
        match self {
            // The server tells where it is missing.
            Self::OptionalCode => None,
            _ if value.is_empty() => Some(FieldError::Empty),
            Self::NewUsername if !validation::is_username(value) => Some(FieldError::UsernameInvalid),
            Self::Email if !validation::is_email(value) => Some(FieldError::EmailInvalid),
            Self::NewPassword if !validation::is_password_length(value) => Some(FieldError::PasswordLength),
            Self::KeyName if !validation::is_key_name(value) => Some(FieldError::KeyNameInvalid),
            _ => None,
        }
    }

    /// The error of this field that the server's error code means, if any.
    pub fn error_for(self, code: ErrorCode) -> Option<FieldError> {
        match (self, code) {
            (Self::NewUsername, ErrorCode::UsernameInvalid) => Some(FieldError::UsernameInvalid),
            (Self::NewUsername, ErrorCode::UsernameTaken) => Some(FieldError::UsernameTaken),
            (Self::Email, ErrorCode::EmailInvalid) => Some(FieldError::EmailInvalid),
            (Self::Email, ErrorCode::EmailUndeliverable) => Some(FieldError::EmailUndeliverable),
            (Self::Email, ErrorCode::EmailTaken) => Some(FieldError::EmailTaken),
            (Self::NewPassword, ErrorCode::PasswordWeak) => Some(FieldError::PasswordCommon),
            (Self::Password, ErrorCode::PasswordWrong) => Some(FieldError::PasswordWrong),
            (Self::Code | Self::OptionalCode, ErrorCode::CodeRequired) => Some(FieldError::Empty),
            (Self::FirstCode | Self::Code | Self::OptionalCode, ErrorCode::CodeWrong) => Some(FieldError::CodeWrong),
            _ => None,
        }
    }

    /// The input's `type` attribute.
    pub fn input_type(self) -> &'static str {
        match self {
            Self::NewUsername | Self::Username | Self::FirstCode | Self::Code | Self::OptionalCode | Self::KeyName => {
                "text"
            }
            Self::Email => "email",
            Self::NewPassword | Self::Password => "password",
        }
    }

    /// The input's `autocomplete` attribute.
    pub fn autocomplete(self) -> &'static str {
        match self {
            Self::NewUsername | Self::Username => "username",
            Self::Email => "email",
            Self::NewPassword => "new-password",
            Self::Password => "current-password",
            Self::FirstCode | Self::Code | Self::OptionalCode => "one-time-code",
            Self::KeyName => "off",
        }
    }

    /// The input's `inputmode` attribute, if the one of its type doesn't fit.
    pub fn input_mode(self) -> Option<&'static str> {
        (self == Self::FirstCode).then_some("numeric")
    }

    /// Whether the server may send back what was typed.
    fn is_public(self) -> bool {
        matches!(self, Self::NewUsername | Self::Username | Self::Email)
    }
}

/// One field. Its value stays in the document, so that text typed before hydration is not lost.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The input's id, unique on the page.
    pub id: &'static str,
    /// The input's name, unique in the form.
    pub name: &'static str,
    pub kind: FieldKind,
    pub input: NodeRef<Input>,
    pub error: RwSignal<Option<FieldError>>,
    /// What was typed into it, if this page is the answer to its form.
    pub typed: StoredValue<Option<String>>,
}

impl Field {
    /// A field whose name is its id.
    pub fn new(name: &'static str, kind: FieldKind) -> Self {
        Self::with_id(name, name, kind)
    }

    /// A field of a page where another form has one of this name.
    pub fn with_id(id: &'static str, name: &'static str, kind: FieldKind) -> Self {
        Self {
            id,
            name,
            kind,
            input: NodeRef::new(),
            error: RwSignal::new(None),
            typed: StoredValue::new(None),
        }
    }

    /// The input's value. Usernames and addresses are trimmed: keyboard suggestions append a space. A new password has the
    /// form that the server counts (NFKC). A code has no spaces: apps show it in groups.
    pub fn value(self) -> String {
        let typed = self
            .input
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default();
        match self.kind {
            FieldKind::NewUsername | FieldKind::Username | FieldKind::Email | FieldKind::KeyName => {
                typed.trim().to_owned()
            }
            FieldKind::NewPassword => JsString::from(typed).normalize("NFKC").into(),
            FieldKind::Password => typed,
            FieldKind::FirstCode | FieldKind::Code | FieldKind::OptionalCode => typed.split_whitespace().collect(),
        }
    }

    /// Focus the input, if it is shown.
    pub fn focus(self) {
        if let Some(input) = self.input.get_untracked() {
            // An input that is in the document takes the focus.
            input.focus().ok();
        }
    }
}

/// The pending request of a form.
pub type SubmitFuture = Pin<Box<dyn Future<Output = ApiResult<()>>>>;

/// A form's state. Copies share it.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Whether the form is being sent. Stays set after success, until the caller's `on_success` resets it or shows
    /// another page.
    pub busy: RwSignal<bool>,
    /// The last error that concerns no single field.
    pub error: RwSignal<Option<ClientError>>,
}

impl Form {
    /// The state of `form`, which has `fields`: empty, or as the server found it if this page is its answer.
    pub fn new(form: PlainForm, fields: &[Field]) -> Self {
        let state = Self::scripted();
        let Some(answer) = FormAnswer::to(form) else {
            return state;
        };
        for field in fields.iter().filter(|field| field.kind.is_public()) {
            field.typed.set_value(Some(answer.value(field.name).to_owned()));
        }
        if check(fields, |field| answer.value(field.name).to_owned()) {
            state.show_error(fields, answer.error().clone());
        }
        state
    }

    /// The state of a form that only the page's code sends.
    pub fn scripted() -> Self {
        Self {
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
        }
    }

    /// Validate `fields` and, unless one is invalid or the form is being sent already, call `send`.
    pub fn submit(self, fields: &[Field], send: impl FnOnce() -> SubmitFuture, on_success: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.error.set(None);
        if !check(fields, Field::value) {
            return;
        }
        self.busy.set(true);
        let pending = send();
        let fields = fields.to_vec();
        spawn_local(async move {
            match pending.await {
                Ok(()) => on_success(),
                Err(error) => self.show_error(&fields, error),
            }
        });
    }

    /// Ready for other values, after success.
    pub fn clear(self, fields: &[Field]) {
        self.busy.set(false);
        for field in fields {
            if let Some(input) = field.input.get_untracked() {
                input.set_value("");
            }
        }
    }

    /// Show `error` at the field that it concerns, or else below the form.
    fn show_error(self, fields: &[Field], error: ClientError) {
        self.busy.set(false);
        let field_error = error.code().and_then(|code| {
            fields
                .iter()
                .find_map(|field| Some((*field, field.kind.error_for(code)?)))
        });
        match field_error {
            Some((field, error)) => {
                field.error.set(Some(error));
                field.focus();
            }
            None => self.error.set(Some(error)),
        }
    }
}

/// Whether all values are valid. Shows what is wrong at each field, and focuses the first of those.
fn check(fields: &[Field], value: impl Fn(Field) -> String) -> bool {
    for field in fields {
        field.error.set(field.kind.check(&value(*field)));
    }
    let wrong = fields.iter().find(|field| field.error.with_untracked(Option::is_some));
    if let Some(field) = wrong {
        field.focus();
    }
    wrong.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_existing_accounts_only_must_not_be_empty() {
        assert_eq!(FieldKind::Password.check("x"), None);
        assert_eq!(FieldKind::Username.check("a b"), None);
        assert_eq!(FieldKind::Password.check(""), Some(FieldError::Empty));
        assert_eq!(FieldKind::Code.check(""), Some(FieldError::Empty));
        assert_eq!(FieldKind::OptionalCode.check(""), None);
    }

    #[test]
    fn new_values_are_validated() {
        assert_eq!(FieldKind::NewPassword.check("corta"), Some(FieldError::PasswordLength));
        assert_eq!(FieldKind::NewUsername.check("a b"), Some(FieldError::UsernameInvalid));
        assert_eq!(FieldKind::Email.check("ana"), Some(FieldError::EmailInvalid));
        assert_eq!(FieldKind::KeyName.check("a\tb"), Some(FieldError::KeyNameInvalid));
        assert_eq!(FieldKind::KeyName.check("a b"), None);
        assert_eq!(FieldKind::Email.check("ana@example.com"), None);
    }

    #[test]
    fn an_error_code_belongs_to_its_field() {
        assert_eq!(
            FieldKind::Email.error_for(ErrorCode::EmailTaken),
            Some(FieldError::EmailTaken)
        );
        assert_eq!(FieldKind::NewUsername.error_for(ErrorCode::EmailTaken), None);
        assert_eq!(
            FieldKind::NewPassword.error_for(ErrorCode::PasswordWeak),
            Some(FieldError::PasswordCommon)
        );
        assert_eq!(FieldKind::Password.error_for(ErrorCode::BadCredentials), None);
        assert_eq!(
            FieldKind::OptionalCode.error_for(ErrorCode::CodeRequired),
            Some(FieldError::Empty)
        );
        assert_eq!(
            FieldKind::FirstCode.error_for(ErrorCode::CodeWrong),
            Some(FieldError::CodeWrong)
        );
    }
}
