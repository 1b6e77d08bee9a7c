//! The drawing page.
//!
//! `drawing/` is the drawing as data, without a browser; `state` is what the page's parts share; the rest is the page's
//! parts and what they ask of the browser.

pub mod actions;
pub mod announcer;
pub mod bars;
pub mod canvas;
pub mod certainty;
pub mod comparison;
pub mod drawing;
pub mod file_error;
pub mod file_input;
pub mod help;
pub mod hint;
pub mod image_file;
pub mod live_inference;
pub mod model;
pub mod model_input;
pub mod page;
pub mod persistence;
pub mod pointer;
pub mod prediction;
pub mod rendering;
pub mod request_prediction;
pub mod state;
pub mod tools;
