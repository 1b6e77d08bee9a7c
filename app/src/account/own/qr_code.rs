//! A text as a QR code.

use std::fmt::Write;

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

use crate::{i18n::Text, sync_view::IntoSyncAny};

/// The light margin that readers need, in modules (ISO/IEC 18004).
const MARGIN: i32 = 4;

/// The code, dark on light in both themes: not every app reads the inverse. Nothing where the text is too long for one.
pub fn qr_code(text: &str, label: Text) -> AnyView {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else {
        return ().into_sync_any();
    };
    let side = code.size() + 2 * MARGIN;
    view! {
        <svg width="200" height="200" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label>
            <rect width=side height=side fill="#fff" />
            <path fill="#000" shape-rendering="crispEdges" d=dark_modules(&code) />
        </svg>
    }
    .into_sync_any()
}

/// The dark modules as an SVG path, each a square.
fn dark_modules(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing to a string doesn't fail.
            write!(path, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN).ok();
        }
    }
    path
}
