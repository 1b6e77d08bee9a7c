//! The texts of what users change about their own account.

use crate::i18n::TextTable;
use api::KeyScope;

/// The texts in one language.
#[derive(Debug)]
pub struct OwnTexts {
    // The password.
    pub change_password: &'static str,
    pub current_password: &'static str,
    pub changing: &'static str,
    pub password_changed: &'static str,

    // The address.
    pub email_title: &'static str,
    pub current_email: fn(&str) -> String,
    pub new_email: &'static str,
    pub send_link: &'static str,
    pub email_sent: fn(&str) -> String,
    /// After a plain form, whose next page doesn't know the address.
    pub email_sent_by_form: &'static str,

    // The sessions.
    pub unknown_client: &'static str,
    pub this_session: &'static str,
    pub end: &'static str,
    /// The name of the button, which begins with [`Self::end`].
    pub end_session: fn(&str) -> String,
    pub ended: &'static str,
    pub session_ended: fn(&str) -> String,

    // The API keys.
    pub keys_title: &'static str,
    pub keys_lead: &'static str,
    pub no_keys: &'static str,
    pub key_created: fn(&str) -> String,
    pub key_expires: fn(&str) -> String,
    pub key_expired: fn(&str) -> String,
    pub key_never_expires: &'static str,
    pub key_used: fn(&str) -> String,
    pub key_unused: &'static str,
    pub expired: &'static str,
    pub revoke: &'static str,
    /// The name of the button, which begins with [`Self::revoke`].
    pub revoke_key: fn(&str) -> String,
    pub revoke_question: fn(&str) -> String,
    pub revoking: &'static str,
    pub revoked: &'static str,
    pub key_revoked: fn(&str) -> String,
    pub create_key_open: &'static str,
    pub key_name: &'static str,
    pub key_name_help: &'static str,
    pub key_scopes: &'static str,
    pub scopes: fn(&[KeyScope]) -> &'static str,
    pub key_expiry: &'static str,
    pub in_days: fn(u32) -> String,
    pub never: &'static str,
    pub create_key: &'static str,
    pub creating_key: &'static str,
    pub keep_key: &'static str,
    pub copy_key: &'static str,
    pub key_copied: &'static str,
    pub key_copy_failed: &'static str,
    pub key_kept: &'static str,

    // The second factor.
    pub factor_title: &'static str,
    pub factor_lead: &'static str,
    pub set_up: &'static str,
    pub setting_up: &'static str,
    pub scan: &'static str,
    pub qr_code: &'static str,
    pub secret: &'static str,
    pub open_app: &'static str,
    pub app_code: &'static str,
    pub app_code_help: &'static str,
    pub activate: &'static str,
    pub activating: &'static str,
    pub keep_codes: &'static str,
    pub copy_codes: &'static str,
    pub copied: &'static str,
    pub copy_failed: &'static str,
    pub codes_kept: &'static str,
    pub factor_active: &'static str,
    pub code: &'static str,
    pub remove: &'static str,
    pub removing: &'static str,

    // The data.
    pub data_title: &'static str,
    pub data_lead: &'static str,
    pub download_data: &'static str,
    pub take_back: &'static str,
    pub take_back_question: &'static str,
    pub taking_back: &'static str,
    pub taken_back: &'static str,
    pub delete_data: &'static str,
    pub delete_data_question: &'static str,
    pub data_deleted: &'static str,

    // The deletion.
    pub delete_title: &'static str,
    pub delete_open: &'static str,
    pub delete_lead: &'static str,
    pub delete: &'static str,
    pub deleting: &'static str,
    pub deleted: &'static str,
}

impl TextTable for OwnTexts {
    const ES: &'static Self = &ES;
    const EN: &'static Self = &EN;
}

