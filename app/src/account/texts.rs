//! The texts of the pages for signing up and in, and of a user's own page. In a table of their own, so that they come
//! with those pages and not with the first load.

use crate::{
    client::Refusal,
    i18n::{Language, Locale, ProblemText, Say},
    ui::form::Wrong,
};
use api::ErrorCode;

/// Every text of these pages in one language.
#[derive(Debug)]
#[expect(missing_docs, reason = "a field's name and its text below say what it is")]
pub struct AccountTexts {
    // The fields.
    pub username: &'static str,
    pub username_help: &'static str,
    pub email: &'static str,
    pub email_help: &'static str,
    pub password: &'static str,
    pub new_password: &'static str,
    pub password_help: &'static str,
    pub show_password: &'static str,
    pub hide_password: &'static str,

    // What is wrong with a field.
    pub empty: &'static str,
    pub username_invalid: &'static str,
    pub username_taken: &'static str,
    pub email_invalid: &'static str,
    pub email_taken: &'static str,
    pub password_length: &'static str,
    pub password_common: &'static str,

    // Signing up.
    pub register_title: &'static str,
    pub register_lead: &'static str,
    pub register: &'static str,
    pub registering: &'static str,
    pub registered_title: &'static str,
    pub registered: fn(&str) -> String,
    pub have_account: &'static str,

    // Signing in.
    pub sign_in_title: &'static str,
    pub sign_in: &'static str,
    pub signing_in: &'static str,
    pub no_account: &'static str,
    pub forgotten: &'static str,
    pub signed_in_title: &'static str,
    pub signed_in: fn(&str) -> String,
    pub go_on: &'static str,

    // Confirming the address.
    pub confirm_title: &'static str,
    pub confirm_lead: &'static str,
    pub confirm: &'static str,
    pub confirming: &'static str,
    pub confirmed_title: &'static str,
    pub confirmed: &'static str,
    pub draw: &'static str,
    pub resend_title: &'static str,
    pub resend_lead: &'static str,
    pub resend: &'static str,
    pub sending: &'static str,
    pub resent: &'static str,
    pub resent_to_you: &'static str,

    // A new password.
    pub forgot_title: &'static str,
    pub forgot_lead: &'static str,
    pub forgot: &'static str,
    pub forgot_sent: &'static str,
    pub back_to_sign_in: &'static str,
    pub reset_title: &'static str,
    pub reset: &'static str,
    pub resetting: &'static str,
    pub reset_done_title: &'static str,
    pub reset_done: &'static str,
    pub ask_again: &'static str,

    // One's own page.
    pub account_title: &'static str,
    pub since: &'static str,
    pub is_confirmed: &'static str,
    pub is_not_confirmed: &'static str,
    pub unconfirmed_help: &'static str,
    pub quota_title: &'static str,
    /// What is left, of how many.
    pub quota: fn(u32, u32) -> String,
    pub quota_lifted: &'static str,
    /// Seconds until all of them are there again.
    pub quota_reset: fn(u64) -> String,
    pub unconfirmed_left: fn(u64) -> String,
    pub sessions_title: &'static str,
    pub sessions: fn(u64) -> String,
    pub sign_out_everywhere: &'static str,
    pub signing_out: &'static str,
    pub history_title: &'static str,
    pub history_total: fn(u64) -> String,
    pub history_empty: &'static str,
    pub history_beyond: &'static str,
    pub first_page: &'static str,
    pub loading: &'static str,
    pub retry: &'static str,
    pub picture: fn(u8) -> String,
    pub read_as: fn(u8, &str) -> String,
    pub was: fn(u8) -> String,
    pub correct: &'static str,
    pub which_digit: &'static str,
    pub cancel: &'static str,
    pub saved: fn(u8) -> String,
    pub previous: &'static str,
    pub next: &'static str,
    pub page_of: fn(u64, u64) -> String,
    pub pages: &'static str,

    // What can go wrong.
    pub offline: fn() -> ProblemText,
    pub timed_out: fn() -> ProblemText,
    pub limited: fn(Option<u32>) -> ProblemText,
    pub overloaded: fn(Option<u32>) -> ProblemText,
    pub bad_credentials: fn() -> ProblemText,
    pub disabled: fn() -> ProblemText,
    pub token_invalid: fn() -> ProblemText,
    pub token_expired: fn() -> ProblemText,
    pub signed_out: fn() -> ProblemText,
    pub admin_only: fn() -> ProblemText,
    pub last_admin: fn() -> ProblemText,
    pub admin_only_title: &'static str,
    pub gone: fn() -> ProblemText,
    pub server_failed: fn() -> ProblemText,
}

