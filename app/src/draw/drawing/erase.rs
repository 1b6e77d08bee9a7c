//! Erasing a single line.

use std::ops::Range;

use classifier::preprocess::Stroke;

use super::{Drawing, history::Change};

impl Drawing {
    /// The strokes of the line that is nearest to `point`, if its edge is at most `reach` page units away.
    pub fn line_at(&self, point: [f32; 2], reach: f32) -> Option<Range<usize>> {
        let mut least = reach;
        let mut nearest = None;
        for (index, stroke) in self.strokes.iter().enumerate() {
            let gap = distance(stroke, point) - stroke.width / 2.0;
            // Of two that are equally near, the later one is on top.
            if gap <= least {
                least = gap;
                nearest = Some(index);
            }
        }
        let index = nearest?;
        let start = (0..=index).rev().find(|&index| !self.continues(index))?;
        let end = (index + 1..self.strokes.len()).find(|&index| !self.continues(index));
        Some(start..end.unwrap_or(self.strokes.len()))
    }

    /// Remove the strokes of a line.
    pub fn erase(&mut self, line: Range<usize>) {
        self.change(Change::removal(line));
    }
}

/// The distance of a point from the middle of a stroke.
fn distance(stroke: &Stroke, point: [f32; 2]) -> f32 {
    let mut least = f32::INFINITY;
    let mut from = None;
    for &to in &stroke.points {
        least = least.min(distance_from_segment(point, from.unwrap_or(to), to));
        from = Some(to);
    }
    least
}

fn distance_from_segment([x, y]: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    let (across, down) = (to[0] - from[0], to[1] - from[1]);
    // Not zero, so that a segment without length is a point.
    let squared = (across * across + down * down).max(f32::MIN_POSITIVE);
    let along = (((x - from[0]) * across + (y - from[1]) * down) / squared).clamp(0.0, 1.0);
    (x - from[0] - along * across).hypot(y - from[1] - along * down)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A horizontal line at 100, a vertical one at 200, and a dot.
    fn three_lines() -> Drawing {
        let mut drawing = Drawing::default();
        drawing.begin([20.0, 100.0], 10.0);
        drawing.extend([150.0, 100.0], 10.0);
        drawing.begin([200.0, 20.0], 20.0);
        drawing.extend([200.0, 250.0], 20.0);
        drawing.begin([50.0, 200.0], 9.0);
        drawing
    }

    #[test]
    fn the_line_under_the_point_is_found_also_between_its_points() {
        let drawing = three_lines();
        assert_eq!(drawing.line_at([85.0, 104.0], 0.0), Some(0..1));
        assert_eq!(drawing.line_at([209.0, 120.0], 0.0), Some(1..2));
        assert_eq!(drawing.line_at([51.0, 201.0], 0.0), Some(2..3));
        assert_eq!(drawing.line_at([85.0, 108.0], 0.0), None);
        assert_eq!(drawing.line_at([85.0, 108.0], 5.0), Some(0..1));
        assert_eq!(Drawing::default().line_at([1.0, 1.0], 100.0), None);
    }

    #[test]
    fn of_lines_that_cross_the_nearest_is_found_and_else_the_upper() {
        let mut drawing = three_lines();
        drawing.begin([85.0, 20.0], 10.0);
        drawing.extend([85.0, 250.0], 10.0);
        assert_eq!(drawing.line_at([85.0, 100.0], 0.0), Some(3..4));
        assert_eq!(drawing.line_at([88.0, 101.0], 0.0), Some(0..1));
    }

    #[test]
    fn an_erased_line_comes_back_between_the_others() {
        let mut drawing = three_lines();
        let before = drawing.strokes().to_vec();
        drawing.erase(1..2);
        assert_eq!(drawing.strokes(), [before[0].clone(), before[2].clone()]);
        drawing.undo();
        assert_eq!(drawing.strokes(), before);
        drawing.redo();
        assert_eq!(drawing.strokes().len(), 2);
        drawing.undo();
        drawing.undo();
        assert_eq!(drawing.strokes(), &before[..2]);
    }

    #[test]
    fn a_line_whose_width_changes_is_found_as_one() {
        let mut drawing = three_lines();
        drawing.begin([240.0, 20.0], 9.0);
        drawing.extend([240.0, 60.0], 12.0);
        drawing.extend([240.0, 100.0], 15.0);
        drawing.begin([270.0, 20.0], 9.0);
        for y in [20.0, 50.0, 100.0] {
            assert_eq!(drawing.line_at([240.0, y], 0.0), Some(3..6), "{y}");
        }
        let stored = Drawing::from_text(&drawing.to_text()).unwrap();
        assert_eq!(stored, drawing);
        assert_eq!(stored.line_at([240.0, 50.0], 0.0), Some(3..6));
    }
}
