//! Dates in the visitor's language and time zone, formatted by the browser's `Intl`.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::i18n::Locale;

/// An RFC 3339 time as date and minute. Text that the browser can't parse is returned unchanged.
pub fn date_and_time(time: &str, locale: Locale) -> String {
    format(time, locale, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// An RFC 3339 time as a date.
pub fn date(time: &str, locale: Locale) -> String {
    format(time, locale, &[("dateStyle", "medium")])
}

/// The time `seconds` from now: the hour and the minute, with the date unless it is today.
pub fn time_in(seconds: f64, locale: Locale) -> String {
    let time = Date::new(&JsValue::from_f64(Date::now() + 1000.0 * seconds));
    if time.get_date() == Date::new_0().get_date() {
        write(&time, locale, &[("timeStyle", "short")])
    } else {
        write(&time, locale, &[("dateStyle", "medium"), ("timeStyle", "short")])
    }
}

/// The current time in RFC 3339.
pub fn now() -> String {
    Date::new_0().to_iso_string().into()
}

fn format(time: &str, locale: Locale, styles: &[(&str, &str)]) -> String {
    let date = Date::new(&JsValue::from_str(time));
    if date.get_time().is_nan() {
        return time.to_owned();
    }
    write(&date, locale, styles)
}

fn write(date: &Date, locale: Locale, styles: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (name, style) in styles {
        // Setting a property of a new object doesn't fail.
        Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(style)).ok();
    }
    date.to_locale_string(locale.tag(), &options).into()
}
