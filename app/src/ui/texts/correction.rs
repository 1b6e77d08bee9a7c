//! The texts with which users correct what the server has read. They are loaded with what uses them:
//! the history, or the drawing page after the first answer.

use crate::i18n::TextTable;
use api::Label;

/// The texts in one language.
#[derive(Debug)]
pub struct CorrectionTexts {
    pub open: &'static str,
    pub which_digit: &'static str,
    pub not_a_digit: &'static str,
    pub undo: &'static str,
    pub was: fn(Label) -> String,
    pub saved: fn(Label) -> String,
    pub taken_back: &'static str,
    /// Nothing is sent without an account.
    pub sign_in_why: &'static str,
    pub sign_in: &'static str,
}

impl TextTable for CorrectionTexts {
    const ES: &'static Self = &ES;
    const EN: &'static Self = &EN;
}

static ES: CorrectionTexts = CorrectionTexts {
    open: "No, era un…",
    which_digit: "¿Qué dígito era?",
    not_a_digit: "No era un dígito",
    undo: "Retirar",
    was: |label| match label.digit() {
        Some(digit) => format!("Era un {digit}"),
        None => "No era un dígito".to_owned(),
    },
    saved: |label| match label.digit() {
        Some(digit) => format!("Guardado: era un {digit}."),
        None => "Guardado: no era un dígito.".to_owned(),
    },
    taken_back: "Corrección retirada.",
    sign_in_why: "Con una cuenta puedes decir qué era cuando se lee mal, y el modelo aprende de ello.",
    sign_in: "Entrar",
};

static EN: CorrectionTexts = CorrectionTexts {
    open: "No, it was a…",
    which_digit: "Which digit was it?",
    not_a_digit: "It wasn’t a digit",
    undo: "Take back",
    was: |label| match label.digit() {
        Some(digit) => format!("It was a {digit}"),
        None => "It wasn’t a digit".to_owned(),
    },
    saved: |label| match label.digit() {
        Some(digit) => format!("Saved: it was a {digit}."),
        None => "Saved: it wasn’t a digit.".to_owned(),
    },
    taken_back: "Correction taken back.",
    sign_in_why: "With an account you can say what it was when it is misread, and the model learns from it.",
    sign_in: "Sign in",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<CorrectionTexts>();
    }
}
