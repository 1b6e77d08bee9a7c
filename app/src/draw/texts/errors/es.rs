//! Spanish.

use super::ErrorTexts;
use crate::{
    draw::texts::es::OFFLINE,
    i18n::{Locale, ProblemText, RequestProblems, delay},
};

pub(super) static ES: ErrorTexts = ErrorTexts {
    no_picture: ProblemText::new("Ese archivo no es una imagen.", "Elige un PNG, un JPG o un GIF."),
    unreadable: ProblemText::new(
        "Esa imagen no se puede leer: está dañada o incompleta.",
        "Prueba con otra, o guárdala de nuevo como PNG.",
    ),
    other_format: "Ese archivo no se puede abrir aquí.",
    convert: |name| format!("Es un archivo {name}: guárdalo como PNG o JPG, o haz una captura, y súbelo otra vez."),
    choose_image: |name| format!("Es un archivo {name}: elige un PNG, un JPG o un GIF."),
    text_file: "de texto",
    link: ProblemText::new(
        "Ese enlace no trae la imagen.",
        "Guarda la imagen y súbela, o cópiala y pégala aquí con Ctrl+V.",
    ),
    file_type: ProblemText::new(
        "El servidor no admite ese tipo de archivo.",
        "Elige un PNG, un JPG o un GIF.",
    ),
    too_large: ProblemText::new(
        "Ese archivo es demasiado grande.",
        "Recórtalo o redúcelo e inténtalo otra vez.",
    ),
    too_many_pixels: ProblemText::new("Esa imagen tiene demasiados píxeles.", "Redúcela e inténtalo otra vez."),
    sign_in: ProblemText::new(
        "El servidor solo contesta a quien tiene cuenta.",
        "Entra o crea una; lo que has dibujado seguirá aquí cuando vuelvas.",
    ),
    session_ended: ProblemText::new(
        "Tu sesión se ha cerrado.",
        "Entra otra vez; lo que has dibujado sigue aquí.",
    ),
    unconfirmed: ProblemText::new(
        "Antes de preguntar más, confirma tu correo.",
        "Abre el enlace que te enviamos, o pide otro en tu cuenta.",
    ),
    request: RequestProblems {
        offline: OFFLINE,
        timed_out: ProblemText::new(
            "El servidor tarda demasiado.",
            "Tu dibujo sigue aquí: pregunta otra vez dentro de un momento.",
        ),
        rate_limited: "Has preguntado muchas veces seguidas.",
        overloaded: "El servidor está ocupado.",
        retry: |seconds| format!("Pregunta otra vez {}.", delay(seconds, Locale::Es)),
        server_failed: ProblemText::new(
            "El servidor ha fallado.",
            "Tu dibujo sigue aquí: pregunta otra vez dentro de un momento.",
        ),
    },
};
