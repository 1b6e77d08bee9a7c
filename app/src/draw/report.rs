//! Tells the page's script how a question to the server ended: it keeps what the server couldn't answer (`offline/page.js`).

use classifier::Notice;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::Blob;

use super::{
    description::{numeral, probability},
    state::LocalResult,
};
use crate::client::ClientError;

#[wasm_bindgen]
extern "C" {
    /// Defined by `load-guard.js`. Status 0: there was no answer.
    #[wasm_bindgen(catch)]
    fn asked(
        file: &Blob,
        name: &str,
        is_number: bool,
        status: u16,
        retry_after: Option<u32>,
        numeral: Option<String>,
        probability: Option<f32>,
    ) -> Result<(), JsValue>;
}

/// The server was asked to read this file, of which the page has its own result, and hasn't because of `error`.
pub fn report(file: &Blob, name: &str, local: Option<&LocalResult>, error: Option<&ClientError>) {
    let (status, retry_after) = match error {
        None => (200, None),
        Some(ClientError::Offline | ClientError::TimedOut) => (0, None),
        Some(&ClientError::Rejected {
            status, retry_after, ..
        }) => (status, retry_after),
    };
    let numeral = local.and_then(|local| numeral(&local.reading));
    let probability = local.map(|local| probability(&local.reading));
    let is_number = is_number(local);
    // Without the script nothing is kept.
    asked(file, name, is_number, status, retry_after, numeral, probability).ok();
}

/// Whether the server is asked for a number: several digits are.
pub fn is_number(local: Option<&LocalResult>) -> bool {
    local.is_some_and(|local| local.reading.notice == Some(Notice::SeveralDigits))
}
