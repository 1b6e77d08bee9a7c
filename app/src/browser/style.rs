//! Styles of parts that are loaded when they are used. The content security policy allows neither style elements nor
//! attributes; it allows scripts to add rules to a sheet of the site.

use std::cell::RefCell;

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{CssStyleSheet, HtmlLinkElement};

/// The id of the link to the page's sheet (`shell.rs`).
const SHEET_ID: &str = "style";

thread_local! {
    static ADDED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Add rules to the sheet of the page, before its own, unless it has them. They stay.
pub fn add_once(rules: &'static str) {
    ADDED.with_borrow_mut(|added| {
        if !added.contains(&rules) && add(rules).is_some() {
            added.push(rules);
        }
    });
}

/// `None` where the sheet isn't loaded.
pub fn add(rules: &str) -> Option<()> {
    let link: HtmlLinkElement = document().get_element_by_id(SHEET_ID)?.unchecked_into();
    let sheet: CssStyleSheet = link.sheet()?.unchecked_into();
    // The browser takes one rule at a time, which may contain others.
    sheet.insert_rule(&["@media all {", rules, "}"].concat()).ok()?;
    Some(())
}