static ES: OwnTexts = OwnTexts {
    // The password.
    change_password: "Cambiar la contraseña",
    current_password: "Contraseña actual",
    changing: "Cambiando…",
    password_changed: "Contraseña cambiada. Las demás sesiones se han cerrado.",

    // The address.
    email_title: "Cambiar el correo",
    current_email: |email| format!("Tu correo es {email}."),
    new_email: "Correo nuevo",
    send_link: "Enviar el enlace",
    email_sent: |email| {
        format!(
            "Hemos enviado un enlace a {email}. Tu correo cambia cuando lo abras y lo confirmes; las demás sesiones se cierran."
        )
    },
    email_sent_by_form: "Hemos enviado un enlace al correo nuevo. Tu correo cambia cuando lo abras y lo confirmes; las demás \
                         sesiones se cierran.",

    // The sessions.
    unknown_client: "Programa desconocido",
    this_session: "Esta sesión",
    end: "Cerrar",
    end_session: |client| format!("Cerrar la sesión: {client}"),
    ended: "Cerrada",
    session_ended: |client| format!("Sesión cerrada: {client}."),

    // The API keys.
    keys_title: "Claves de API",
    keys_lead: "Con una clave, un programa usa tu cuenta sin la contraseña: la envía en «Authorization: Bearer». Vale solo para \
                lo que elijas, con los límites de tu cuenta, y sigue valiendo si cambias la contraseña.",
    no_keys: "No hay ninguna.",
    key_created: |date| format!("Creada el {date}."),
    key_expires: |time| format!("Caduca el {time}."),
    key_expired: |time| format!("Caducó el {time}."),
    key_never_expires: "No caduca.",
    key_used: |time| format!("Último uso: {time}."),
    key_unused: "Sin usar.",
    expired: "Caducada",
    revoke: "Revocar",
    revoke_key: |name| format!("Revocar la clave: {name}"),
    revoke_question: |name| {
        format!("¿Revocar «{name}»? Los programas que la usan dejan de funcionar. No se puede deshacer.")
    },
    revoking: "Revocando…",
    revoked: "Revocada",
    key_revoked: |name| format!("Clave revocada: {name}."),
    create_key_open: "Crear una clave…",
    key_name: "Nombre de la clave",
    key_name_help: "Para reconocerla; por ejemplo, el programa que la usa.",
    key_scopes: "Para qué vale",
    scopes: |scopes| match scopes {
        [KeyScope::Predict] => "Leer imágenes",
        [KeyScope::History] => "Ver y corregir tu historial",
        [] => "Nada",
        _ => "Leer imágenes, y ver y corregir tu historial",
    },
    key_expiry: "Caduca",
    in_days: |days| format!("Dentro de {days} días"),
    never: "Nunca",
    create_key: "Crear la clave",
    creating_key: "Creando…",
    keep_key: "La clave está creada. Guárdala ahora en un lugar seguro: no se vuelve a mostrar.",
    copy_key: "Copiar la clave",
    key_copied: "Clave copiada",
    key_copy_failed: "No se ha podido copiar",
    key_kept: "La he guardado",

    // The second factor.
    factor_title: "Segundo factor",
    factor_lead: "Con un segundo factor, entrar pide también un código de una aplicación de autenticación.",
    set_up: "Configurar",
    setting_up: "Preparando…",
    scan: "Escanea el código QR con la aplicación de autenticación, o escribe en ella la clave. Luego escribe aquí el código \
           que muestra.",
    qr_code: "Código QR con la clave",
    secret: "Clave",
    open_app: "Abrir en la aplicación",
    app_code: "Código de la aplicación",
    app_code_help: "Seis cifras.",
    activate: "Activar",
    activating: "Activando…",
    keep_codes: "El segundo factor está activo. Guarda estos códigos de recuperación en un lugar seguro: cada uno vale una \
                 vez en lugar del código de la aplicación, y no se vuelven a mostrar.",
    copy_codes: "Copiar los códigos",
    copied: "Códigos copiados",
    copy_failed: "No se han podido copiar",
    codes_kept: "Los he guardado",
    factor_active: "El segundo factor está activo: entrar pide también un código de tu aplicación de autenticación.",
    code: "Código de tu aplicación de autenticación, o un código de recuperación",
    remove: "Quitar el segundo factor",
    removing: "Quitando…",

    // The data.
    data_title: "Tus datos",
    data_lead: "Tu cuenta, tu historial y tus correcciones, con lo que se ha decidido sobre ellas. El modelo deja de \
                aprender de los dibujos cuya corrección retiras o eliminas.",
    download_data: "Descargar mis datos",
    take_back: "Retirar todas mis correcciones",
    take_back_question: "¿Retirar todas tus correcciones? Los dibujos siguen en tu historial. No se puede deshacer.",
    taking_back: "Un momento…",
    taken_back: "Correcciones retiradas.",
    delete_data: "Eliminar mis datos",
    delete_data_question: "¿Eliminar todo tu historial, con sus dibujos y correcciones? La cuenta sigue. No se puede deshacer.",
    data_deleted: "Historial y correcciones eliminados.",

    // The deletion.
    delete_title: "Eliminar la cuenta",
    delete_open: "Eliminar la cuenta…",
    delete_lead: "Se eliminan tu nombre de usuario, tu correo y tu contraseña, todo tu historial con sus dibujos y \
                  correcciones, y todas tus sesiones y claves de API. Lo que un administrador ha cambiado queda anotado sin su nombre. No se \
                  puede deshacer.",
    delete: "Eliminar mi cuenta para siempre",
    deleting: "Eliminando…",
    deleted: "Tu cuenta se ha eliminado.",
};

