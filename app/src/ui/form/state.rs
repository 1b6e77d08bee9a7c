//! What every form does: check the fields, send once, put each refusal where it belongs.

use std::{future::Future, pin::Pin};

use leptos::{html::Input, prelude::*, task::spawn_local};

use crate::client::{Answer, Refusal};
use api::{ErrorCode, validation};

/// What a field holds, and so what it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name to be given to an account.
    NewUsername,
    /// The name of an account that is there.
    Username,
    /// An address.
    Email,
    /// A password to be given to an account.
    NewPassword,
    /// The password of an account that is there.
    Password,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing in it.
    Empty,
    /// No name that an account can have.
    UsernameInvalid,
    /// Somebody has it.
    UsernameTaken,
    /// No address that mail can be sent to.
    EmailInvalid,
    /// Somebody has it.
    EmailTaken,
    /// Too short or too long.
    PasswordLength,
    /// Among the most common, which only the server knows.
    PasswordCommon,
}

impl Kind {
    /// What is wrong with `value`, by the rules that the server has too.
    pub fn check(self, value: &str) -> Option<Wrong> {
        match self {
            _ if value.is_empty() => Some(Wrong::Empty),
            Self::NewUsername if !validation::is_username(value) => Some(Wrong::UsernameInvalid),
            Self::Email if !validation::is_email(value) => Some(Wrong::EmailInvalid),
            Self::NewPassword if !validation::is_password_length(value) => Some(Wrong::PasswordLength),
            _ => None,
        }
    }

    /// What the server found wrong with a field of this kind.
    pub fn refused(self, code: ErrorCode) -> Option<Wrong> {
        match (self, code) {
            (Self::NewUsername, ErrorCode::UsernameInvalid) => Some(Wrong::UsernameInvalid),
            (Self::NewUsername, ErrorCode::UsernameTaken) => Some(Wrong::UsernameTaken),
            (Self::Email, ErrorCode::EmailInvalid) => Some(Wrong::EmailInvalid),
            (Self::Email, ErrorCode::EmailTaken) => Some(Wrong::EmailTaken),
            (Self::NewPassword, ErrorCode::PasswordWeak) => Some(Wrong::PasswordCommon),
            _ => None,
        }
    }
}

/// One field. What is typed stays in the document, so that nothing typed before the program came is lost.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its id and name in the document.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Where it is.
    pub input: NodeRef<Input>,
    /// What is wrong with it.
    pub wrong: RwSignal<Option<Wrong>>,
}

impl Field {
    /// An empty field.
    pub fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            input: NodeRef::new(),
            wrong: RwSignal::new(None),
        }
    }

    /// What is typed; a name or an address without the blanks that a keyboard's suggestions leave at its ends.
    pub fn value(self) -> String {
        let typed = self
            .input
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default();
        match self.kind {
            Kind::NewUsername | Kind::Username | Kind::Email => typed.trim().to_owned(),
            Kind::NewPassword | Kind::Password => typed,
        }
    }

    fn focus(self) {
        if let Some(input) = self.input.get_untracked() {
            // An input that is in the document takes the focus.
            input.focus().ok();
        }
    }
}

/// What a form sends.
pub type Sending = Pin<Box<dyn Future<Output = Answer<()>>>>;

/// A form's state; copies share it.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Whether it is being sent. It stays so after success: what comes then decides.
    pub busy: RwSignal<bool>,
    /// Why it was refused, where that is no single field's fault.
    pub refusal: RwSignal<Option<Refusal>>,
}

impl Form {
    /// A form at rest.
    #[expect(
        clippy::new_without_default,
        reason = "a signal is made, which a default shouldn't do unseen"
    )]
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            refusal: RwSignal::new(None),
        }
    }

    /// Send what `fields` hold, unless one is wrong or it is being sent already; then do what `done` says.
    pub fn submit(self, fields: &[Field], send: impl FnOnce() -> Sending, done: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.refusal.set(None);
        for field in fields {
            field.wrong.set(field.kind.check(&field.value()));
        }
        if let Some(field) = fields.iter().find(|field| field.wrong.with_untracked(Option::is_some)) {
            field.focus();
            return;
        }
        self.busy.set(true);
        let sending = send();
        let fields = fields.to_vec();
        spawn_local(async move {
            match sending.await {
                Ok(()) => done(),
                Err(refusal) => self.refuse(&fields, refusal),
            }
        });
    }

    fn refuse(self, fields: &[Field], refusal: Refusal) {
        self.busy.set(false);
        let blamed = refusal.code().and_then(|code| {
            fields
                .iter()
                .find_map(|field| Some((*field, field.kind.refused(code)?)))
        });
        match blamed {
            Some((field, wrong)) => {
                field.wrong.set(Some(wrong));
                field.focus();
            }
            None => self.refusal.set(Some(refusal)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_already_is_only_asked_to_be_there() {
        assert_eq!(Kind::Password.check("x"), None);
        assert_eq!(Kind::Username.check("a b"), None);
        assert_eq!(Kind::Password.check(""), Some(Wrong::Empty));
    }

    #[test]
    fn what_is_new_keeps_the_rules() {
        assert_eq!(Kind::NewPassword.check("corta"), Some(Wrong::PasswordLength));
        assert_eq!(Kind::NewUsername.check("a b"), Some(Wrong::UsernameInvalid));
        assert_eq!(Kind::Email.check("ana"), Some(Wrong::EmailInvalid));
        assert_eq!(Kind::Email.check("ana@example.com"), None);
    }

    #[test]
    fn a_code_belongs_to_its_field() {
        assert_eq!(Kind::Email.refused(ErrorCode::EmailTaken), Some(Wrong::EmailTaken));
        assert_eq!(Kind::NewUsername.refused(ErrorCode::EmailTaken), None);
        assert_eq!(
            Kind::NewPassword.refused(ErrorCode::PasswordWeak),
            Some(Wrong::PasswordCommon)
        );
        assert_eq!(Kind::Password.refused(ErrorCode::BadCredentials), None);
    }
}
