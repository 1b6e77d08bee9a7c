//! English.

use super::{ProblemText, Texts};
use crate::draw::certainty::Certainty;

pub(super) static EN: Texts = Texts {
    title: "Trazo: draw a digit and it is read",
    description: "Draw a digit with finger, pen or mouse: Trazo reads it while you draw.",
    heading: "Draw a digit and Trazo reads it",
    skip: "Skip to the content",
    home: "Trazo, home page",
    nav: "You and your language",
    sign_in_link: "Sign in",
    account_link: "My account",
    users_link: "Users",
    status_link: "Status",
    sign_out: "Sign out",
    sign_out_failed: "No connection: you are still signed in.",
    footer: "Trazo reads handwritten digits. What you draw stays in your browser until you ask the server.",
    no_script: "Drawing here needs JavaScript. Turn it on and reload the page.",
    load_failed: "The reader could not be loaded. Check your connection and reload the page; if nothing changes, update \
                  your browser.",
    reload: "Reload",

    canvas: "Canvas to draw a digit",
    hint: "Draw a digit here, 0 to 9",
    drop_here: "Drop the picture",
    pen_width: "Pen width",
    thin: "Thin",
    medium: "Medium",
    thick: "Thick",
    undo: "Undo",
    clear: "Clear",
    upload: "Upload a picture",
    ask: "Ask the server",
    asking: "Asking…",
    dismiss: "Close the notice",
    help_title: "Drawing with the keyboard",
    help: &[
        ("Arrow keys", "move the pen; with Shift, more slowly"),
        ("Home, End, Page Up, Page Down", "move it diagonally"),
        ("Space or Enter", "lower and lift it"),
        ("Backspace", "undoes the last stroke"),
        ("Esc", "clears everything"),
    ],
    help_files: "You can also paste a picture with Ctrl+V or drop one on the page.",
    pen_down: "Pen down",
    pen_up: "Pen up",
    cleared: "Canvas cleared",
    undone: "Last stroke undone",
    showing: |name| format!("Picture on the canvas: {name}. Clear it to draw again."),

    answer: "What I read",
    loading: "Loading the reader…",
    waiting: "What I read will show here",
    blank: "Blank",
    blank_help: "I see no stroke.",
    bars: "Probability of each digit",
    certainty: |certainty| match certainty {
        Certainty::Sure => "sure",
        Certainty::Likely => "likely",
        Certainty::Doubtful => "unsure",
    },
    or_maybe: |digit, percent| format!("or maybe a {digit}: {percent}"),
    no_second: "no second guess",
    read_aloud: |digit, certainty, percent| format!("I read a {digit}: {certainty}, {percent}"),
    seen: "What the network sees",
    seen_help: "Your digit, centred and reduced to 28 × 28 points.",
    seen_alt: "The digit reduced to 28 by 28 points",
    read_in: "Reading",
    model: "Model",

    comparison: "Both readings",
    here: "Your browser",
    server: "The server",
    not_asked: "Ask it to compare.",
    time: "Time",
    here_time: "no network",
    server_time: "there and back",
    cached: "from memory",
    fresh: "just read",
    earlier: "of an earlier drawing",
    server_blank: "The server sees no stroke; its answer means nothing.",
    agree: "They agree.",
    differ: "They differ.",
    server_aloud: |digit, percent| format!("The server reads a {digit}: {percent}"),

    offline: || ProblemText {
        happened: "The server can't be reached.",
        remedy: "Your drawing is still here: check the network and ask again.".to_owned(),
    },
    timed_out: || ProblemText {
        happened: "The server takes too long.",
        remedy: "Your drawing is still here: ask again in a moment.".to_owned(),
    },
    no_picture: || ProblemText {
        happened: "That file is not a picture.",
        remedy: "Choose a PNG, JPG or GIF.".to_owned(),
    },
    unreadable: || ProblemText {
        happened: "That picture can't be read: it is damaged or incomplete.",
        remedy: "Try another, or save it again as PNG.".to_owned(),
    },
    file_type: || ProblemText {
        happened: "The server doesn't take that type of file.",
        remedy: "Choose a PNG, JPG or GIF.".to_owned(),
    },
    too_large: || ProblemText {
        happened: "That file is too large.",
        remedy: "Crop or shrink it and try again.".to_owned(),
    },
    too_many_pixels: || ProblemText {
        happened: "That picture has too many pixels.",
        remedy: "Shrink it and try again.".to_owned(),
    },
    limited: |seconds| ProblemText {
        happened: "You have asked many times in a row.",
        remedy: wait(seconds),
    },
    overloaded: |seconds| ProblemText {
        happened: "The server is busy.",
        remedy: wait(seconds),
    },
    sign_in: || ProblemText {
        happened: "The server only answers those who have an account.",
        remedy: "Sign in or create one; when you are back, your drawing is still here.".to_owned(),
    },
    register_link: "Create account",
    unconfirmed: || ProblemText {
        happened: "Before you ask more, confirm your address.",
        remedy: "Open the link we sent you, or ask for another in your account.".to_owned(),
    },
    server_failed: || ProblemText {
        happened: "The server has failed.",
        remedy: "Your drawing is still here: ask again in a moment.".to_owned(),
    },

    lost_title: "This page doesn't exist",
    lost: "The address is misspelt, or the page is gone.",
    lost_way: "Go and draw",
};

fn wait(seconds: Option<u32>) -> String {
    match seconds {
        Some(0 | 1) => "Ask again in a second.".to_owned(),
        Some(seconds @ ..120) => format!("Ask again in {seconds} seconds."),
        Some(seconds @ ..7200) => format!("Ask again in {} minutes.", seconds.div_ceil(60)),
        Some(seconds) => format!("Ask again in {} hours.", seconds.div_ceil(3600)),
        None => "Ask again in a moment.".to_owned(),
    }
}