static EN: OwnTexts = OwnTexts {
    // The password.
    change_password: "Change the password",
    current_password: "Current password",
    changing: "Changing…",
    password_changed: "Password changed. Your other sessions have ended.",

    // The address.
    email_title: "Change the email address",
    current_email: |email| format!("Your address is {email}."),
    new_email: "New email address",
    send_link: "Send the link",
    email_sent: |email| {
        format!(
            "We’ve sent a link to {email}. Your address changes when you open and confirm it; your other sessions end then."
        )
    },
    email_sent_by_form: "We’ve sent a link to the new address. Your address changes when you open and confirm it; your other \
                         sessions end then.",

    // The sessions.
    unknown_client: "Unknown program",
    this_session: "This session",
    end: "End",
    end_session: |client| format!("End the session: {client}"),
    ended: "Ended",
    session_ended: |client| format!("Session ended: {client}."),

    // The API keys.
    keys_title: "API keys",
    keys_lead: "With a key, a program uses your account without the password: it sends the key in “Authorization: Bearer”. The \
                key is good only for what you choose, within the limits of your account, and stays valid when you change the \
                password.",
    no_keys: "There are none.",
    key_created: |date| format!("Created on {date}."),
    key_expires: |time| format!("Expires on {time}."),
    key_expired: |time| format!("Expired on {time}."),
    key_never_expires: "Doesn’t expire.",
    key_used: |time| format!("Last used: {time}."),
    key_unused: "Not used yet.",
    expired: "Expired",
    revoke: "Revoke",
    revoke_key: |name| format!("Revoke the key: {name}"),
    revoke_question: |name| format!("Revoke “{name}”? The programs that use it stop working. This can’t be undone."),
    revoking: "Revoking…",
    revoked: "Revoked",
    key_revoked: |name| format!("Key revoked: {name}."),
    create_key_open: "Create a key…",
    key_name: "Name of the key",
    key_name_help: "To recognise it by; for example the program that uses it.",
    key_scopes: "What it is for",
    scopes: |scopes| match scopes {
        [KeyScope::Predict] => "Reading pictures",
        [KeyScope::History] => "Seeing and correcting your history",
        [] => "Nothing",
        _ => "Reading pictures, and seeing and correcting your history",
    },
    key_expiry: "Expires",
    in_days: |days| format!("In {days} days"),
    never: "Never",
    create_key: "Create the key",
    creating_key: "Creating…",
    keep_key: "The key is created. Keep it in a safe place now: it isn’t shown again.",
    copy_key: "Copy the key",
    key_copied: "Key copied",
    key_copy_failed: "It couldn’t be copied",
    key_kept: "I have kept it",

    // The second factor.
    factor_title: "Second factor",
    factor_lead: "With a second factor, signing in also asks for a code of an authenticator app.",
    set_up: "Set up",
    setting_up: "Preparing…",
    scan: "Scan the QR code with the authenticator app, or enter the key there. Then enter the code that it shows.",
    qr_code: "QR code with the key",
    secret: "Key",
    open_app: "Open in the app",
    app_code: "Code of the app",
    app_code_help: "Six digits.",
    activate: "Activate",
    activating: "Activating…",
    keep_codes: "The second factor is active. Keep these recovery codes in a safe place: each can be used once instead of the \
                 code of the app, and they aren’t shown again.",
    copy_codes: "Copy the codes",
    copied: "Codes copied",
    copy_failed: "They couldn’t be copied",
    codes_kept: "I have kept them",
    factor_active: "The second factor is active: signing in also asks for a code of your authenticator app.",
    code: "Code of your authenticator app, or a recovery code",
    remove: "Remove the second factor",
    removing: "Removing…",

    // The data.
    data_title: "Your data",
    data_lead: "Your account, your history and your corrections, with what was decided about them. The model no longer \
                learns from drawings whose correction you take back or delete.",
    download_data: "Download my data",
    take_back: "Take back all my corrections",
    take_back_question: "Take back all your corrections? The drawings stay in your history. This can’t be undone.",
    taking_back: "One moment…",
    taken_back: "Corrections taken back.",
    delete_data: "Delete my data",
    delete_data_question: "Delete all of your history, with its drawings and corrections? The account stays. This can’t be \
                           undone.",
    data_deleted: "History and corrections deleted.",

    // The deletion.
    delete_title: "Delete the account",
    delete_open: "Delete the account…",
    delete_lead: "Your username, address and password, your whole history with its drawings and corrections, and all your \
                  sessions and API keys are deleted. What an admin has changed stays on record, without the name. This can’t be undone.",
    delete: "Delete my account for ever",
    deleting: "Deleting…",
    deleted: "Your account has been deleted.",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<OwnTexts>();
    }
}
