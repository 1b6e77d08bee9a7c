//! Files: their bytes, and data URLs.

use js_sys::{Array, Promise, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FilePropertyBag, FileReader};

/// The first bytes of a file, at most `length`; none where it can't be read.
pub async fn head(file: &Blob, length: i32) -> Vec<u8> {
    let Ok(part) = file.slice_with_i32_and_i32(0, length) else {
        return Vec::new();
    };
    JsFuture::from(part.array_buffer())
        .await
        .map(|buffer| Uint8Array::new(&buffer).to_vec())
        .unwrap_or_default()
}

/// A file as a data URL.
pub async fn to_data_url(file: &Blob) -> Option<String> {
    let reader = FileReader::new().ok()?;
    let read = Promise::new(&mut |resolve, _| {
        reader.set_onloadend(Some(&resolve));
        // Where this throws, nothing else would resolve the promise.
        if reader.read_as_data_url(file).is_err() {
            resolve.call0(&JsValue::UNDEFINED).ok();
        }
    });
    JsFuture::from(read).await.ok()?;
    reader.result().ok()?.as_string()
}

/// The file in a data URL. `None` for any other text.
pub fn from_data_url(url: &str, name: &str) -> Option<File> {
    let (mime, base64) = url.strip_prefix("data:")?.split_once(";base64,")?;
    // A character for each byte.
    let bytes = window().atob(base64).ok()?;
    let bytes: Vec<u8> = bytes
        .chars()
        .map(|byte| u8::try_from(byte).unwrap_or_default())
        .collect();
    new(&bytes, name, mime)
}

/// A file of these bytes.
pub fn new(bytes: &[u8], name: &str, mime: &str) -> Option<File> {
    let options = FilePropertyBag::new();
    options.set_type(mime);
    let bytes = Array::of1(&Uint8Array::from(bytes));
    File::new_with_u8_array_sequence_and_options(&bytes, name, &options).ok()
}
