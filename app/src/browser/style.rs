//! Styles of parts that are loaded when they are used. The content security policy allows no style elements; it does allow
//! style sheets that are made by scripts.

use std::cell::RefCell;

use js_sys::{Array, Function, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};

/// Apply a style sheet, unless it is applied already. Does nothing in browsers that can't make one.
pub fn adopt(css: &'static str) {
    thread_local! {
        static ADOPTED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }
    let is_new = ADOPTED.with_borrow(|adopted| !adopted.contains(&css));
    if is_new && make(css).is_some() {
        ADOPTED.with_borrow_mut(|adopted| adopted.push(css));
    }
}

fn make(css: &str) -> Option<()> {
    let constructor: Function = Reflect::get(&window(), &"CSSStyleSheet".into()).ok()?.dyn_into().ok()?;
    let sheet = Reflect::construct(&constructor, &Array::new()).ok()?;
    let replace: Function = Reflect::get(&sheet, &"replaceSync".into()).ok()?.dyn_into().ok()?;
    replace.call1(&sheet, &JsValue::from_str(css)).ok()?;
    let sheets = Reflect::get(&document(), &"adoptedStyleSheets".into()).ok()?;
    // An array that isn't made of this document's own `Array`.
    sheets.unchecked_into::<Array>().push(&sheet);
    Some(())
}
