//! The texts of the page's script. A part in braces varies.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    client::ClientError,
    draw::texts::{DrawTexts, errors::ErrorTexts},
    i18n::{Locale, TextTable},
    ui::texts::FrameTexts,
};
use api::ErrorCode;

/// The texts in one language.
#[derive(Debug, Serialize)]
struct OfflineTexts {
    /// The name of the region with the notices.
    notices: &'static str,
    /// The page's own answer.
    local: &'static str,
    reading: &'static str,

    // What happens to a drawing that was kept just now.
    kept_until_server: &'static str,
    kept_until_quota: &'static str,
    kept_until_session: &'static str,
    kept_until_account: &'static str,
    dropped: &'static str,
    too_large: &'static str,
    not_kept: &'static str,

    // The list.
    count: &'static str,
    answers: &'static str,
    open: &'static str,
    hide: &'static str,
    title: &'static str,
    intro: &'static str,
    empty: &'static str,
    close: &'static str,
    drawn: &'static str,
    send: &'static str,
    remove: &'static str,

    // The state of one drawing.
    sending: &'static str,
    until_server: &'static str,
    until_quota: &'static str,
    until_session: &'static str,
    until_account: &'static str,
    until_asked: &'static str,
    failed: &'static str,

    // A new version of the page.
    new_version: &'static str,
    update: &'static str,
    later: &'static str,
}

impl TextTable for OfflineTexts {
    const ES: &'static Self = &OfflineTexts {
        notices: "Avisos",
        local: "Respuesta de esta página: {reading}.",
        reading: "{numeral} ({percent})",
        kept_until_server: "Queda guardado: se enviará cuando el servidor conteste.",
        kept_until_quota: "Queda guardado: se enviará {when}.",
        kept_until_session: "Queda guardado: se enviará cuando entres otra vez.",
        kept_until_account: "Queda guardado: podrás enviarlo cuando entres.",
        dropped: "No cabían todos: se ha quitado el más antiguo.",
        too_large: "Es demasiado grande para guardarlo.",
        not_kept: "Tu navegador no deja guardarlo.",
        count: "Dibujos guardados: {count}.",
        answers: "Dibujos guardados con respuesta nueva: {count}.",
        open: "Ver los guardados",
        hide: "Ocultar",
        title: "Dibujos guardados",
        intro: "Solo están en este navegador, como mucho 30 días.",
        empty: "No hay ninguno.",
        close: "Cerrar",
        drawn: "Guardado el {date}",
        send: "Enviar ahora",
        remove: "Quitar",
        sending: "Enviando…",
        until_server: "Espera a que el servidor conteste.",
        until_quota: "Has preguntado mucho: se enviará {when}.",
        until_session: "Espera a que entres otra vez.",
        until_account: "Entra para enviarlo.",
        until_asked: "Lo guardaste sin haber entrado: pulsa «Enviar ahora» si es tuyo.",
        failed: "El servidor no lo ha leído.",
        new_version: "Hay una versión nueva.",
        update: "Actualizar",
        later: "Ahora no",
    };
    const EN: &'static Self = &OfflineTexts {
        notices: "Notices",
        local: "This page’s answer: {reading}.",
        reading: "{numeral} ({percent})",
        kept_until_server: "It is kept, and sent when the server answers.",
        kept_until_quota: "It is kept, and sent {when}.",
        kept_until_session: "It is kept, and sent when you sign in again.",
        kept_until_account: "It is kept: you can send it when you have signed in.",
        dropped: "There wasn’t room for all: the oldest was removed.",
        too_large: "It is too large to be kept.",
        not_kept: "Your browser doesn’t allow it to be kept.",
        count: "Kept drawings: {count}.",
        answers: "Kept drawings with a new answer: {count}.",
        open: "Show the kept ones",
        hide: "Hide",
        title: "Kept drawings",
        intro: "They are in this browser only, for 30 days at most.",
        empty: "There are none.",
        close: "Close",
        drawn: "Kept on {date}",
        send: "Send now",
        remove: "Remove",
        sending: "Sending…",
        until_server: "Waits for the server to answer.",
        until_quota: "You have asked a lot: it will be sent {when}.",
        until_session: "Waits until you sign in again.",
        until_account: "Sign in to send it.",
        until_asked: "It was kept before you signed in: press “Send now” if it is yours.",
        failed: "The server hasn’t read it.",
        new_version: "There is a new version.",
        update: "Update",
        later: "Not now",
    };
}

/// What the server can say against a drawing for good.
const REFUSALS: [(u16, ErrorCode); 5] = [
    (400, ErrorCode::FileType),
    (403, ErrorCode::EmailUnconfirmed),
    (413, ErrorCode::FileTooLarge),
    (422, ErrorCode::ImageTooLarge),
    (422, ErrorCode::ImageUnreadable),
];

/// The tables as JSON, by the tag of their language, with what other tables have of them.
pub(super) fn by_locale() -> Value {
    let tables = Locale::ALL.map(|locale| {
        let (draw, errors) = (DrawTexts::of(locale), ErrorTexts::of(locale));
        let refusals = REFUSALS.map(|(status, code)| {
            let error = ClientError::Rejected {
                status,
                code,
                retry_after: None,
            };
            let code = json!(code).as_str().unwrap_or_default().to_owned();
            (code, Value::from(errors.request_error(&error).happened))
        });
        let mut table = json!(OfflineTexts::of(locale));
        table["no_digit"] = draw.not_a_digit.into();
        table["answered"] = (draw.server_aloud)("{numeral}", "{percent}").into();
        table["answered_no_digit"] = draw.server_not_a_digit.into();
        table["sign_in"] = FrameTexts::of(locale).sign_in_link.into();
        table["refusals"] = Map::from_iter(refusals).into();
        (locale.tag().to_owned(), table)
    });
    Map::from_iter(tables).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<OfflineTexts>();
    }

    #[test]
    fn what_the_server_refuses_has_a_reason_of_its_own() {
        let tables = by_locale();
        for locale in Locale::ALL {
            let refusals = tables[locale.tag()]["refusals"].as_object().unwrap();
            let reasons: std::collections::BTreeSet<_> =
                refusals.values().map(|reason| reason.as_str().unwrap()).collect();
            assert_eq!(
                (refusals.len(), reasons.len()),
                (REFUSALS.len(), REFUSALS.len()),
                "{refusals:?}"
            );
        }
        let answered = tables["es"]["answered"].as_str().unwrap();
        assert!(
            answered.contains("{numeral}") && answered.contains("{percent}"),
            "{answered}"
        );
    }
}
