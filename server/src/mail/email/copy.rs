//! The texts of the emails.

use api::Locale;

use crate::domain::MailPurpose;

/// The texts of one purpose in one language.
pub(super) struct EmailCopy {
    pub(super) subject: &'static str,
    /// What it is about; before the link, if there is one.
    pub(super) message: &'static str,
    /// On the button that is the link; `None` for a notice, which has no link.
    pub(super) button: Option<&'static str>,
    /// For somebody who didn't ask for it.
    pub(super) unasked: &'static str,
}

/// What an email starts with, before the name.
pub(super) fn greeting(locale: Locale) -> &'static str {
    match locale {
        Locale::Es => "Hola",
        Locale::En => "Hello",
    }
}

/// How long a link is valid: before and after the number of hours.
pub(super) fn validity(locale: Locale) -> [&'static str; 2] {
    match locale {
        Locale::Es => ["El enlace vale", "horas y solo se puede usar una vez."],
        Locale::En => ["The link is valid for", "hours and can be used only once."],
    }
}

/// The texts of an email.
pub(super) fn of(purpose: MailPurpose, locale: Locale) -> &'static EmailCopy {
    match (purpose, locale) {
        (MailPurpose::Confirm, Locale::Es) => &CONFIRM_ES,
        (MailPurpose::Confirm, Locale::En) => &CONFIRM_EN,
        (MailPurpose::Reset, Locale::Es) => &RESET_ES,
        (MailPurpose::Reset, Locale::En) => &RESET_EN,
        (MailPurpose::ChangeEmail, Locale::Es) => &CHANGE_EMAIL_ES,
        (MailPurpose::ChangeEmail, Locale::En) => &CHANGE_EMAIL_EN,
        (MailPurpose::PasswordChanged, Locale::Es) => &PASSWORD_CHANGED_ES,
        (MailPurpose::PasswordChanged, Locale::En) => &PASSWORD_CHANGED_EN,
        (MailPurpose::EmailChanged, Locale::Es) => &EMAIL_CHANGED_ES,
        (MailPurpose::EmailChanged, Locale::En) => &EMAIL_CHANGED_EN,
        (MailPurpose::SecondFactorActivated, Locale::Es) => &SECOND_FACTOR_ACTIVATED_ES,
        (MailPurpose::SecondFactorActivated, Locale::En) => &SECOND_FACTOR_ACTIVATED_EN,
        (MailPurpose::SecondFactorRemoved, Locale::Es) => &SECOND_FACTOR_REMOVED_ES,
        (MailPurpose::SecondFactorRemoved, Locale::En) => &SECOND_FACTOR_REMOVED_EN,
        (MailPurpose::AccountDeleted, Locale::Es) => &ACCOUNT_DELETED_ES,
        (MailPurpose::AccountDeleted, Locale::En) => &ACCOUNT_DELETED_EN,
        (MailPurpose::KeyCreated, Locale::Es) => &KEY_CREATED_ES,
        (MailPurpose::KeyCreated, Locale::En) => &KEY_CREATED_EN,
    }
}

const CONFIRM_ES: EmailCopy = EmailCopy {
    subject: "Por favor confirma tu email",
    message: "Confirma que esta dirección es tuya para seguir usando Trazo:",
    button: Some("Confirmar mi correo"),
    unasked: "Si no has creado una cuenta en Trazo, no hagas nada: sin confirmarla no recibirás más correos.",
};

const CONFIRM_EN: EmailCopy = EmailCopy {
    subject: "Please confirm your email",
    message: "Confirm that this address is yours to continue using Trazo:",
    button: Some("Confirm my email"),
    unasked: "If you didn't create an account with Trazo, do nothing: unless you confirm it, you won't get any more emails.",
};

const RESET_ES: EmailCopy = EmailCopy {
    subject: "Cambia tu contraseña de Trazo",
    message: "Elige una contraseña nueva para tu cuenta de Trazo:",
    button: Some("Cambiar mi contraseña"),
    unasked: "Si no lo pediste, no hagas nada: tu contraseña sigue siendo la misma.",
};

const RESET_EN: EmailCopy = EmailCopy {
    subject: "Change your Trazo password",
    message: "Choose a new password for your Trazo account:",
    button: Some("Change my password"),
    unasked: "If you didn't ask for it, do nothing: your password stays as it is.",
};

const CHANGE_EMAIL_ES: EmailCopy = EmailCopy {
    subject: "Confirma tu nueva dirección de correo",
    message: "Confirma que esta dirección es tuya para que sea la de tu cuenta de Trazo:",
    button: Some("Cambiar mi dirección"),
    unasked: "Si no lo pediste, no hagas nada: la cuenta sigue con la dirección que tiene.",
};

