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
    session::{self, Session},
    site,
};
use api::Me;

/// Shows what went wrong when the page's program can't be loaded or stops.
const WATCH: &str = include_str!("load-guard.js");

/// The whole document, in the language that the request asks for, for the user that the server has provided as a
/// context of type `Option<Me>`.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let locale = requested_locale();
    Language::provide(locale);
    let texts = crate::i18n::texts(locale);
    let me = use_context::<Option<Me>>().flatten();
    let block = me.as_ref().and_then(as_json);
    Session::provide(me);
    let root = site::build(&options)
        .map(|build| format!("/{build}"))
        .unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <HydrationScripts options=options.clone() root=root.clone() />
                <HashedStylesheet options=options.clone() root id="style" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#faf8f4" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14161a" />
                <meta name="description" content=texts.description />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                {block.map(|block| view! { <script id=session::BLOCK type="application/json" inner_html=block></script> })}
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

/// What the browser is told of the user. No `<`, so that nothing in it ends the block.
fn as_json(me: &Me) -> Option<String> {
    serde_json::to_string(me).ok().map(|json| json.replace('<', "\\u003c"))
}

fn requested_locale() -> Locale {
    use_context::<Parts>().map_or_else(Locale::default, |parts| {
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        Locale::requested(text(COOKIE), text(ACCEPT_LANGUAGE))
    })
}