impl AccountTexts {
    /// The texts in `locale`.
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::Es => &ES,
            Locale::En => &EN,
        }
    }
}

impl AccountTexts {
    /// What is wrong with a field, and what to do.
    pub fn wrong(&self, wrong: Wrong) -> &'static str {
        match wrong {
            Wrong::Empty => self.empty,
            Wrong::UsernameInvalid => self.username_invalid,
            Wrong::UsernameTaken => self.username_taken,
            Wrong::EmailInvalid => self.email_invalid,
            Wrong::EmailTaken => self.email_taken,
            Wrong::PasswordLength => self.password_length,
            Wrong::PasswordCommon => self.password_common,
        }
    }

    /// Why the server refused, and what to do.
    pub fn refusal(&self, refusal: &Refusal) -> ProblemText {
        match *refusal {
            Refusal::Offline => (self.offline)(),
            Refusal::TimedOut => (self.timed_out)(),
            Refusal::Refused {
                status,
                code,
                retry_after,
            } => match (code, status) {
                (ErrorCode::BadCredentials, _) => (self.bad_credentials)(),
                (ErrorCode::AccountDisabled, _) => (self.disabled)(),
                (ErrorCode::AdminOnly, _) => (self.admin_only)(),
                (ErrorCode::LastAdmin, _) => (self.last_admin)(),
                (_, 401) => (self.signed_out)(),
                (ErrorCode::TokenInvalid, _) => (self.token_invalid)(),
                (ErrorCode::TokenExpired, _) => (self.token_expired)(),
                (ErrorCode::NotFound, _) => (self.gone)(),
                (_, 429) => (self.limited)(retry_after),
                (_, 503) => (self.overloaded)(retry_after),
                _ => (self.server_failed)(),
            },
        }
    }
}

