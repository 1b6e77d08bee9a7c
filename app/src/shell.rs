//! The HTML document around the interface, rendered on the server only.

use std::sync::LazyLock;

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};
use leptos_router::location::RequestUrl;

use crate::{
    App, FormAnswer, PlainUpload,
    account::texts::OwnTexts,
    browser::document::APP_ID,
    i18n::{Language, Locale, TextTable},
    load_notices::LoadNotices,
    offline,
    session::{self, Session},
    site,
};
use api::{Done, LiveModel, Me};

/// Marks the document as failed when the WASM can't be loaded or stops, and lets the browser follow its links then. Asks
/// who is signed in when the page is restored from the back-forward cache. It isn't part of the WASM, on which it must
/// not depend.
static LOAD_GUARD: LazyLock<String> = LazyLock::new(|| offline::without_comments(include_str!("load-guard.js")));

/// The whole document. The server provides the signed-in user and the language of the request as contexts of the types
/// `Option<Me>` and [`Locale`], what it answers to a plain form, and a [`LiveModel`] if it isn't the page's own.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let locale = use_context::<Locale>().unwrap_or_default();
    Language::provide(locale);
    let me = use_context::<Option<Me>>().flatten();
    let block = me.as_ref().and_then(as_json);
    let is_deleted = me.is_none() && is_after_deletion();
    Session::provide(me);
    let (model, integrity) = use_context::<LiveModel>()
        .map(|live| (live.version, live.integrity))
        .unzip();
    let root = site::build(&options)
        .map(|build| format!("/{build}"))
        .unwrap_or_default();
    let is_answer =
        use_context::<FormAnswer>().is_some() || use_context::<PlainUpload>().is_some_and(|upload| upload.is_answer);
    // The WASM doesn't know the answer to a plain form, so that page stays as the server rendered it.
    let scripts = (!is_answer).then(|| {
        view! {
            <HydrationScripts options=options.clone() root=root.clone() />
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag() data-model=model data-model-integrity=integrity>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                {scripts}
                <HashedStylesheet options=options.clone() root id="style" />
                // iOS makes links of what it takes for a telephone number or a date, within the views that are hydrated.
                <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#faf8f4" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14161a" />
                <meta name="description" content=description(locale) />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href=manifest(locale) />
                {block.map(|block| view! { <script id=session::ELEMENT_ID type="application/json" inner_html=block></script> })}
                {(!is_answer).then(|| view! { <script nonce=use_nonce()>{LOAD_GUARD.as_str()}</script> })}
                <AutoReload options />
                <MetaTags />
            </head>
            <body>
                // After the deletion of an account. Here, because the drawing page's first load has no text of it.
                {is_deleted.then(|| view! {
                    <div class="top" role="status">
                        <p class="state good">{OwnTexts::of(locale).deleted}</p>
                    </div>
                })}
                <div id=APP_ID data-locale=locale.tag()>
                    <App />
                </div>
                // After the link that skips the header, which has to be the first of the document. Shown above.
                <LoadNotices locale />
            </body>
        </html>
    }
}

/// Whether the address says that the visitor's account was deleted.
fn is_after_deletion() -> bool {
    let url = use_context::<RequestUrl>().and_then(|url| url.parse().ok());
    let tag = url.and_then(|url| url.search_params().get(Done::PARAMETER));
    tag.and_then(|tag| Done::from_tag(&tag)) == Some(Done::Deleted)
}

/// The text for search engines. It is only needed here, so it isn't in the texts that the page loads.
fn description(locale: Locale) -> &'static str {
    match locale {
        Locale::Es => "Dibuja un dígito con el dedo, el lápiz o el ratón: Trazo lo lee mientras lo trazas.",
        Locale::En => "Draw a digit with finger, pen or mouse: Trazo reads it while you draw.",
    }
}

/// The web app manifest in one language.
fn manifest(locale: Locale) -> &'static str {
    match locale {
        Locale::Es => "/manifest.webmanifest",
        Locale::En => "/manifest.en.webmanifest",
    }
}

/// The user as JSON, without `<`, so that no value can close the script element.
fn as_json(me: &Me) -> Option<String> {
    serde_json::to_string(me).ok().map(|json| json.replace('<', "\\u003c"))
}
