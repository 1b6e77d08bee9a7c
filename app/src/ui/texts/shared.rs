//! The texts of the parts that the account pages and the admin pages share. A table apart from the frame's, because only
//! lazily loaded pages use it.

use crate::{
    client::ClientError,
    i18n::{Locale, ProblemText, RequestProblems, TextTable, delay},
    ui::form::{FieldError, FieldKind},
};
use api::ErrorCode;

/// The shared parts' texts in one language.
#[derive(Debug)]
pub struct SharedTexts {
    // Forms.
    pub show_password: &'static str,
    pub hide_password: &'static str,
    pub empty: fn(FieldKind) -> &'static str,
    pub username_invalid: &'static str,
    pub username_taken: &'static str,
    pub email_invalid: &'static str,
    pub email_undeliverable: &'static str,
    pub email_taken: &'static str,
    pub password_length: &'static str,
    pub password_common: &'static str,
    pub password_wrong: &'static str,
    pub code_wrong: &'static str,
    pub key_name_invalid: &'static str,

    // Pages that ask for an account.
    pub sign_in_title: &'static str,
    pub sign_in: &'static str,
    pub admin_only_title: &'static str,
    pub draw: &'static str,

    // Lists and their pages.
    pub loading: &'static str,
    pub retry: &'static str,
    pub first_page: &'static str,
    pub cancel: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub pages: &'static str,

    // Errors.
    pub bad_credentials: ProblemText,
    pub disabled: ProblemText,
    pub token_invalid: ProblemText,
    pub token_expired: ProblemText,
    pub email_taken_since: ProblemText,
    pub signed_out: ProblemText,
    pub admin_only: ProblemText,
    pub last_admin: ProblemText,
    pub factor_changed: ProblemText,
    pub too_many_keys: ProblemText,
    pub gone: ProblemText,
    /// What any request can meet.
    pub request: RequestProblems,
}

impl TextTable for SharedTexts {
    const ES: &'static Self = &ES;
    const EN: &'static Self = &EN;
}

impl SharedTexts {
    /// What is wrong with a field, and what to do.
    pub fn field_error(&self, kind: FieldKind, error: FieldError) -> &'static str {
        match error {
            FieldError::Empty => (self.empty)(kind),
            FieldError::UsernameInvalid => self.username_invalid,
            FieldError::UsernameTaken => self.username_taken,
            FieldError::EmailInvalid => self.email_invalid,
            FieldError::EmailUndeliverable => self.email_undeliverable,
            FieldError::EmailTaken => self.email_taken,
            FieldError::PasswordLength => self.password_length,
            FieldError::PasswordCommon => self.password_common,
            FieldError::PasswordWrong => self.password_wrong,
            FieldError::CodeWrong => self.code_wrong,
            FieldError::KeyNameInvalid => self.key_name_invalid,
        }
    }

    /// Why a request failed, and what to do.
    pub fn request_error(&self, error: &ClientError) -> ProblemText {
        self.request.describe(error, |code, status| match (code, status) {
            (ErrorCode::BadCredentials, _) => Some(&self.bad_credentials),
            (ErrorCode::AccountDisabled, _) => Some(&self.disabled),
            (ErrorCode::AdminOnly, _) => Some(&self.admin_only),
            (ErrorCode::LastAdmin, _) => Some(&self.last_admin),
            (ErrorCode::TotpActive | ErrorCode::TotpMissing, _) => Some(&self.factor_changed),
            (_, 401) => Some(&self.signed_out),
            (ErrorCode::TokenInvalid, _) => Some(&self.token_invalid),
            (ErrorCode::TokenExpired, _) => Some(&self.token_expired),
            (ErrorCode::EmailTaken, _) => Some(&self.email_taken_since),
            (ErrorCode::NotFound, _) => Some(&self.gone),
            // The code, which the page doesn't read.
            (ErrorCode::Unknown, 409) => Some(&self.too_many_keys),
            _ => None,
        })
    }
}

