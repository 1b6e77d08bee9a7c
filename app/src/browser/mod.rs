//! Access to the browser that is not specific to one page.
//!
//! It compiles for the server as well, so that components need no `cfg`. It never runs there: effects and event handlers
//! don't run on the server.

pub mod canvas;
pub mod clipboard;
pub mod clock;
pub mod dates;
pub mod document;
pub mod element;
pub mod fetch;
pub mod file;
pub mod frame;
pub mod navigation;
pub mod sleep;
pub mod storage;
pub mod style;
