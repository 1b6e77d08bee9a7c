//! English.

use super::DrawTexts;
use crate::{draw::certainty::Certainty, i18n::ProblemText};

/// A request without a network. It is in the errors' table, too.
pub(super) const OFFLINE: ProblemText = ProblemText::new(
    "The server can't be reached.",
    "Your drawing is still here: check the network and ask again.",
);

pub(super) static EN: DrawTexts = DrawTexts {
    title: "Trazo: draw a digit and it is read",
    heading: "Draw a digit and Trazo reads it",

    // The canvas and its tools.
    canvas: "Canvas to draw a digit",
    hint: "Draw a digit here, 0 to 9",
    drop_here: "Drop the picture",
    tools: "Pen and eraser",
    thin: "Thin",
    medium: "Medium",
    thick: "Thick",
    eraser: "Eraser",
    undo: "Undo",
    redo: "Redo",
    clear: "Clear",
    upload: "Upload a picture",
    copy_as: "Copy as code",
    ask: "Ask the server",
    asking: "Asking…",
    dismiss: "Close the notice",
    grid: "Draw on a grid",
    help_title: "Drawing with the keyboard",
    help: &[
        ("Arrow keys", "move the pen; with Shift, more slowly"),
        ("Home, End, Page Up, Page Down", "move it diagonally"),
        (
            "Space or Enter",
            "lower and lift it; with the eraser, erase the stroke under it",
        ),
        ("Backspace", "undoes the last stroke"),
        ("Ctrl+Z, Ctrl+Y", "undo and redo"),
        ("Esc", "clears everything"),
    ],
    help_files: "You can also paste a picture with Ctrl+V or drop one on the page.",
    pen_down: "Pen down",
    pen_up: "Pen up",
    cleared: "Canvas cleared",
    undone: "Last stroke undone",
    redone: "Redone",
    erased: "Stroke erased",
    nothing_erased: "There is no stroke here",
    showing: |name| format!("Picture on the canvas: {name}. Clear it to draw again."),

    // The prediction in the browser.
    prediction: "What I read",
    loading: "Loading the reader…",
    waiting: "What I read will appear here",
    blank: "Blank",
    blank_help: "I see no stroke.",
    altered: "can't be read here",
    altered_help: "Your browser alters the pictures that I read: the server is asked instead.",
    not_a_digit: "not a digit, it seems",
    not_a_digit_help: "Draw one, 0 to 9, in clear strokes.",
    several: |digits| match digits {
        [] | [_] => "more than one digit".to_owned(),
        [first, second] => format!("two digits: {first} and {second}"),
        digits => format!("{} digits", digits.len()),
    },
    several_help: "Clear it if you meant just one.",
    doubt: |digit, other| format!("either {digit} or {other}"),
    doubt_help: "Draw it larger and clearer.",
    bars: "Probability of each digit",
    certainty: |certainty| match certainty {
        Certainty::Sure => "sure",
        Certainty::Likely => "likely",
        Certainty::Doubtful => "unsure",
    },
    or_maybe: |digit, percent| format!("or maybe a {digit}: {percent}"),
    no_second: "no second guess",
    prediction_aloud: |digit, certainty, percent| format!("I read a {digit}: {certainty}, {percent}"),
    model_input: "What the network sees",
    model_input_help: "Your digit, centred and reduced to 28 × 28 points.",
    model_input_alt: "The digit reduced to 28 by 28 points",
    inference_time: "Reading",
    model: "Model",
    explain: "How it reads it",
    explain_failed: "The server can't be reached. Check the network and open it again.",

    // The comparison with the server.
    comparison: "Both readings",
    here: "Your browser",
    server: "The server",
    not_asked: "Ask it to compare.",
    here_time: "no network",
    cached: "from memory",
    fresh: "just read",
    stale: "from an earlier drawing",
    sending: |percent| format!("Sending: {percent}"),
    server_blank: "The server sees no stroke; its answer means nothing.",
    server_not_a_digit: "To the server it doesn't look like a digit.",
    server_several: "The server sees several digits.",
    agree: "They agree.",
    differ: "They differ.",
    outdated: "They differ: this page is of another version than the server. Reload it.",
    server_aloud: |numeral, percent| format!("The server reads {numeral}: {percent}"),

    // Without a network.
    offline: OFFLINE,
    image_offline: ProblemText::new("The server can't be reached.", "Check the network and try again."),
};