static ES: SharedTexts = SharedTexts {
    // Forms.
    show_password: "Mostrar la contraseña",
    hide_password: "Ocultar la contraseña",
    empty: |kind| match kind {
        FieldKind::NewUsername => "Falta el nombre de usuario: elige uno.",
        FieldKind::Username => "Falta el nombre de usuario: escríbelo.",
        FieldKind::Email => "Falta el correo: escríbelo.",
        FieldKind::NewPassword => "Falta la contraseña: elige una.",
        FieldKind::Password => "Falta la contraseña: escríbela.",
        FieldKind::FirstCode | FieldKind::Code | FieldKind::OptionalCode => "Falta el código: escríbelo.",
        FieldKind::KeyName => "Falta el nombre: elige uno.",
    },
    username_invalid: "Usa de 3 a 32 caracteres: letras, cifras, «_», «.» o «-», sin espacios.",
    username_taken: "Ese nombre ya está en uso: elige otro.",
    email_invalid: "Esa dirección no está completa: escríbela como ana@ejemplo.es.",
    email_undeliverable: "Ahí no podemos enviar correo: usa una dirección sin tildes ni eñes antes de la «@».",
    email_taken: "Ya hay una cuenta con ese correo: entra, o pide una contraseña nueva.",
    password_length: "Usa de 8 a 128 caracteres.",
    password_common: "Esa contraseña es fácil de adivinar: elige otra menos corriente.",
    password_wrong: "No es la contraseña de tu cuenta: escríbela otra vez.",
    code_wrong: "Ese código no vale o ya se usó: escribe el que muestra ahora la aplicación.",
    key_name_invalid: "Usa de 1 a 64 caracteres en una línea.",

    // Pages that ask for an account.
    sign_in_title: "Entrar",
    sign_in: "Entrar",
    admin_only_title: "Solo para administradores",
    draw: "Ir a dibujar",

    // Lists and their pages.
    loading: "Cargando…",
    retry: "Probar otra vez",
    first_page: "Ir a la primera",
    cancel: "Cancelar",
    previous: "Anterior",
    next: "Siguiente",
    pages: "Páginas",

    // Errors.
    bad_credentials: ProblemText::new(
        "El nombre o la contraseña no son correctos.",
        "Revisa los dos; si has olvidado la contraseña, pide una nueva.",
    ),
    disabled: ProblemText::new(
        "Esta cuenta está desactivada.",
        "Escribe a quien administra este servicio para que la active.",
    ),
    token_invalid: ProblemText::new("Este enlace no vale: ya se usó o está incompleto.", "Pide otro."),
    token_expired: ProblemText::new("Este enlace ha caducado.", "Pide otro."),
    email_taken_since: ProblemText::new("Ese correo ya es de otra cuenta.", "Usa otro."),
    signed_out: ProblemText::new("Tu sesión se ha cerrado.", "Entra otra vez para seguir."),
    admin_only: ProblemText::new(
        "Esto es solo para administradores.",
        "Pide permiso a quien administra este servicio.",
    ),
    last_admin: ProblemText::new(
        "Es el único administrador que queda.",
        "Haz antes administrador a otra persona.",
    ),
    factor_changed: ProblemText::new(
        "El segundo factor ha cambiado mientras tanto.",
        "Vuelve a cargar la página.",
    ),
    too_many_keys: ProblemText::new("Ya tienes todas las claves que puedes tener.", "Revoca antes una."),
    gone: ProblemText::new("Eso ya no existe.", "Vuelve a cargar la página."),
    request: RequestProblems {
        offline: ProblemText::new(
            "No hay conexión con el servidor.",
            "Revisa la red e inténtalo otra vez: lo escrito sigue aquí.",
        ),
        timed_out: ProblemText::new(
            "El servidor tarda demasiado.",
            "Inténtalo otra vez dentro de un momento: lo escrito sigue aquí.",
        ),
        rate_limited: "Lo has intentado demasiadas veces.",
        overloaded: "El servidor está ocupado.",
        retry: |seconds| format!("Inténtalo otra vez {}.", delay(seconds, Locale::Es)),
        server_failed: ProblemText::new(
            "El servidor ha fallado.",
            "Inténtalo otra vez dentro de un momento: lo escrito sigue aquí.",
        ),
    },
};

