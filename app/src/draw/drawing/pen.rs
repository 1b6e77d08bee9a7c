//! The pen's widths.

/// The pressure of a pointer that doesn't measure any.
pub const NO_PRESSURE: f32 = 0.5;

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
    /// The width in page units.
    pub fn width(self) -> f32 {
        match self {
            Self::Thin => 9.0,
            Self::Medium => 17.0,
            Self::Thick => 27.0,
        }
    }

    /// The width in page units under a pressure from 0 to 1: half of it to one and a half. A whole number, so that a
    /// line isn't cut into a stroke for each of its points.
    pub fn width_under(self, pressure: f32) -> f32 {
        (self.width() * (NO_PRESSURE + pressure.clamp(0.0, 1.0))).round()
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole numbers are exact")]
mod tests {
    use super::*;

    #[test]
    fn a_harder_press_is_wider_and_no_pressure_is_the_plain_width() {
        for pen in [Pen::Thin, Pen::Medium, Pen::Thick] {
            assert_eq!(pen.width_under(NO_PRESSURE), pen.width());
            assert!(pen.width_under(0.1) < pen.width() && pen.width() < pen.width_under(0.9));
            assert_eq!(pen.width_under(7.0), pen.width_under(1.0));
        }
    }
}
