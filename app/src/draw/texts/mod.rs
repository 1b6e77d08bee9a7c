//! The texts of the drawing page.

mod en;
pub mod errors;
mod es;

use super::certainty::Certainty;
use crate::i18n::{ProblemText, TextTable};

/// The drawing page's texts in one language. Texts with a part that varies are functions.
#[derive(Debug)]
pub struct DrawTexts {
    pub title: &'static str,
    pub heading: &'static str,

    // The canvas and its tools.
    pub canvas: &'static str,
    pub hint: &'static str,
    pub drop_here: &'static str,
    /// The pen's widths and the eraser.
    pub tools: &'static str,
    pub thin: &'static str,
    pub medium: &'static str,
    pub thick: &'static str,
    pub eraser: &'static str,
    pub undo: &'static str,
    pub redo: &'static str,
    pub clear: &'static str,
    pub upload: &'static str,
    pub copy_as: &'static str,
    pub ask: &'static str,
    pub asking: &'static str,
    pub dismiss: &'static str,
    pub grid: &'static str,
    pub help_title: &'static str,
    /// Key and what it does, line by line.
    pub help: &'static [(&'static str, &'static str)],
    pub help_files: &'static str,
    pub pen_down: &'static str,
    pub pen_up: &'static str,
    pub cleared: &'static str,
    pub undone: &'static str,
    pub redone: &'static str,
    pub erased: &'static str,
    /// The eraser is where no stroke is.
    pub nothing_erased: &'static str,
    /// The picture of that name stands in the canvas.
    pub showing: fn(&str) -> String,

    // The prediction in the browser.
    pub prediction: &'static str,
    pub loading: &'static str,
    pub waiting: &'static str,
    pub blank: &'static str,
    pub blank_help: &'static str,
    /// The browser alters the image when the page reads it, and the server is asked instead.
    pub altered: &'static str,
    pub altered_help: &'static str,
    pub not_a_digit: &'static str,
    pub not_a_digit_help: &'static str,
    /// The digits, from left to right; none if it isn't known which they are.
    pub several: fn(&[u8]) -> String,
    pub several_help: &'static str,
    /// The two likeliest digits.
    pub doubt: fn(u8, u8) -> String,
    pub doubt_help: &'static str,
    pub bars: &'static str,
    pub certainty: fn(Certainty) -> &'static str,
    /// The second likeliest digit and its percentage.
    pub or_maybe: fn(u8, &str) -> String,
    pub no_second: &'static str,
    /// The digit, its certainty in a word and its percentage, for a screen reader.
    pub prediction_aloud: fn(u8, &str, &str) -> String,
    pub model_input: &'static str,
    pub model_input_help: &'static str,
    pub model_input_alt: &'static str,
    pub inference_time: &'static str,
    pub model: &'static str,
    pub explain: &'static str,
    /// The explanation couldn't be loaded.
    pub explain_failed: &'static str,

    // The comparison with the server.
    pub comparison: &'static str,
    pub here: &'static str,
    pub server: &'static str,
    pub not_asked: &'static str,
    pub here_time: &'static str,
    pub cached: &'static str,
    pub fresh: &'static str,
    pub stale: &'static str,
    /// How much of the image has been sent, in per cent.
    pub sending: fn(&str) -> String,
    pub server_blank: &'static str,
    pub server_not_a_digit: &'static str,
    pub server_several: &'static str,
    pub agree: &'static str,
    pub differ: &'static str,
    /// They differ, and the server has another model.
    pub outdated: &'static str,
    /// The server's digit and its percentage, for a screen reader.
    pub server_aloud: fn(&str, &str) -> String,

    // Without a network.
    /// The code that asks the server couldn't be loaded.
    pub offline: ProblemText,
    /// The code that decodes images, or that of the grid, couldn't be loaded.
    pub image_offline: ProblemText,
}

impl TextTable for DrawTexts {
    const ES: &'static Self = &es::ES;
    const EN: &'static Self = &en::EN;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<DrawTexts>();
    }
}
