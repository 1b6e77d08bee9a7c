//! Times as the visitor's language and time zone write them: the browser knows both.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::i18n::Locale;

/// A time in RFC 3339 as day and minute; as it came where the browser can't read it.
pub fn date_and_time(time: &str, locale: Locale) -> String {
    written(time, locale, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// A time in RFC 3339 as its day.
pub fn date(time: &str, locale: Locale) -> String {
    written(time, locale, &[("dateStyle", "medium")])
}

/// This moment in RFC 3339, by the visitor's clock.
pub fn now() -> String {
    Date::new_0().to_iso_string().into()
}

fn written(time: &str, locale: Locale, styles: &[(&str, &str)]) -> String {
    let date = Date::new(&JsValue::from_str(time));
    if date.get_time().is_nan() {
        return time.to_owned();
    }
    let options = Object::new();
    for (name, style) in styles {
        // Setting a property of a fresh object doesn't fail.
        Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(style)).ok();
    }
    date.to_locale_string(locale.tag(), &options).into()
}