static EN: SharedTexts = SharedTexts {
    // Forms.
    show_password: "Show the password",
    hide_password: "Hide the password",
    empty: |kind| match kind {
        FieldKind::NewUsername => "The username is missing: choose one.",
        FieldKind::Username => "The username is missing: enter it.",
        FieldKind::Email => "The email address is missing: enter it.",
        FieldKind::NewPassword => "The password is missing: choose one.",
        FieldKind::Password => "The password is missing: enter it.",
        FieldKind::FirstCode | FieldKind::Code | FieldKind::OptionalCode => "The code is missing: enter it.",
        FieldKind::KeyName => "The name is missing: choose one.",
    },
    username_invalid: "Use 3 to 32 characters: letters, digits, “_”, “.” or “-”, without spaces.",
    username_taken: "That name is already in use: choose another.",
    email_invalid: "That address isn’t complete: write it like ana@example.com.",
    email_taken: "There is already an account with that address: sign in, or ask for a new password.",
    email_undeliverable: "We can’t send mail there: use an address with only plain letters before the “@”.",
    password_length: "Use 8 to 128 characters.",
    password_common: "That password is easy to guess: choose a less common one.",
    password_wrong: "That isn’t your account’s password: enter it again.",
    code_wrong: "That code is wrong or was used before: enter the one that the app shows now.",
    key_name_invalid: "Use 1 to 64 characters on one line.",

    // Pages that ask for an account.
    sign_in_title: "Sign in",
    sign_in: "Sign in",
    admin_only_title: "For admins only",
    draw: "Start drawing",

    // Lists and their pages.
    loading: "Loading…",
    retry: "Try again",
    first_page: "First page",
    cancel: "Cancel",
    previous: "Previous",
    next: "Next",
    pages: "Pages",

    // Errors.
    bad_credentials: ProblemText::new(
        "The name or the password is wrong.",
        "Check both; if you have forgotten the password, ask for a new one.",
    ),
    disabled: ProblemText::new(
        "This account is disabled.",
        "Contact the administrator of the service to have it enabled.",
    ),
    token_invalid: ProblemText::new(
        "This link isn’t valid: it was used before, or is incomplete.",
        "Ask for another.",
    ),
    token_expired: ProblemText::new("This link has expired.", "Ask for another."),
    email_taken_since: ProblemText::new("That address belongs to another account now.", "Use another one."),
    signed_out: ProblemText::new("Your session has ended.", "Sign in again to continue."),
    admin_only: ProblemText::new(
        "This is for admins only.",
        "Ask the administrator of the service for access.",
    ),
    last_admin: ProblemText::new("This is the only admin left.", "Make somebody else an admin first."),
    factor_changed: ProblemText::new("The second factor has changed in the meantime.", "Reload the page."),
    too_many_keys: ProblemText::new("You have as many keys as you can have.", "Revoke one first."),
    gone: ProblemText::new("That doesn’t exist any more.", "Reload the page."),
    request: RequestProblems {
        offline: ProblemText::new(
            "The server can’t be reached.",
            "Check the network and try again: what you typed is still here.",
        ),
        timed_out: ProblemText::new(
            "The server is taking too long.",
            "Try again in a moment: what you typed is still here.",
        ),
        rate_limited: "You have tried too many times.",
        overloaded: "The server is busy.",
        retry: |seconds| format!("Try again {}.", delay(seconds, Locale::En)),
        server_failed: ProblemText::new(
            "The server has failed.",
            "Try again in a moment: what you typed is still here.",
        ),
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<SharedTexts>();
    }
}