const CHANGE_EMAIL_EN: EmailCopy = EmailCopy {
    subject: "Confirm your new email address",
    message: "Confirm that this address is yours to make it that of your Trazo account:",
    button: Some("Change my address"),
    unasked: "If you didn't ask for it, do nothing: the account keeps the address that it has.",
};

const PASSWORD_CHANGED_ES: EmailCopy = EmailCopy {
    subject: "La contraseña de tu cuenta de Trazo ha cambiado",
    message: "La contraseña de tu cuenta de Trazo se ha cambiado, y las demás sesiones se han cerrado.",
    button: None,
    unasked: "Si no fuiste tú, elige otra contraseña cuanto antes: al iniciar sesión, di que la has olvidado.",
};

const PASSWORD_CHANGED_EN: EmailCopy = EmailCopy {
    subject: "The password of your Trazo account was changed",
    message: "The password of your Trazo account was changed, and the other sessions have ended.",
    button: None,
    unasked: "If it wasn't you, choose another password at once: say that you forgot it when you sign in.",
};

const EMAIL_CHANGED_ES: EmailCopy = EmailCopy {
    subject: "La dirección de tu cuenta de Trazo ha cambiado",
    message: "Tu cuenta de Trazo tiene ahora otra dirección de correo. A esta no llegarán más mensajes.",
    button: None,
    unasked: "Si no fuiste tú, escribe a quien administra el servicio.",
};

const EMAIL_CHANGED_EN: EmailCopy = EmailCopy {
    subject: "The address of your Trazo account was changed",
    message: "Your Trazo account has another email address now. This one won't get any more messages.",
    button: None,
    unasked: "If it wasn't you, write to the administrator of the service.",
};

const SECOND_FACTOR_ACTIVATED_ES: EmailCopy = EmailCopy {
    subject: "Tu cuenta de Trazo tiene un segundo factor",
    message: "El inicio de sesión de tu cuenta de Trazo pide ahora también un código. Los códigos de recuperación se han \
              mostrado una vez, al activarlo; los de antes ya no valen.",
    button: None,
    unasked: "Si no fuiste tú, escribe a quien administra el servicio: puede quitar el segundo factor. Después elige otra \
              contraseña.",
};

const SECOND_FACTOR_ACTIVATED_EN: EmailCopy = EmailCopy {
    subject: "Your Trazo account has a second factor",
    message: "Signing in to your Trazo account now asks for a code, too. The recovery codes were shown once, when it was \
              activated; earlier ones are no longer valid.",
    button: None,
    unasked: "If it wasn't you, write to the administrator of the service, who can remove the second factor. Then choose \
              another password.",
};

const SECOND_FACTOR_REMOVED_ES: EmailCopy = EmailCopy {
    subject: "Tu cuenta de Trazo ya no tiene segundo factor",
    message: "El segundo factor de tu cuenta de Trazo se ha quitado, con sus códigos de recuperación: el inicio de sesión \
              pide solo la contraseña.",
    button: None,
    unasked: "Si no fuiste tú, elige otra contraseña cuanto antes: al iniciar sesión, di que la has olvidado.",
};

const SECOND_FACTOR_REMOVED_EN: EmailCopy = EmailCopy {
    subject: "Your Trazo account has no second factor any more",
    message: "The second factor of your Trazo account was removed, with its recovery codes: signing in asks only for the \
              password.",
    button: None,
    unasked: "If it wasn't you, choose another password at once: say that you forgot it when you sign in.",
};

const ACCOUNT_DELETED_ES: EmailCopy = EmailCopy {
    subject: "Tu cuenta de Trazo se ha borrado",
    message: "Tu cuenta de Trazo se ha borrado con todo lo que contenía. Este es el último mensaje.",
    button: None,
    unasked: "Si no fuiste tú, escribe a quien administra el servicio.",
};

const ACCOUNT_DELETED_EN: EmailCopy = EmailCopy {
    subject: "Your Trazo account was deleted",
    message: "Your Trazo account was deleted with everything in it. This is the last message.",
    button: None,
    unasked: "If it wasn't you, write to the administrator of the service.",
};

const KEY_CREATED_ES: EmailCopy = EmailCopy {
    subject: "Tu cuenta de Trazo tiene una clave de API nueva",
    message: "Se ha creado una clave de API en tu cuenta de Trazo. Con ella, un programa usa la cuenta sin la contraseña.",
    button: None,
    unasked: "Si no fuiste tú, revoca la clave en la página de tu cuenta y cambia la contraseña cuanto antes.",
};

const KEY_CREATED_EN: EmailCopy = EmailCopy {
    subject: "Your Trazo account has a new API key",
    message: "An API key was created for your Trazo account. With it, a program uses the account without the password.",
    button: None,
    unasked: "If it wasn't you, revoke the key on the page of your account and change the password at once.",
};
