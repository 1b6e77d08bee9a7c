//! The table's columns: one field a text. A language that leaves one out doesn't compile.

use crate::draw::certainty::Certainty;

/// A refusal in two sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemText {
    /// What happened.
    pub happened: &'static str,
    /// What to do.
    pub remedy: String,
}

/// Every text in one language. Texts with a part that varies are functions.
#[derive(Debug)]
#[expect(missing_docs, reason = "a field's name and its text in `es.rs` say what it is")]
pub struct Texts {
    // The frame.
    pub title: &'static str,
    pub description: &'static str,
    pub heading: &'static str,
    pub skip: &'static str,
    pub home: &'static str,
    pub nav: &'static str,
    pub sign_in_link: &'static str,
    pub account_link: &'static str,
    pub users_link: &'static str,
    pub status_link: &'static str,
    pub sign_out: &'static str,
    pub sign_out_failed: &'static str,
    pub footer: &'static str,
    pub no_script: &'static str,
    pub load_failed: &'static str,
    pub reload: &'static str,

    // The canvas and its tools.
    pub canvas: &'static str,
    pub hint: &'static str,
    pub drop_here: &'static str,
    pub pen_width: &'static str,
    pub thin: &'static str,
    pub medium: &'static str,
    pub thick: &'static str,
    pub undo: &'static str,
    pub clear: &'static str,
    pub upload: &'static str,
    pub ask: &'static str,
    pub asking: &'static str,
    pub dismiss: &'static str,
    pub help_title: &'static str,
    /// Key and what it does, line by line.
    pub help: &'static [(&'static str, &'static str)],
    pub help_files: &'static str,
    pub pen_down: &'static str,
    pub pen_up: &'static str,
    pub cleared: &'static str,
    pub undone: &'static str,
    /// The picture of that name stands in the canvas.
    pub showing: fn(&str) -> String,

    // The reading.
    pub answer: &'static str,
    pub loading: &'static str,
    pub waiting: &'static str,
    pub blank: &'static str,
    pub blank_help: &'static str,
    pub bars: &'static str,
    pub certainty: fn(Certainty) -> &'static str,
    /// The second likeliest digit and its percentage.
    pub or_maybe: fn(u8, &str) -> String,
    pub no_second: &'static str,
    /// The digit, its certainty in a word and its percentage, for a screen reader.
    pub read_aloud: fn(u8, &str, &str) -> String,
    pub seen: &'static str,
    pub seen_help: &'static str,
    pub seen_alt: &'static str,
    pub read_in: &'static str,
    pub model: &'static str,

    // The comparison.
    pub comparison: &'static str,
    pub here: &'static str,
    pub server: &'static str,
    pub not_asked: &'static str,
    pub time: &'static str,
    pub here_time: &'static str,
    pub server_time: &'static str,
    pub cached: &'static str,
    pub fresh: &'static str,
    pub earlier: &'static str,
    pub server_blank: &'static str,
    pub agree: &'static str,
    pub differ: &'static str,
    /// The server's digit and its percentage, for a screen reader.
    pub server_aloud: fn(u8, &str) -> String,

    // What can go wrong.
    pub offline: fn() -> ProblemText,
    pub timed_out: fn() -> ProblemText,
    pub no_picture: fn() -> ProblemText,
    pub unreadable: fn() -> ProblemText,
    pub file_type: fn() -> ProblemText,
    pub too_large: fn() -> ProblemText,
    pub too_many_pixels: fn() -> ProblemText,
    /// Seconds until the next try, where the server says.
    pub limited: fn(Option<u32>) -> ProblemText,
    pub overloaded: fn(Option<u32>) -> ProblemText,
    pub sign_in: fn() -> ProblemText,
    pub register_link: &'static str,
    pub unconfirmed: fn() -> ProblemText,
    pub server_failed: fn() -> ProblemText,

    // A page that isn't there.
    pub lost_title: &'static str,
    pub lost: &'static str,
    pub lost_way: &'static str,
}
