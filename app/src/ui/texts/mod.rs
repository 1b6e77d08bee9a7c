//! The texts of the parts that several features use.

mod correction;
mod frame;
mod shared;

pub use correction::CorrectionTexts;
pub use frame::FrameTexts;
pub use shared::SharedTexts;
