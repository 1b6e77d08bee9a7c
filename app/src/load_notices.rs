//! What the page says when its code doesn't run. Rendered on the server only, outside of what is hydrated: it must not
//! depend on what has failed, and it isn't part of the code that is loaded.

use leptos::prelude::*;
use leptos_router::location::RequestUrl;

use crate::i18n::Locale;

struct NoticeTexts {
    /// `load-guard.js` has found a failure of any other kind than the next.
    incomplete: &'static str,
    /// The browser can't run the code, or has been told not to.
    unsupported: &'static str,
    reload: &'static str,
    /// Without JavaScript, on the drawing page.
    cannot_draw: &'static str,
    /// Without JavaScript, on other pages with parts that need it.
    no_script: &'static str,
}

const ES: NoticeTexts = NoticeTexts {
    incomplete: "Esta página no se ha cargado del todo: sus enlaces funcionan; el resto, quizá no. Comprueba tu conexión \
                 y vuelve a cargarla. Si sigue igual, prueba sin el traductor y sin las extensiones del navegador.",
    unsupported: "Tu navegador no puede con esta página: es antiguo o tiene desactivado WebAssembly. Los enlaces \
                  funcionan; para lo demás, actualízalo o usa otro.",
    reload: "Volver a cargar",
    cannot_draw: "Para dibujar aquí hace falta JavaScript. Actívalo y vuelve a cargar la página.",
    no_script: "Sin JavaScript, parte de esta página no funciona. Actívalo y vuelve a cargarla.",
};

const EN: NoticeTexts = NoticeTexts {
    incomplete: "This page hasn’t loaded completely: its links work, other parts may not. Check your connection and \
                 reload it. If nothing changes, try without the browser’s translator and extensions.",
    unsupported: "Your browser can’t run this page: it is too old, or WebAssembly is turned off. Links work; for the \
                  rest, update it or use another one.",
    reload: "Reload",
    cannot_draw: "Drawing here needs JavaScript. Turn it on and reload the page.",
    no_script: "Without JavaScript, part of this page doesn’t work. Turn it on and reload the page.",
};

/// Hidden by the style sheet until `load-guard.js` marks the document as failed, and a notice for browsers without
/// JavaScript.
#[component]
pub fn LoadNotices(locale: Locale) -> impl IntoView {
    let texts = match locale {
        Locale::Es => ES,
        Locale::En => EN,
    };
    let url = use_context::<RequestUrl>().and_then(|url| url.parse().ok());
    // The forms of all other pages work without it.
    let no_script = url.and_then(|url| match url.path() {
        "/" => Some(texts.cannot_draw),
        path if path == "/account" || path.starts_with("/admin/") => Some(texts.no_script),
        _ => None,
    });
    view! {
        <div class="load-failed" role="alert">
            <p class="incomplete">{texts.incomplete}</p>
            <p class="unsupported">{texts.unsupported}</p>
            <a class="button" href="" rel="external">
                {texts.reload}
            </a>
        </div>
        {no_script
            .map(|text| {
                view! {
                    <noscript>
                        <p class="no-script">{text}</p>
                    </noscript>
                }
            })}
    }
}
