//! The pen's widths.

/// A pen width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pen {
    Thin,
    /// Close to the strokes in MNIST.
    #[default]
    Medium,
    Thick,
}

impl Pen {
    /// All widths, from thin to thick.
    pub const ALL: [Self; 3] = [Self::Thin, Self::Medium, Self::Thick];

    /// The width in page units.
    pub fn width(self) -> f32 {
        match self {
            Self::Thin => 9.0,
            Self::Medium => 17.0,
            Self::Thick => 27.0,
        }
    }

    /// The value of its radio button.
    pub fn name(self) -> &'static str {
        match self {
            Self::Thin => "thin",
            Self::Medium => "medium",
            Self::Thick => "thick",
        }
    }
}
