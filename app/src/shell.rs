//! The HTML document around the interface: only the server writes it.

use http::{
    header::{ACCEPT_LANGUAGE, COOKIE},
    request::Parts,
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::{
    App,
    i18n::{Language, Locale},
};

/// Shows what went wrong when the page's program can't be loaded or stops.
const WATCH: &str = include_str!("watch.js");

/// The whole document, in the language that the request asks for.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let locale = requested_locale();
    Language::provide(locale);
    let texts = locale.texts();
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <HydrationScripts options=options.clone() />
                <HashedStylesheet options=options.clone() id="style" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#faf8f4" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14161a" />
                <meta name="description" content=texts.description />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <script nonce=use_nonce()>{WATCH}</script>
                <AutoReload options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

fn requested_locale() -> Locale {
    use_context::<Parts>().map_or_else(Locale::default, |parts| {
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        Locale::requested(text(COOKIE), text(ACCEPT_LANGUAGE))
    })
}
