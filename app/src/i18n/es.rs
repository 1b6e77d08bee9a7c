//! Spanish.

use super::{ProblemText, Texts};
use crate::draw::certainty::Certainty;

pub(super) static ES: Texts = Texts {
    title: "Trazo: dibuja un dígito y lo lee",
    description: "Dibuja un dígito con el dedo, el lápiz o el ratón: Trazo lo lee mientras lo trazas.",
    heading: "Dibuja un dígito y Trazo lo lee",
    skip: "Saltar al contenido",
    home: "Trazo, página de inicio",
    nav: "Tú y tu idioma",
    sign_in_link: "Entrar",
    account_link: "Mi cuenta",
    users_link: "Usuarios",
    status_link: "Estado",
    sign_out: "Cerrar sesión",
    sign_out_failed: "No hay conexión: la sesión sigue abierta.",
    footer: "Trazo lee dígitos escritos a mano. Lo que dibujas se queda en tu navegador hasta que preguntas al servidor.",
    no_script: "Para dibujar aquí hace falta JavaScript. Actívalo y vuelve a cargar la página.",
    load_failed: "El lector no se ha podido cargar. Comprueba tu conexión y vuelve a cargar la página; si sigue igual, \
                  actualiza tu navegador.",
    reload: "Volver a cargar",

    canvas: "Lienzo para dibujar un dígito",
    hint: "Dibuja aquí un dígito del 0 al 9",
    drop_here: "Suelta la imagen",
    pen_width: "Grosor",
    thin: "Fino",
    medium: "Medio",
    thick: "Grueso",
    undo: "Deshacer",
    clear: "Borrar",
    upload: "Subir imagen",
    ask: "Preguntar al servidor",
    asking: "Preguntando…",
    dismiss: "Cerrar el aviso",
    help_title: "Dibujar con el teclado",
    help: &[
        ("Flechas", "mueven el lápiz; con Mayús, más despacio"),
        ("Inicio, Fin, Re Pág, Av Pág", "lo mueven en diagonal"),
        ("Espacio o Intro", "lo bajan y lo levantan"),
        ("Retroceso", "deshace el último trazo"),
        ("Esc", "borra todo"),
    ],
    help_files: "También puedes pegar una imagen con Ctrl+V o soltarla en la página.",
    pen_down: "Lápiz abajo",
    pen_up: "Lápiz arriba",
    cleared: "Lienzo borrado",
    undone: "Último trazo deshecho",
    showing: |name| format!("Imagen en el lienzo: {name}. Borra para volver a dibujar."),

    answer: "Lo que leo",
    loading: "Cargando el lector…",
    waiting: "Aquí verás lo que leo",
    blank: "En blanco",
    blank_help: "No veo ningún trazo.",
    bars: "Probabilidad de cada dígito",
    certainty: |certainty| match certainty {
        Certainty::Sure => "seguro",
        Certainty::Likely => "parece",
        Certainty::Doubtful => "dudo",
    },
    or_maybe: |digit, percent| format!("o quizá un {digit}: {percent}"),
    no_second: "sin segunda opción",
    read_aloud: |digit, certainty, percent| format!("Leo un {digit}: {certainty}, {percent}"),
    seen: "Lo que ve la red",
    seen_help: "Tu dígito, centrado y reducido a 28 × 28 puntos.",
    seen_alt: "El dígito reducido a 28 por 28 puntos",
    read_in: "Lectura",
    model: "Modelo",

    comparison: "Las dos lecturas",
    here: "Tu navegador",
    server: "El servidor",
    not_asked: "Pregúntale para comparar.",
    time: "Tiempo",
    here_time: "sin red",
    server_time: "ida y vuelta",
    cached: "de memoria",
    fresh: "recién leído",
    earlier: "de un dibujo anterior",
    server_blank: "El servidor no ve ningún trazo; su respuesta no significa nada.",
    agree: "Coinciden.",
    differ: "No coinciden.",
    server_aloud: |digit, percent| format!("El servidor lee un {digit}: {percent}"),

    offline: || ProblemText {
        happened: "No hay conexión con el servidor.",
        remedy: "Tu dibujo sigue aquí: revisa la red y pregunta otra vez.".to_owned(),
    },
    timed_out: || ProblemText {
        happened: "El servidor tarda demasiado.",
        remedy: "Tu dibujo sigue aquí: pregunta otra vez dentro de un momento.".to_owned(),
    },
    no_picture: || ProblemText {
        happened: "Ese archivo no es una imagen.",
        remedy: "Elige un PNG, un JPG o un GIF.".to_owned(),
    },
    unreadable: || ProblemText {
        happened: "Esa imagen no se puede leer: está dañada o incompleta.",
        remedy: "Prueba con otra, o guárdala de nuevo como PNG.".to_owned(),
    },
    file_type: || ProblemText {
        happened: "El servidor no admite ese tipo de archivo.",
        remedy: "Elige un PNG, un JPG o un GIF.".to_owned(),
    },
    too_large: || ProblemText {
        happened: "Ese archivo es demasiado grande.",
        remedy: "Recórtalo o redúcelo e inténtalo otra vez.".to_owned(),
    },
    too_many_pixels: || ProblemText {
        happened: "Esa imagen tiene demasiados píxeles.",
        remedy: "Redúcela e inténtalo otra vez.".to_owned(),
    },
    limited: |seconds| ProblemText {
        happened: "Has preguntado muchas veces seguidas.",
        remedy: wait(seconds),
    },
    overloaded: |seconds| ProblemText {
        happened: "El servidor está ocupado.",
        remedy: wait(seconds),
    },
    sign_in: || ProblemText {
        happened: "El servidor solo contesta a quien tiene cuenta.",
        remedy: "Entra o crea una; lo que has dibujado sigue aquí cuando vuelvas.".to_owned(),
    },
    register_link: "Crear cuenta",
    unconfirmed: || ProblemText {
        happened: "Antes de preguntar más, confirma tu correo.",
        remedy: "Abre el enlace que te enviamos, o pide otro en tu cuenta.".to_owned(),
    },
    server_failed: || ProblemText {
        happened: "El servidor ha fallado.",
        remedy: "Tu dibujo sigue aquí: pregunta otra vez dentro de un momento.".to_owned(),
    },

    lost_title: "Esta página no existe",
    lost: "La dirección está mal escrita o la página ya no está.",
    lost_way: "Ir a dibujar",
};

fn wait(seconds: Option<u32>) -> String {
    match seconds {
        Some(0 | 1) => "Pregunta otra vez dentro de un segundo.".to_owned(),
        Some(seconds @ ..120) => format!("Pregunta otra vez dentro de {seconds} segundos."),
        Some(seconds @ ..7200) => format!("Pregunta otra vez dentro de {} minutos.", seconds.div_ceil(60)),
        Some(seconds) => format!("Pregunta otra vez dentro de {} horas.", seconds.div_ceil(3600)),
        None => "Pregunta otra vez dentro de un momento.".to_owned(),
    }
}
