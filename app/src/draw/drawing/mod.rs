//! The drawing as data: strokes on a page of 280 by 280 units, independent of the canvas's size. Nothing in here uses the
//! browser, so that all of it is tested natively.

mod contact;
mod keyboard;
mod pen;
mod serialize;
mod smooth;

pub use contact::Contact;
pub use keyboard::{KeyCommand, KeyboardPen, key_command};
pub use pen::Pen;
pub use smooth::smooth;

use classifier::preprocess::Stroke;

/// The side of the page, in the unit of stroke points and widths.
pub const PAGE: f32 = 280.0;

/// Points closer to the last one are dropped, in page units.
const MIN_STEP: f32 = 0.5;

/// The strokes, with what undo restores.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawing {
    strokes: Vec<Stroke>,
    /// The strokes that the last clear removed. Undo restores them once no newer stroke is left.
    cleared: Vec<Stroke>,
}

impl Drawing {
    /// The strokes, oldest first.
    pub fn strokes(&self) -> &[Stroke] {
        &self.strokes
    }

    /// Whether nothing is drawn.
    pub fn is_empty(&self) -> bool {
        self.strokes.is_empty()
    }

    /// Whether [`Drawing::undo`] would change anything.
    pub fn can_undo(&self) -> bool {
        !self.strokes.is_empty() || !self.cleared.is_empty()
    }

    /// Start a stroke with one point.
    pub fn begin(&mut self, point: [f32; 2], pen: Pen) {
        self.strokes.push(Stroke {
            points: vec![on_page(point)],
            width: pen.width(),
        });
    }

    /// Add a point to the last stroke, if there is one.
    pub fn extend(&mut self, point: [f32; 2]) {
        let point = on_page(point);
        let Some(stroke) = self.strokes.last_mut() else {
            return;
        };
        let far_enough = stroke
            .points
            .last()
            .is_none_or(|last| (point[0] - last[0]).hypot(point[1] - last[1]) >= MIN_STEP);
        if far_enough {
            stroke.points.push(point);
        }
    }

    /// Remove the last stroke, or else restore what the last clear removed.
    pub fn undo(&mut self) {
        if self.strokes.pop().is_none() {
            self.strokes = std::mem::take(&mut self.cleared);
        }
    }

    /// Remove all strokes.
    pub fn clear(&mut self) {
        if !self.strokes.is_empty() {
            self.cleared = std::mem::take(&mut self.strokes);
        }
    }
}

/// The nearest point on the page: a captured pointer reports points outside it.
fn on_page(point: [f32; 2]) -> [f32; 2] {
    point.map(|coordinate| coordinate.clamp(0.0, PAGE))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole numbers and halves are exact")]
mod tests {
    use super::*;

    fn two_strokes() -> Drawing {
        let mut drawing = Drawing::default();
        drawing.begin([10.0, 10.0], Pen::Medium);
        drawing.extend([20.0, 10.0]);
        drawing.begin([50.0, 50.0], Pen::Thin);
        drawing
    }

    #[test]
    fn points_that_hardly_move_are_left_out() {
        let mut drawing = two_strokes();
        drawing.extend([50.2, 50.0]);
        drawing.extend([52.0, 50.0]);
        assert_eq!(drawing.strokes()[1].points, [[50.0, 50.0], [52.0, 50.0]]);
    }

    #[test]
    fn points_beside_the_page_stay_on_its_edge() {
        let mut drawing = two_strokes();
        drawing.extend([-40.0, 900.0]);
        assert_eq!(drawing.strokes()[1].points[1], [0.0, PAGE]);
    }

    #[test]
    fn extending_nothing_draws_nothing() {
        let mut drawing = Drawing::default();
        drawing.extend([1.0, 1.0]);
        assert!(drawing.is_empty());
    }

    #[test]
    fn undo_takes_stroke_after_stroke() {
        let mut drawing = two_strokes();
        drawing.undo();
        assert_eq!(drawing.strokes().len(), 1);
        drawing.undo();
        assert!(drawing.is_empty());
        assert!(!drawing.can_undo());
        drawing.undo();
        assert!(drawing.is_empty());
    }

    #[test]
    fn undo_brings_back_what_clear_took() {
        let mut drawing = two_strokes();
        let before = drawing.strokes().to_vec();
        drawing.clear();
        drawing.clear();
        assert!(drawing.is_empty() && drawing.can_undo());
        drawing.undo();
        assert_eq!(drawing.strokes(), before);
    }
}
