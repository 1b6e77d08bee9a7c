//! The pen's three widths.

/// How wide the pen draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pen {
    /// A fine liner.
    Thin,
    /// A felt pen, near to what MNIST's writers used.
    #[default]
    Medium,
    /// A marker.
    Thick,
}

impl Pen {
    /// Every width, thin first.
    pub const ALL: [Self; 3] = [Self::Thin, Self::Medium, Self::Thick];

    /// Width in page units.
    pub fn width(self) -> f32 {
        match self {
            Self::Thin => 9.0,
            Self::Medium => 17.0,
            Self::Thick => 27.0,
        }
    }

    /// The radio button's value.
    pub fn name(self) -> &'static str {
        match self {
            Self::Thin => "thin",
            Self::Medium => "medium",
            Self::Thick => "thick",
        }
    }
}
