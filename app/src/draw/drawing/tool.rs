//! What a pointer or the keyboard's pen does to the canvas.

use super::Pen;

/// A tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    Pen(Pen),
    /// Removes each line that it touches.
    Eraser,
}

impl Default for Tool {
    fn default() -> Self {
        Self::Pen(Pen::default())
    }
}

impl Tool {
    /// All tools, in the order in which they are shown.
    pub const ALL: [Self; 4] = [
        Self::Pen(Pen::Thin),
        Self::Pen(Pen::Medium),
        Self::Pen(Pen::Thick),
        Self::Eraser,
    ];

    /// The value of its radio button.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pen(Pen::Thin) => "thin",
            Self::Pen(Pen::Medium) => "medium",
            Self::Pen(Pen::Thick) => "thick",
            Self::Eraser => "eraser",
        }
    }
}
