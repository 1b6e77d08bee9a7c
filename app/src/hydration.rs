//! Takes over the HTML that the server rendered.

use leptos::mount::hydrate_from_async;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement};

use crate::{App, browser::document};

/// What wraps a text after the server wrote it: translators use `font`, phones make links of telephone numbers.
const TEXT_WRAPPERS: &str = "font, a[href^='tel:'], a[x-apple-data-detectors]";

/// Hydrate the interface in its element. It isn't `body`, because extensions add elements of their own there.
pub fn hydrate() {
    spawn_local(async {
        if let Some(root) = document::app_root() {
            unwrap_texts(&root);
            hydrate_from_async(root, App).await.forget();
        }
    });
}

/// Put the texts back in place of what wraps them: hydration expects the nodes that the server wrote.
fn unwrap_texts(root: &HtmlElement) {
    let Ok(wrappers) = root.query_selector_all(TEXT_WRAPPERS) else {
        return;
    };
    for wrapper in (0..wrappers.length()).filter_map(|index| wrappers.get(index)) {
        let text = wrapper.text_content().unwrap_or_default();
        // Nothing happens to a wrapper within one that was replaced before.
        wrapper.unchecked_into::<Element>().replace_with_with_str_1(&text).ok();
    }
}
