//! The texts of the parts that several features use.

mod frame;
mod shared;

pub use frame::FrameTexts;
pub use shared::SharedTexts;
