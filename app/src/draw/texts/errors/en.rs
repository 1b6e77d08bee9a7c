//! English.

use super::ErrorTexts;
use crate::{
    draw::texts::en::OFFLINE,
    i18n::{Locale, ProblemText, RequestProblems, delay},
};

pub(super) static EN: ErrorTexts = ErrorTexts {
    no_picture: ProblemText::new("That file is not a picture.", "Choose a PNG, JPG or GIF."),
    unreadable: ProblemText::new(
        "That picture can't be read: it is damaged or incomplete.",
        "Try another, or save it again as PNG.",
    ),
    other_format: "That file can't be opened here.",
    convert: |name| format!("It is a {name} file: save it as PNG or JPG, or take a screenshot, and upload it again."),
    choose_image: |name| format!("It is a {name} file: choose a PNG, JPG or GIF."),
    text_file: "text",
    link: ProblemText::new(
        "That link comes without the picture.",
        "Save the picture and upload it, or copy it and paste it here with Ctrl+V.",
    ),
    file_type: ProblemText::new(
        "The server doesn't accept that type of file.",
        "Choose a PNG, JPG or GIF.",
    ),
    too_large: ProblemText::new("That file is too large.", "Crop or shrink it and try again."),
    too_many_pixels: ProblemText::new("That picture has too many pixels.", "Shrink it and try again."),
    sign_in: ProblemText::new(
        "The server only answers those who have an account.",
        "Sign in or create one; your drawing will still be here when you come back.",
    ),
    session_ended: ProblemText::new(
        "Your session has ended.",
        "Sign in again; what you have drawn is still here.",
    ),
    unconfirmed: ProblemText::new(
        "Confirm your address before you ask again.",
        "Open the link we sent you, or ask for another in your account.",
    ),
    request: RequestProblems {
        offline: OFFLINE,
        timed_out: ProblemText::new(
            "The server is taking too long.",
            "Your drawing is still here: ask again in a moment.",
        ),
        rate_limited: "You have asked many times in a row.",
        overloaded: "The server is busy.",
        retry: |seconds| format!("Ask again {}.", delay(seconds, Locale::En)),
        server_failed: ProblemText::new(
            "The server has failed.",
            "Your drawing is still here: ask again in a moment.",
        ),
    },
};
