//! Spanish.

use super::DrawTexts;
use crate::{draw::certainty::Certainty, i18n::ProblemText};

/// A request without a network. It is in the errors' table, too.
pub(super) const OFFLINE: ProblemText = ProblemText::new(
    "No hay conexión con el servidor.",
    "Tu dibujo sigue aquí: revisa la red y pregunta otra vez.",
);

pub(super) static ES: DrawTexts = DrawTexts {
    title: "Trazo: dibuja un dígito y lo lee",
    heading: "Dibuja un dígito y Trazo lo lee",

    // The canvas and its tools.
    canvas: "Lienzo para dibujar un dígito",
    hint: "Dibuja aquí un dígito del 0 al 9",
    drop_here: "Suelta la imagen",
    tools: "Lápiz y goma",
    thin: "Fino",
    medium: "Medio",
    thick: "Grueso",
    eraser: "Goma",
    undo: "Deshacer",
    redo: "Rehacer",
    clear: "Borrar",
    upload: "Subir imagen",
    copy_as: "Copiar como código",
    ask: "Preguntar al servidor",
    asking: "Preguntando…",
    dismiss: "Cerrar el aviso",
    grid: "Dibujar en una cuadrícula",
    help_title: "Dibujar con el teclado",
    help: &[
        ("Flechas", "mueven el lápiz; con Mayús, más despacio"),
        ("Inicio, Fin, Re Pág, Av Pág", "lo mueven en diagonal"),
        (
            "Espacio o Intro",
            "lo bajan y lo levantan; con la goma, borran el trazo que toca",
        ),
        ("Retroceso", "deshace el último trazo"),
        ("Ctrl+Z, Ctrl+Y", "deshacen y rehacen"),
        ("Esc", "borra todo"),
    ],
    help_files: "También puedes pegar una imagen con Ctrl+V o soltarla en la página.",
    pen_down: "Lápiz abajo",
    pen_up: "Lápiz arriba",
    cleared: "Lienzo borrado",
    undone: "Último trazo deshecho",
    redone: "Rehecho",
    erased: "Trazo borrado",
    nothing_erased: "Aquí no hay ningún trazo",
    showing: |name| format!("Imagen en el lienzo: {name}. Borra para volver a dibujar."),

    // The prediction in the browser.
    prediction: "Lo que leo",
    loading: "Cargando el lector…",
    waiting: "Aquí verás lo que leo",
    blank: "En blanco",
    blank_help: "No veo ningún trazo.",
    altered: "aquí no puedo leerla",
    altered_help: "Tu navegador altera las imágenes que leo: se lo pregunto al servidor.",
    not_a_digit: "no parece un dígito",
    not_a_digit_help: "Dibuja uno solo, del 0 al 9, con trazo claro.",
    several: |digits| match digits {
        [] | [_] => "veo más de un dígito".to_owned(),
        [first, second] => format!("veo dos dígitos: {first} y {second}"),
        digits => format!("veo {} dígitos", digits.len()),
    },
    several_help: "Borra si querías solo uno.",
    doubt: |digit, other| format!("no estoy seguro: {digit} o {other}"),
    doubt_help: "Dibújalo más grande y claro.",
    bars: "Probabilidad de cada dígito",
    certainty: |certainty| match certainty {
        Certainty::Sure => "seguro",
        Certainty::Likely => "parece",
        Certainty::Doubtful => "no estoy seguro",
    },
    or_maybe: |digit, percent| format!("o quizá un {digit}: {percent}"),
    no_second: "sin segunda opción",
    prediction_aloud: |digit, certainty, percent| format!("Leo un {digit}: {certainty}, {percent}"),
    model_input: "Lo que ve la red",
    model_input_help: "Tu dígito, centrado y reducido a 28 × 28 puntos.",
    model_input_alt: "El dígito reducido a 28 por 28 puntos",
    inference_time: "Lectura",
    model: "Modelo",
    explain: "Cómo lo lee",
    explain_failed: "No hay conexión con el servidor. Revisa la red y ábrelo otra vez.",

    // The comparison with the server.
    comparison: "Las dos lecturas",
    here: "Tu navegador",
    server: "El servidor",
    not_asked: "Pregúntale para comparar.",
    here_time: "sin red",
    cached: "de memoria",
    fresh: "recién leído",
    stale: "de un dibujo anterior",
    sending: |percent| format!("Enviando: {percent}"),
    server_blank: "El servidor no ve ningún trazo; su respuesta no significa nada.",
    server_not_a_digit: "Al servidor no le parece un dígito.",
    server_several: "El servidor ve varios dígitos.",
    agree: "Coinciden.",
    differ: "No coinciden.",
    outdated: "No coinciden: esta página es de otra versión que el servidor. Recárgala.",
    server_aloud: |numeral, percent| format!("El servidor lee {numeral}: {percent}"),

    // Without a network.
    offline: OFFLINE,
    image_offline: ProblemText::new(
        "No hay conexión con el servidor.",
        "Revisa la red e inténtalo otra vez.",
    ),
};
