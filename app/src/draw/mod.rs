//! The drawing page.
//!
//! `drawing/` is the drawing as data, without the browser. `state` is what the components share. Components are named after
//! what they show; the other modules are what the page needs of the browser.

mod actions;
mod announcer;
mod ask;
mod bars;
mod canvas;
pub mod certainty;
mod comparison;
mod copy_as;
mod correction;
mod description;
mod drawing;
mod explain;
mod file_error;
mod file_input;
mod follow;
mod grid;
mod help;
mod hint;
mod image_file;
mod live_inference;
mod model;
mod model_input;
pub mod page;
mod persistence;
pub mod plain_upload;
mod pointer;
mod prediction;
mod quota;
mod reduce;
mod rendering;
mod report;
mod request_prediction;
pub mod state;
pub mod texts;
mod tools;
