//! The user interface, rendered on the server and hydrated in WASM, and the types on the wire.

pub mod wire;

use leptos::prelude::*;

/// The whole interface.
#[component]
pub fn App() -> impl IntoView {
    view! { <main>"Trazo"</main> }
}
