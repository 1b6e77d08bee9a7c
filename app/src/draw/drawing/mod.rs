//! The drawing as data: strokes on a page of 280 by 280 units, independent of the canvas's size. Nothing in here uses the
//! browser, so that all of it is tested natively.

mod contact;
mod erase;
mod history;
mod keyboard;
mod pen;
mod serialize;
mod smooth;
mod tool;

pub use contact::{Contact, PointerKind};
pub use keyboard::{KeyCommand, KeyboardPen, key_command, shortcut};
pub use pen::{NO_PRESSURE, Pen};
pub use smooth::smooth;
pub use tool::Tool;

use classifier::preprocess::Stroke;

use history::{Change, History};

/// The side of the page, in the unit of stroke points and widths.
pub const PAGE: f32 = 280.0;

/// Points closer to the last one are dropped, in page units.
const MIN_STEP: f32 = 0.5;

/// Widths that differ by less are the same, in page units: the pen's are whole numbers.
const SAME_WIDTH: f32 = 0.5;

/// The strokes, with what undo and redo do.
///
/// A pen that is pressed harder leaves a wider line. A stroke has one width, so that line is several strokes: each
/// [continues](Drawing::continues) the one before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawing {
    strokes: Vec<Stroke>,
    history: History,
}

impl Drawing {
    /// A drawing of these strokes. Undo removes them one after the other.
    fn of(strokes: Vec<Stroke>) -> Self {
        let mut drawing = Self::default();
        for stroke in strokes {
            drawing.strokes.push(stroke);
            let last = drawing.strokes.len() - 1;
            if drawing.continues(last) {
                drawing.history.extend_last();
            } else {
                drawing.history.record(Change::removal(last..last + 1));
            }
        }
        drawing
    }

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
        self.history.can_undo()
    }

    /// Whether [`Drawing::redo`] would change anything.
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// Start a line with one point, in page units.
    pub fn begin(&mut self, point: [f32; 2], width: f32) {
        let stroke = Stroke {
            points: vec![on_page(point)],
            width,
        };
        self.change(Change::insertion(self.strokes.len(), stroke));
    }

    /// Add a point to the last line, if there is one. Where the width changes, another stroke begins.
    pub fn extend(&mut self, point: [f32; 2], width: f32) {
        let point = on_page(point);
        let Some(stroke) = self.strokes.last_mut() else {
            return;
        };
        let Some(&last) = stroke.points.last() else {
            return;
        };
        if (point[0] - last[0]).hypot(point[1] - last[1]) < MIN_STEP {
            return;
        }
        if (stroke.width - width).abs() < SAME_WIDTH {
            stroke.points.push(point);
        } else {
            let points = vec![last, point];
            self.strokes.push(Stroke { points, width });
            self.history.extend_last();
        }
    }

    /// Revert the last change that isn't reverted.
    pub fn undo(&mut self) {
        self.history.undo(&mut self.strokes);
    }

    /// Make the change again that was reverted last.
    pub fn redo(&mut self) {
        self.history.redo(&mut self.strokes);
    }

    /// Remove the last line as if it had never been drawn.
    fn discard(&mut self) {
        self.history.discard(&mut self.strokes);
    }

    /// Remove all strokes.
    pub fn clear(&mut self) {
        if !self.strokes.is_empty() {
            self.change(Change::removal(0..self.strokes.len()));
        }
    }

    fn change(&mut self, change: Change) {
        let reverting = change.make(&mut self.strokes);
        self.history.record(reverting);
    }

    /// Whether the stroke with this index is part of the same line as the one before: it starts where that ends, with
    /// another width.
    fn continues(&self, index: usize) -> bool {
        let (Some(stroke), Some(before)) = (self.strokes.get(index), index.checked_sub(1)) else {
            return false;
        };
        let before = &self.strokes[before];
        before.points.last() == stroke.points.first() && (before.width - stroke.width).abs() >= SAME_WIDTH
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

    const WIDTH: f32 = 17.0;

    fn two_strokes() -> Drawing {
        let mut drawing = Drawing::default();
        drawing.begin([10.0, 10.0], WIDTH);
        drawing.extend([20.0, 10.0], WIDTH);
        drawing.begin([50.0, 50.0], 9.0);
        drawing
    }

    #[test]
    fn points_that_hardly_move_are_left_out() {
        let mut drawing = two_strokes();
        drawing.extend([50.2, 50.0], 9.0);
        drawing.extend([52.0, 50.0], 9.0);
        assert_eq!(drawing.strokes()[1].points, [[50.0, 50.0], [52.0, 50.0]]);
    }

    #[test]
    fn points_beside_the_page_stay_on_its_edge() {
        let mut drawing = two_strokes();
        drawing.extend([-40.0, 900.0], 9.0);
        assert_eq!(drawing.strokes()[1].points[1], [0.0, PAGE]);
    }

    #[test]
    fn extending_nothing_draws_nothing() {
        let mut drawing = Drawing::default();
        drawing.extend([1.0, 1.0], WIDTH);
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

    #[test]
    fn redo_makes_each_change_again_until_something_else_is_drawn() {
        let mut drawing = two_strokes();
        drawing.clear();
        let mut states = vec![drawing.strokes().to_vec()];
        while drawing.can_undo() {
            drawing.undo();
            states.push(drawing.strokes().to_vec());
        }
        assert_eq!(states.len(), 4);
        states.pop();
        while let Some(state) = states.pop() {
            drawing.redo();
            assert_eq!(drawing.strokes(), state);
        }
        assert!(!drawing.can_redo());
        drawing.undo();
        assert!(drawing.can_redo());
        drawing.begin([1.0, 1.0], WIDTH);
        assert!(!drawing.can_redo());
        drawing.redo();
        assert_eq!(drawing.strokes().len(), 3);
    }

    #[test]
    fn a_line_whose_width_changes_is_undone_and_redone_as_one() {
        let mut drawing = two_strokes();
        drawing.extend([60.0, 50.0], 9.0);
        drawing.extend([70.0, 50.0], 12.0);
        drawing.extend([80.0, 50.0], 12.0);
        drawing.extend([90.0, 50.0], 10.0);
        let widths = |drawing: &Drawing| {
            let widths = drawing.strokes().iter().map(|stroke| stroke.width);
            widths.collect::<Vec<_>>()
        };
        assert_eq!(widths(&drawing), [WIDTH, 9.0, 12.0, 10.0]);
        assert_eq!(drawing.strokes()[2].points, [[60.0, 50.0], [70.0, 50.0], [80.0, 50.0]]);
        drawing.undo();
        assert_eq!(widths(&drawing), [WIDTH]);
        drawing.redo();
        assert_eq!(widths(&drawing), [WIDTH, 9.0, 12.0, 10.0]);
    }

    #[test]
    fn what_is_discarded_does_not_come_back() {
        let mut drawing = two_strokes();
        drawing.discard();
        assert_eq!(drawing.strokes().len(), 1);
        assert!(!drawing.can_redo());
    }
}
