//! Spanish.

use super::AccountTexts;
use crate::i18n::{Locale, delay};

pub(super) static ES: AccountTexts = AccountTexts {
    // The fields.
    username: "Nombre de usuario",
    username_help: "De 3 a 32 letras, cifras, puntos o guiones.",
    username_or_email: "Usuario o correo",
    email: "Correo electrónico",
    email_help: "Te enviamos un enlace para confirmarlo.",
    password: "Contraseña",
    new_password: "Contraseña nueva",
    password_help: "Al menos 8 caracteres. Mejor una frase que solo tú sepas.",

    // Signing up.
    register_title: "Crear una cuenta",
    register_lead: "Con una cuenta, el servidor lee tus dibujos y guarda lo que ha leído.",
    register: "Crear cuenta",
    registering: "Creando la cuenta…",
    registered_title: "Cuenta creada",
    registered: |email| {
        format!(
            "Hemos enviado un correo a {email}. Abre el enlace que contiene para confirmar la dirección; vale 24 horas."
        )
    },
    registered_by_form: "Cuenta creada. Te hemos enviado un correo: abre el enlace que lleva para confirmar la dirección. Ya puedes entrar.",
    have_account: "¿Ya tienes cuenta? Entra",

    // Signing in.
    signing_in: "Entrando…",
    no_account: "¿No tienes cuenta? Créala",
    forgot_link: "He olvidado la contraseña",
    signed_in_title: "Ya has entrado",
    signed_in: |name| format!("Has entrado como {name}. Para usar otra cuenta, cierra antes la sesión en el menú."),
    continue_link: "Continuar",

    // Confirming the address.
    confirm_title: "Confirmar el correo",
    confirm_lead: "Pulsa el botón para confirmar que la dirección es tuya.",
    confirm: "Confirmar mi correo",
    confirming: "Confirmando…",
    confirmed_title: "Correo confirmado",
    confirmed: "Gracias: tu cuenta está completa.",
    email_changed_title: "Correo cambiado",
    email_changed: "El correo de tu cuenta ha cambiado. Las demás sesiones se han cerrado.",
    resend_title: "Pedir otro correo",
    resend_lead: "Escribe el correo de tu cuenta y te enviamos un enlace nuevo.",
    resend: "Enviar otro correo",
    sending: "Enviando…",
    resent: "Si hay una cuenta sin confirmar con esa dirección, el correo va de camino. Mira también en el correo no deseado.",
    resent_to_you: "El correo va de camino. Mira también en el correo no deseado.",

    // A new password.
    forgot_title: "Contraseña olvidada",
    forgot_lead: "Escribe el correo de tu cuenta y te enviamos un enlace para elegir otra contraseña.",
    forgot: "Enviar el enlace",
    forgot_sent: "Si hay una cuenta con esa dirección, el correo va de camino. Mira también en el correo no deseado.",
    back_to_sign_in: "Volver al inicio de sesión",
    reset_title: "Elegir otra contraseña",
    reset: "Guardar la contraseña",
    resetting: "Guardando…",
    reset_done_title: "Contraseña cambiada",
    reset_done: "Todas tus sesiones se han cerrado, y tus claves de API ya no valen. Entra con la contraseña nueva.",
    ask_again: "Pedir otro enlace",

    // One's own page.
    account_title: "Mi cuenta",
    since: "Desde",
    is_confirmed: "Confirmado",
    is_not_confirmed: "Sin confirmar",
    unconfirmed_help: "Abre el enlace del correo que te enviamos. Si no lo encuentras, pide otro.",
    quota_title: "Lecturas del servidor",
    quota: |left, limit| format!("Quedan {left} de {limit}"),
    quota_lifted: "Sin límite",
    quota_next: |seconds| format!("La próxima, {}.", delay(Some(seconds), Locale::Es)),
    quota_reset: |seconds| match seconds {
        0 => "Las tienes todas.".to_owned(),
        1..120 => format!("Se renuevan {}.", delay(None, Locale::Es)),
        _ => format!("Se renuevan {}.", delay(Some(seconds), Locale::Es)),
    },
    unconfirmed_left: |left| match left {
        0 => "Confirma tu correo para seguir preguntando.".to_owned(),
        1 => "Te queda 1 antes de confirmar el correo.".to_owned(),
        _ => format!("Te quedan {left} antes de confirmar el correo."),
    },
    sessions_title: "Sesiones",
    sessions: |count| match count {
        1 => "Solo esta".to_owned(),
        _ => format!("{count} abiertas, contando esta"),
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
    picture: |numeral| format!("El dibujo que se leyó como {numeral}"),
    read_as: |numeral, percent| format!("Leyó un {numeral}: {percent}"),
};
