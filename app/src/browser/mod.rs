//! What only a browser can do, whatever the page: time, storage, navigation, the document.
//!
//! It compiles for the server too, where nothing calls it (effects and event handlers don't run there), so that no
//! component needs a gate.

pub mod clipboard;
pub mod clock;
pub mod dates;
pub mod document;
pub mod fetch;
pub mod frame;
pub mod navigation;
