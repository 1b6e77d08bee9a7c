//! The texts of the review of corrections. In a table of their own, so that they are loaded with that page.

use crate::i18n::TextTable;
use api::{Label, ReviewEntry, ReviewState};

/// The texts in one language.
#[derive(Debug)]
pub struct ReviewTexts {
    pub title: &'static str,

    // Numbers and filters.
    pub waiting: &'static str,
    pub agreed: &'static str,
    pub dropped: &'static str,
    /// A number that is counted up to 10,000.
    pub number: fn(u64) -> String,
    pub user: &'static str,
    pub state_title: &'static str,
    pub any: &'static str,
    pub sort: &'static str,
    pub by_disagreement: &'static str,
    pub by_doubt: &'static str,
    pub by_newest: &'static str,

    // The correction.
    pub left: fn(usize) -> String,
    pub empty: &'static str,
    pub correction: &'static str,
    pub picture: fn(u8) -> String,
    pub said: &'static str,
    pub read: &'static str,
    pub today: &'static str,
    pub unread: &'static str,
    pub person: &'static str,
    pub near: &'static str,
    pub near_count: fn(usize) -> String,
    pub label: fn(Label) -> &'static str,
    pub state: fn(ReviewState, Option<Label>) -> String,
    /// When, and by whom.
    pub decided: fn(&str, &str) -> String,
    /// For a screen reader, with how many are left.
    pub aloud: fn(&ReviewEntry, usize) -> String,

    // Decisions.
    pub what_is_it: &'static str,
    pub no_digit: &'static str,
    /// With what the person says.
    pub agree: fn(Option<Label>) -> String,
    pub space: &'static str,
    pub drop: &'static str,
    pub undo: &'static str,
    pub agree_to_plain: fn(u64) -> String,
    pub changed: fn(u64) -> String,

    // People.
    pub people: &'static str,
    pub people_help: &'static str,
    /// Those that wait, those that were decided about, and the share of these that was dropped.
    pub person_counts: fn(u64, u64, &str) -> String,
    pub drop_all: &'static str,
    /// The name of the button, which begins with [`Self::drop_all`].
    pub drop_all_of: fn(&str) -> String,
    /// How many, of whom.
    pub drop_question: fn(u64, &str) -> String,

    // The data set.
    pub data_set: &'static str,
    pub data_set_help: &'static str,
}

impl TextTable for ReviewTexts {
    const ES: &'static Self = &ES;
    const EN: &'static Self = &EN;
}

static ES: ReviewTexts = ReviewTexts {
    title: "Revisión de correcciones",

    // Numbers and filters.
    waiting: "Esperan",
    agreed: "Aceptadas",
    dropped: "Descartadas",
    number: |number| {
        if number < 10_000 {
            number.to_string()
        } else {
            "10\u{202f}000 o más".to_owned()
        }
    },
    user: "Usuario",
    state_title: "Estado",
    any: "Cualquiera",
    sort: "Primero",
    by_disagreement: "Contradichas",
    by_doubt: "Dudosas",
    by_newest: "Nuevas",

    // The correction.
    left: |count| match count {
        1 => "Queda 1 en esta página.".to_owned(),
        _ => format!("Quedan {count} en esta página."),
    },
    empty: "No queda ninguna.",
    correction: "Corrección",
    picture: |digit| format!("La imagen que se leyó como {digit}"),
    said: "La persona dice",
    read: "Se leyó",
    today: "El modelo de hoy",
    unread: "aún no la ha leído",
    person: "De",
    near: "Casi iguales",
    near_count: |count| match count {
        0 => "ninguna".to_owned(),
        _ => format!("{count}, y se deciden a la vez"),
    },
    label: |label| match label {
        Label::NoDigit => "ningún dígito",
        label => label.name(),
    },
    state: |state, label| match (state, label) {
        (ReviewState::Waiting, _) => "Espera".to_owned(),
        (ReviewState::Agreed, Some(Label::NoDigit)) => "Aceptada: ningún dígito".to_owned(),
        (ReviewState::Agreed, label) => format!("Aceptada: {}", label.map_or("–", Label::name)),
        (ReviewState::Dropped, _) => "Descartada".to_owned(),
    },
    decided: |at, by| format!("({by}, {at})"),
    aloud: |entry, left| {
        let today = entry.today.map_or("sin leer", |label| (ES.label)(label));
        let said = (ES.label)(entry.said);
        let read = entry.read;
        format!("La persona dice {said}; se leyó {read}; el modelo de hoy: {today}. Quedan {left}.")
    },

    // Decisions.
    what_is_it: "¿Qué es? Pulsa la tecla del dígito.",
    no_digit: "Ningún dígito",
    agree: |said| match said {
        Some(Label::NoDigit) => "Sí, no es un dígito".to_owned(),
        Some(label) => format!("Sí, es un {}", label.name()),
        None => "Sí".to_owned(),
    },
    space: "espacio",
    drop: "Descartar",
    undo: "Deshacer",
    agree_to_plain: |count| format!("Aceptar las que el modelo confirma ({})", (ES.number)(count)),
    changed: |count| match count {
        1 => "1 corrección decidida.".to_owned(),
        _ => format!("{count} correcciones decididas."),
    },

    // People.
    people: "Personas",
    people_help: "Quién ha hecho las últimas 10\u{202f}000 correcciones.",
    person_counts: |waiting, decided, share| format!("{waiting} esperan; de {decided} decididas, {share} descartadas"),
    drop_all: "Descartar todas",
    drop_all_of: |name| format!("Descartar todas las que esperan de {name}"),
    drop_question: |waiting, name| match waiting {
        1 => format!("¿Descartar la corrección de {name} que espera?"),
        _ => format!("¿Descartar las {waiting} correcciones de {name} que esperan?"),
    },

    // The data set.
    data_set: "Datos para entrenar",
    data_set_help: "Las imágenes aceptadas con sus etiquetas, en un archivo TAR.",
};