/// A text of this table that follows the language.
pub fn say(language: Language, pick: fn(&'static AccountTexts) -> &'static str) -> Say {
    Say::derive(move || pick(AccountTexts::of(language.locale())))
}

static ES: AccountTexts = AccountTexts {
    username: "Nombre de usuario",
    username_help: "De 3 a 32 letras, cifras, puntos o guiones.",
    email: "Correo electrónico",
    email_help: "Te enviamos un enlace para confirmarlo.",
    password: "Contraseña",
    new_password: "Contraseña nueva",
    password_help: "Al menos 8 caracteres. Mejor una frase que solo tú sepas.",
    show_password: "Mostrar la contraseña",
    hide_password: "Ocultar la contraseña",

    empty: "Falta este dato: escríbelo.",
    username_invalid: "Usa de 3 a 32 letras, cifras, «_», «.» o «-», sin espacios.",
    username_taken: "Ese nombre ya tiene dueño: elige otro.",
    email_invalid: "Esa dirección no está completa: escríbela como ana@ejemplo.es.",
    email_taken: "Ya hay una cuenta con ese correo: entra, o pide una contraseña nueva.",
    password_length: "Usa de 8 a 128 caracteres.",
    password_common: "Esa contraseña es de las más usadas: elige otra menos corriente.",

    register_title: "Crear una cuenta",
    register_lead: "Con cuenta, el servidor lee tus dibujos y guarda lo que leyó.",
    register: "Crear cuenta",
    registering: "Creando la cuenta…",
    registered_title: "Cuenta creada",
    registered: |email| {
        format!(
            "Hemos enviado un correo a {email}. Abre el enlace que lleva para confirmar la dirección; vale 24 horas."
        )
    },
    have_account: "¿Ya tienes cuenta? Entra",

    sign_in_title: "Entrar",
    sign_in: "Entrar",
    signing_in: "Entrando…",
    no_account: "¿No tienes cuenta? Créala",
    forgotten: "He olvidado la contraseña",
    signed_in_title: "Ya has entrado",
    signed_in: |name| format!("Tu sesión es la de {name}. Para usar otra cuenta, ciérrala antes en el menú."),
    go_on: "Seguir",

    confirm_title: "Confirmar el correo",
    confirm_lead: "Pulsa el botón y tu dirección queda confirmada.",
    confirm: "Confirmar mi correo",
    confirming: "Confirmando…",
    confirmed_title: "Correo confirmado",
    confirmed: "Gracias: tu cuenta está completa.",
    draw: "Ir a dibujar",
    resend_title: "Pedir otro correo",
    resend_lead: "Escribe la dirección de tu cuenta y te enviamos un enlace nuevo.",
    resend: "Enviar otro correo",
    sending: "Enviando…",
    resent: "Si hay una cuenta sin confirmar con esa dirección, el correo va de camino. Mira también en el correo no deseado.",
    resent_to_you: "El correo va de camino. Mira también en el correo no deseado.",

    forgot_title: "Contraseña olvidada",
    forgot_lead: "Escribe la dirección de tu cuenta y te enviamos un enlace para elegir otra contraseña.",
    forgot: "Enviar el enlace",
    forgot_sent: "Si hay una cuenta con esa dirección, el correo va de camino. Mira también en el correo no deseado.",
    back_to_sign_in: "Volver a entrar",
    reset_title: "Elegir otra contraseña",
    reset: "Guardar la contraseña",
    resetting: "Guardando…",
    reset_done_title: "Contraseña cambiada",
    reset_done: "Todas tus sesiones se han cerrado. Entra con la contraseña nueva.",
    ask_again: "Pedir otro enlace",

    account_title: "Mi cuenta",
    since: "Desde",
    is_confirmed: "Confirmado",
    is_not_confirmed: "Sin confirmar",
    unconfirmed_help: "Abre el enlace del correo que te enviamos. Si no lo encuentras, pide otro.",
    quota_title: "Lecturas del servidor",
    quota: |left, limit| format!("Quedan {left} de {limit}"),
    quota_lifted: "Sin límite",
    quota_reset: |seconds| match seconds {
        0 => "Las tienes todas.".to_owned(),
        1..120 => "Todas otra vez dentro de un momento.".to_owned(),
        120..7200 => format!("Todas otra vez dentro de {} minutos.", seconds.div_ceil(60)),
        _ => format!("Todas otra vez dentro de {} horas.", seconds.div_ceil(3600)),
    },
    unconfirmed_left: |left| match left {
        0 => "Confirma tu correo para seguir preguntando.".to_owned(),
        1 => "Te queda 1 antes de confirmar el correo.".to_owned(),
        _ => format!("Te quedan {left} antes de confirmar el correo."),
    },
    sessions_title: "Sesiones",
    sessions: |count| match count {
        1 => "Solo esta".to_owned(),
        _ => format!("{count} abiertas, con esta"),
    },
    sign_out_everywhere: "Cerrar todas las sesiones",
    signing_out: "Cerrando…",
    history_title: "Lo que ha leído el servidor",
    history_total: |total| match total {
        1 => "1 lectura".to_owned(),
        _ => format!("{total} lecturas"),
    },
    history_empty: "Todavía no le has preguntado nada.",
    history_beyond: "Tu historial no llega a esta página.",
    first_page: "Ir a la primera",
    loading: "Cargando…",
    retry: "Probar otra vez",
    picture: |digit| format!("El dibujo que se leyó como {digit}"),
    read_as: |digit, percent| format!("Leyó un {digit}: {percent}"),
    was: |digit| format!("Era un {digit}"),
    correct: "Corregir",
    which_digit: "¿Qué dígito era?",
    cancel: "Cancelar",
    saved: |digit| format!("Guardado: era un {digit}."),
    previous: "Anterior",
    next: "Siguiente",
    page_of: |page, pages| format!("Página {page} de {pages}"),
    pages: "Páginas",

    offline: || ProblemText {
        happened: "No hay conexión con el servidor.",
        remedy: "Revisa la red e inténtalo otra vez: lo escrito sigue aquí.".to_owned(),
    },
    timed_out: || ProblemText {
        happened: "El servidor tarda demasiado.",
        remedy: "Inténtalo otra vez dentro de un momento: lo escrito sigue aquí.".to_owned(),
    },
    limited: |seconds| ProblemText {
        happened: "Lo has intentado demasiadas veces.",
        remedy: wait_es(seconds),
    },
    overloaded: |seconds| ProblemText {
        happened: "El servidor está ocupado.",
        remedy: wait_es(seconds),
    },
    bad_credentials: || ProblemText {
        happened: "El nombre o la contraseña no son correctos.",
        remedy: "Revisa los dos; si no la recuerdas, pide una contraseña nueva.".to_owned(),
    },
    disabled: || ProblemText {
        happened: "Esta cuenta está desactivada.",
        remedy: "Escribe a quien administra este servicio para que la active.".to_owned(),
    },
    token_invalid: || ProblemText {
        happened: "Este enlace no vale: ya se usó o está incompleto.",
        remedy: "Pide otro.".to_owned(),
    },
    token_expired: || ProblemText {
        happened: "Este enlace ha caducado.",
        remedy: "Pide otro.".to_owned(),
    },
    signed_out: || ProblemText {
        happened: "Tu sesión se ha cerrado.",
        remedy: "Entra otra vez para seguir.".to_owned(),
    },
    admin_only: || ProblemText {
        happened: "Esto es solo para administradores.",
        remedy: "Pide permiso a quien administra este servicio.".to_owned(),
    },
    admin_only_title: "Solo para administradores",
    last_admin: || ProblemText {
        happened: "Es el único administrador que queda.",
        remedy: "Haz antes administrador a otra persona.".to_owned(),
    },
    gone: || ProblemText {
        happened: "Eso ya no existe.",
        remedy: "Vuelve a cargar la página.".to_owned(),
    },
    server_failed: || ProblemText {
        happened: "El servidor ha fallado.",
        remedy: "Inténtalo otra vez dentro de un momento: lo escrito sigue aquí.".to_owned(),
    },
};

static EN: AccountTexts = AccountTexts {
    username: "Username",
    username_help: "3 to 32 letters, digits, dots or dashes.",
    email: "Email address",
    email_help: "We send a link there to confirm it.",
    password: "Password",
    new_password: "New password",
    password_help: "At least 8 characters. Best a phrase that only you know.",
    show_password: "Show the password",
    hide_password: "Hide the password",

    empty: "This is missing: fill it in.",
    username_invalid: "Use 3 to 32 letters, digits, “_”, “.” or “-”, without spaces.",
    username_taken: "Somebody has that name: choose another.",
    email_invalid: "That address isn’t complete: write it like ana@example.com.",
    email_taken: "There is an account with that address: sign in, or ask for a new password.",
    password_length: "Use 8 to 128 characters.",
    password_common: "That password is one of the most used: choose a less common one.",

    register_title: "Create an account",
    register_lead: "With an account, the server reads your drawings and keeps what it read.",
    register: "Create account",
    registering: "Creating the account…",
    registered_title: "Account created",
    registered: |email| {
        format!("We have sent mail to {email}. Open the link in it to confirm the address; it holds for 24 hours.")
    },
    have_account: "Have an account? Sign in",

    sign_in_title: "Sign in",
    sign_in: "Sign in",
    signing_in: "Signing in…",
    no_account: "No account yet? Create one",
    forgotten: "I forgot my password",
    signed_in_title: "You are signed in",
    signed_in: |name| format!("The session is {name}’s. To use another account, sign out in the menu first."),
    go_on: "Go on",

    confirm_title: "Confirm the address",
    confirm_lead: "Press the button and your address is confirmed.",
    confirm: "Confirm my address",
    confirming: "Confirming…",
    confirmed_title: "Address confirmed",
    confirmed: "Thank you: your account is complete.",
    draw: "Go and draw",
    resend_title: "Ask for another mail",
    resend_lead: "Enter your account’s address and we send you a new link.",
    resend: "Send another mail",
    sending: "Sending…",
    resent: "If there is an unconfirmed account with that address, the mail is on its way. Look among the spam too.",
    resent_to_you: "The mail is on its way. Look among the spam too.",

    forgot_title: "Forgotten password",
    forgot_lead: "Enter your account’s address and we send you a link to choose another password.",
    forgot: "Send the link",
    forgot_sent: "If there is an account with that address, the mail is on its way. Look among the spam too.",
    back_to_sign_in: "Back to sign-in",
    reset_title: "Choose another password",
    reset: "Save the password",
    resetting: "Saving…",
    reset_done_title: "Password changed",
    reset_done: "All your sessions have ended. Sign in with the new password.",
    ask_again: "Ask for another link",

    account_title: "My account",
    since: "Since",
    is_confirmed: "Confirmed",
    is_not_confirmed: "Not confirmed",
    unconfirmed_help: "Open the link in the mail we sent you. If you can’t find it, ask for another.",
    quota_title: "Readings by the server",
    quota: |left, limit| format!("{left} of {limit} left"),
    quota_lifted: "No limit",
    quota_reset: |seconds| match seconds {
        0 => "You have all of them.".to_owned(),
        1..120 => "All of them again in a moment.".to_owned(),
        120..7200 => format!("All of them again in {} minutes.", seconds.div_ceil(60)),
        _ => format!("All of them again in {} hours.", seconds.div_ceil(3600)),
    },
    unconfirmed_left: |left| match left {
        0 => "Confirm your address to go on asking.".to_owned(),
        _ => format!("{left} left before you confirm your address."),
    },
    sessions_title: "Sessions",
    sessions: |count| match count {
        1 => "Only this one".to_owned(),
        _ => format!("{count} open, with this one"),
    },
    sign_out_everywhere: "Sign out everywhere",
    signing_out: "Signing out…",
    history_title: "What the server has read",
    history_total: |total| match total {
        1 => "1 reading".to_owned(),
        _ => format!("{total} readings"),
    },
    history_empty: "You haven’t asked it anything yet.",
    history_beyond: "Your history doesn’t reach this page.",
    first_page: "Go to the first",
    loading: "Loading…",
    retry: "Try again",
    picture: |digit| format!("The drawing that was read as {digit}"),
    read_as: |digit, percent| format!("It read a {digit}: {percent}"),
    was: |digit| format!("It was a {digit}"),
    correct: "Correct",
    which_digit: "Which digit was it?",
    cancel: "Cancel",
    saved: |digit| format!("Saved: it was a {digit}."),
    previous: "Previous",
    next: "Next",
    page_of: |page, pages| format!("Page {page} of {pages}"),
    pages: "Pages",

    offline: || ProblemText {
        happened: "The server can’t be reached.",
        remedy: "Check the network and try again: what you typed is still here.".to_owned(),
    },
    timed_out: || ProblemText {
        happened: "The server takes too long.",
        remedy: "Try again in a moment: what you typed is still here.".to_owned(),
    },
    limited: |seconds| ProblemText {
        happened: "You have tried too often.",
        remedy: wait_en(seconds),
    },
    overloaded: |seconds| ProblemText {
        happened: "The server is busy.",
        remedy: wait_en(seconds),
    },
    bad_credentials: || ProblemText {
        happened: "The name or the password is wrong.",
        remedy: "Check both; if you don’t remember it, ask for a new password.".to_owned(),
    },
    disabled: || ProblemText {
        happened: "This account is disabled.",
        remedy: "Write to whoever runs this service to have it enabled.".to_owned(),
    },
    token_invalid: || ProblemText {
        happened: "This link doesn’t hold: it was used before, or is incomplete.",
        remedy: "Ask for another.".to_owned(),
    },
    token_expired: || ProblemText {
        happened: "This link has expired.",
        remedy: "Ask for another.".to_owned(),
    },
    signed_out: || ProblemText {
        happened: "Your session has ended.",
        remedy: "Sign in again to go on.".to_owned(),
    },
    admin_only: || ProblemText {
        happened: "This is for admins only.",
        remedy: "Ask whoever runs this service.".to_owned(),
    },
    admin_only_title: "For admins only",
    last_admin: || ProblemText {
        happened: "This is the only admin left.",
        remedy: "Make somebody else an admin first.".to_owned(),
    },
    gone: || ProblemText {
        happened: "That doesn’t exist any more.",
        remedy: "Reload the page.".to_owned(),
    },
    server_failed: || ProblemText {
        happened: "The server has failed.",
        remedy: "Try again in a moment: what you typed is still here.".to_owned(),
    },
};

fn wait_es(seconds: Option<u32>) -> String {
    match seconds {
        Some(0 | 1) => "Inténtalo otra vez dentro de un segundo.".to_owned(),
        Some(seconds @ ..120) => format!("Inténtalo otra vez dentro de {seconds} segundos."),
        Some(seconds @ ..7200) => format!("Inténtalo otra vez dentro de {} minutos.", seconds.div_ceil(60)),
        Some(seconds) => format!("Inténtalo otra vez dentro de {} horas.", seconds.div_ceil(3600)),
        None => "Inténtalo otra vez dentro de un momento.".to_owned(),
    }
}

fn wait_en(seconds: Option<u32>) -> String {
    match seconds {
        Some(0 | 1) => "Try again in a second.".to_owned(),
        Some(seconds @ ..120) => format!("Try again in {seconds} seconds."),
        Some(seconds @ ..7200) => format!("Try again in {} minutes.", seconds.div_ceil(60)),
        Some(seconds) => format!("Try again in {} hours.", seconds.div_ceil(3600)),
        None => "Try again in a moment.".to_owned(),
    }
}
