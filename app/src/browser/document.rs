//! The document around the interface: its language, its state, and canvases.

use js_sys::{JSON, Reflect};
use leptos::prelude::{Effect, document, window};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    CanvasRenderingContext2d, ContextAttributes2d, CssStyleSheet, HtmlCanvasElement, HtmlDocument, HtmlElement,
};

use crate::{i18n::Locale, session};
use api::{LiveModel, Me, Role};

/// The id of the element that the interface is hydrated in. Its `data-locale` is the language that the server rendered in:
/// translators change the language of the document.
pub const APP_ID: &str = "app";

/// The largest side of a canvas, in pixels.
const MAX_CANVAS_SIDE: f64 = 8192.0;

fn root() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// The element that the interface is hydrated in.
pub fn app_root() -> Option<HtmlElement> {
    document().get_element_by_id(APP_ID)?.dyn_into().ok()
}

/// The language that the server rendered in.
pub fn locale() -> Locale {
    app_root()
        .and_then(|app| Locale::from_tag(&app.dataset().get("locale")?))
        .unwrap_or_default()
}

/// Set the document's language, and the cookie that selects it on the next visit.
pub fn remember_locale(locale: Locale) {
    if let Some(html) = root() {
        html.set_lang(locale.tag());
    }
    // Where cookies are denied, the choice is lost with the page.
    document()
        .unchecked_into::<HtmlDocument>()
        .set_cookie(&locale.cookie())
        .ok();
}

/// Mark the document as ready: hydrated and, on the drawing page, with the classifier loaded. Each page calls it when it is
/// shown.
pub fn mark_ready() {
    let Some(html) = root() else { return };
    let state = html.dataset();
    // Effects of a page that panicked while it was hydrated still run.
    if state.get("failed").as_deref() == Some("stopped") {
        return;
    }
    // A page that replaced another may have replaced what had the focus.
    if state.get("hydrated").is_some() {
        focus_heading();
    }
    state.set("hydrated", "true").ok();
    // An earlier failure (`load-guard.js`) did not prevent the page from working.
    state.delete("failed");
}

/// Focus the heading of the page, which is read out then.
pub fn focus_heading() {
    let heading = document().query_selector("main h1").ok().flatten();
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        // Only scripts focus it.
        heading.set_tab_index(-1);
        heading.focus().ok();
    }
}

/// Focus the element with this id, if there is one.
pub fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.focus().ok();
    }
}

/// Mark the document as ready once the calling component is mounted.
pub fn mark_ready_on_mount() {
    Effect::new(|_| mark_ready());
}

/// The signed-in user, as the server wrote it into the document. The browser parses it, so that the first load needs no
/// parser of JSON.
pub fn me() -> Option<Me> {
    let block = document().get_element_by_id(session::ELEMENT_ID)?;
    let me = JSON::parse(&block.text_content()?).ok()?;
    let field = |name: &str| Reflect::get(&me, &name.into()).ok();
    let text = |name| field(name)?.as_string();
    Some(Me {
        #[expect(clippy::cast_possible_truncation, reason = "ids count accounts")]
        id: field("id")?.as_f64()? as i64,
        username: text("username")?,
        email: text("email")?,
        role: if text("role")? == "admin" {
            Role::Admin
        } else {
            Role::User
        },
        email_confirmed: field("email_confirmed")?.as_bool()?,
        created_at: text("created_at")?,
    })
}

/// The model that the server answered with when it wrote the document, if it isn't the one that is part of the page. Once: it
/// may be another one later.
pub fn take_live_model() -> Option<LiveModel> {
    let state = root()?.dataset();
    let live = LiveModel {
        version: state.get("model")?,
        integrity: state.get("modelIntegrity")?,
    };
    state.delete("model");
    Some(live)
}

/// Whether the document is the one that the service worker keeps: it doesn't say who is signed in.
pub fn is_kept() -> bool {
    root().is_some_and(|html| html.dataset().get("shell").is_some())
}

/// A canvas that is not attached to the document.
pub fn new_canvas(width: f64, height: f64) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    resize_canvas(&canvas, width, height);
    Some(canvas)
}

/// Set a canvas's size in pixels, which also clears it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to u32's range just before"
)]
pub fn resize_canvas(canvas: &HtmlCanvasElement, width: f64, height: f64) {
    let [width, height] = [width, height].map(|side| side.round().clamp(1.0, MAX_CANVAS_SIDE) as u32);
    canvas.set_width(width);
    canvas.set_height(height);
}

/// The canvas's 2D drawing context.
pub fn context_2d(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// A context whose pixels are read back: the browser keeps them in memory that is quick to read.
pub fn readable_context_2d(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let options = ContextAttributes2d::new();
    options.set_will_read_frequently(true);
    canvas
        .get_context_with_context_options("2d", &options)
        .ok()??
        .dyn_into()
        .ok()
}

/// The computed value of a CSS property of `element` (`color`, `--accent`), to paint in the theme's colours.
pub fn css_value(element: &HtmlElement, property: &str) -> String {
    window()
        .get_computed_style(element)
        .ok()
        .flatten()
        .and_then(|style| style.get_property_value(property).ok())
        .unwrap_or_default()
}

/// Add a rule to the page's style sheet, before all others. The Content-Security-Policy forbids other styles.
pub fn add_style_rule(rule: &str) {
    let sheets = document().style_sheets();
    for sheet in (0..sheets.length()).filter_map(|index| sheets.get(index)) {
        // A style sheet of an extension may take none.
        if sheet.unchecked_into::<CssStyleSheet>().insert_rule(rule).is_ok() {
            return;
        }
    }
}

/// Run `callback` whenever the system changes between light and dark. The returned function removes the listener.
pub fn on_theme_change(callback: impl Fn() + 'static) -> impl FnOnce() + Send + Sync + 'static {
    let callback = Closure::<dyn Fn()>::new(callback);
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if let Some(query) = &query {
        query
            .add_event_listener_with_callback("change", callback.as_ref().unchecked_ref())
            .ok();
    }
    let listener = SendWrapper::new((query, callback));
    move || {
        let (query, callback) = &*listener;
        if let Some(query) = query {
            query
                .remove_event_listener_with_callback("change", callback.as_ref().unchecked_ref())
                .ok();
        }
    }
}