static EN: ReviewTexts = ReviewTexts {
    title: "Review of corrections",

    // Numbers and filters.
    waiting: "Waiting",
    agreed: "Agreed",
    dropped: "Dropped",
    number: |number| {
        if number < 10_000 {
            number.to_string()
        } else {
            "10,000 or more".to_owned()
        }
    },
    user: "User",
    state_title: "State",
    any: "Any",
    sort: "First",
    by_disagreement: "Contradicted",
    by_doubt: "Doubtful",
    by_newest: "Newest",

    // The correction.
    left: |count| format!("{count} left on this page."),
    empty: "None is left.",
    correction: "Correction",
    picture: |digit| format!("The image that was read as {digit}"),
    said: "The person says",
    read: "It was read as",
    today: "Today’s model",
    unread: "hasn’t read it yet",
    person: "From",
    near: "Nearly the same",
    near_count: |count| match count {
        0 => "none".to_owned(),
        _ => format!("{count}, decided together"),
    },
    label: |label| match label {
        Label::NoDigit => "no digit",
        label => label.name(),
    },
    state: |state, label| match (state, label) {
        (ReviewState::Waiting, _) => "Waiting".to_owned(),
        (ReviewState::Agreed, Some(Label::NoDigit)) => "Agreed: no digit".to_owned(),
        (ReviewState::Agreed, label) => format!("Agreed: {}", label.map_or("–", Label::name)),
        (ReviewState::Dropped, _) => "Dropped".to_owned(),
    },
    decided: |at, by| format!("({by}, {at})"),
    aloud: |entry, left| {
        let today = entry.today.map_or("not read yet", |label| (EN.label)(label));
        let said = (EN.label)(entry.said);
        let read = entry.read;
        format!("The person says {said}; it was read as {read}; today’s model: {today}. {left} left.")
    },

    // Decisions.
    what_is_it: "What is it? Press the digit’s key.",
    no_digit: "No digit",
    agree: |said| match said {
        Some(Label::NoDigit) => "Yes, it isn’t a digit".to_owned(),
        Some(label) => format!("Yes, it is a {}", label.name()),
        None => "Yes".to_owned(),
    },
    space: "space",
    drop: "Drop",
    undo: "Undo",
    agree_to_plain: |count| format!("Agree to those that the model confirms ({})", (EN.number)(count)),
    changed: |count| match count {
        1 => "1 correction decided.".to_owned(),
        _ => format!("{count} corrections decided."),
    },

    // People.
    people: "People",
    people_help: "Who made the newest 10,000 corrections.",
    person_counts: |waiting, decided, share| format!("{waiting} waiting; of {decided} decided, {share} dropped"),
    drop_all: "Drop all",
    drop_all_of: |name| format!("Drop all that wait from {name}"),
    drop_question: |waiting, name| match waiting {
        1 => format!("Drop the correction of {name} that waits?"),
        _ => format!("Drop the {waiting} corrections of {name} that wait?"),
    },

    // The data set.
    data_set: "Data for training",
    data_set_help: "The images that were agreed to, with their labels, in a TAR archive.",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<ReviewTexts>();
    }
}
