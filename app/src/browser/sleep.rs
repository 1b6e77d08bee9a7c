//! A timer as a future.

use std::time::Duration;

use js_sys::Promise;
use leptos::prelude::set_timeout;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Wait for `seconds`.
pub async fn sleep(seconds: f64) {
    let timer = Promise::new(&mut |resolve, _| {
        let callback = move || {
            // `resolve` doesn't throw.
            resolve.call0(&JsValue::UNDEFINED).ok();
        };
        set_timeout(callback, Duration::from_secs_f64(seconds));
    });
    // The promise is never rejected.
    JsFuture::from(timer).await.ok();
}
