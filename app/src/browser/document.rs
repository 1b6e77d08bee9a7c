//! The document around the interface: its language, its state, its canvases.

use leptos::prelude::{Effect, document, window};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlDocument, HtmlElement};

use crate::{
    i18n::{LOCALE_COOKIE, Locale},
    session,
};
use api::Me;

/// A year, in seconds.
const YEAR: u32 = 31_536_000;

fn root() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// The language that the server rendered in.
pub fn locale() -> Locale {
    root()
        .and_then(|html| Locale::from_tag(&html.lang()))
        .unwrap_or_default()
}

/// Say which language the document is in from now on, and remember it for the next visit.
pub fn remember_locale(locale: Locale) {
    if let Some(html) = root() {
        html.set_lang(locale.tag());
    }
    let cookie = format!("{LOCALE_COOKIE}={}; Path=/; Max-Age={YEAR}; SameSite=Lax", locale.tag());
    // With cookies refused the choice lasts as long as the page.
    document().unchecked_into::<HtmlDocument>().set_cookie(&cookie).ok();
}

/// Mark the document as ready: hydrated, and the network loaded.
pub fn say_ready() {
    if let Some(html) = root() {
        html.dataset().set("hydrated", "true").ok();
        // Whatever failed on the way has not mattered.
        html.dataset().delete("failed");
    }
}

/// Mark the document as ready once the page that calls this is shown: it needs no network.
pub fn ready_when_shown() {
    Effect::new(|_| say_ready());
}

/// Who has signed in, as the server told the document.
pub fn me() -> Option<Me> {
    let block = document().get_element_by_id(session::BLOCK)?;
    serde_json::from_str(&block.text_content()?).ok()
}

/// A canvas that is nowhere in the document.
pub fn new_canvas(width: f64, height: f64) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    resize(&canvas, width, height);
    Some(canvas)
}

/// Give a canvas that many pixels; it is blank after. Sides beyond a screen's are never asked for.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits just before"
)]
pub fn resize(canvas: &HtmlCanvasElement, width: f64, height: f64) {
    let [width, height] = [width, height].map(|side| side.round().clamp(1.0, 8192.0) as u32);
    canvas.set_width(width);
    canvas.set_height(height);
}

/// What to paint with.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// What the style sheet gives `element` for `property` (`color`, `--accent` …), for painting in the theme's colours.
pub fn colour(element: &HtmlElement, property: &str) -> String {
    window()
        .get_computed_style(element)
        .ok()
        .flatten()
        .and_then(|style| style.get_property_value(property).ok())
        .unwrap_or_default()
}

/// Run `work` whenever the visitor's system changes between light and dark; the answer stops that.
pub fn on_theme_change(work: impl Fn() + 'static) -> impl FnOnce() + Send + Sync + 'static {
    let callback = Closure::<dyn Fn()>::new(work);
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if let Some(query) = &query {
        query
            .add_event_listener_with_callback("change", callback.as_ref().unchecked_ref())
            .ok();
    }
    let listening = SendWrapper::new((query, callback));
    move || {
        let (query, callback) = &*listening;
        if let Some(query) = query {
            query
                .remove_event_listener_with_callback("change", callback.as_ref().unchecked_ref())
                .ok();
        }
    }
}
