//! The texts around every page: header, footer, and what is shown when no page can be.

use crate::i18n::TextTable;

/// The frame's texts in one language.
#[derive(Debug)]
pub struct FrameTexts {
    pub skip: &'static str,
    pub home: &'static str,
    pub nav: &'static str,
    pub sign_in_link: &'static str,
    pub register_link: &'static str,
    pub account_link: &'static str,
    pub users_link: &'static str,
    pub review_link: &'static str,
    pub models_link: &'static str,
    pub status_link: &'static str,
    pub sign_out: &'static str,
    pub sign_out_failed: &'static str,
    pub footer: &'static str,
    pub model_link: &'static str,
    pub load_failed: &'static str,
    pub not_found_title: &'static str,
    pub not_found: &'static str,
    pub not_found_link: &'static str,
}

impl TextTable for FrameTexts {
    const ES: &'static Self = &ES;
    const EN: &'static Self = &EN;
}

static ES: FrameTexts = FrameTexts {
    skip: "Saltar al contenido",
    home: "Trazo, página de inicio",
    nav: "Tú y tu idioma",
    sign_in_link: "Entrar",
    register_link: "Crear cuenta",
    account_link: "Mi cuenta",
    users_link: "Usuarios",
    review_link: "Correcciones",
    models_link: "Modelos",
    status_link: "Estado",
    sign_out: "Cerrar sesión",
    sign_out_failed: "No hay conexión: la sesión sigue abierta.",
    footer: "Trazo lee dígitos escritos a mano. Lo que dibujas se queda en tu navegador hasta que preguntas al servidor.",
    model_link: "El modelo y sus cifras",
    load_failed: "El lector no se ha podido cargar. Vuelve a cargar la página.",
    not_found_title: "Esta página no existe",
    not_found: "La dirección está mal escrita o la página ya no existe.",
    not_found_link: "Ir a dibujar",
};

static EN: FrameTexts = FrameTexts {
    skip: "Skip to the content",
    home: "Trazo, home page",
    nav: "You and your language",
    sign_in_link: "Sign in",
    register_link: "Create account",
    account_link: "My account",
    users_link: "Users",
    review_link: "Corrections",
    models_link: "Models",
    status_link: "Status",
    sign_out: "Sign out",
    sign_out_failed: "No connection: you are still signed in.",
    footer: "Trazo reads handwritten digits. What you draw stays in your browser until you ask the server.",
    model_link: "The model and its figures",
    load_failed: "The reader could not be loaded. Reload the page.",
    not_found_title: "This page doesn't exist",
    not_found: "The address is misspelt, or the page is gone.",
    not_found_link: "Start drawing",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<FrameTexts>();
    }
}
