//! Requests and answers as they travel, shared by the server and the page. No secrets, no storage derives.

mod error;
mod predict;

pub use error::{ErrorBody, ErrorCode};
pub use predict::{Notice, Prediction};
