//! Smooth strokes: each recorded point bends the line, and the curve passes through the middles between them.

/// A quadratic curve from where the one before ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// The point that bends it.
    pub control: [f32; 2],
    /// Where it ends.
    pub end: [f32; 2],
}

/// The curves through `points`, to be drawn from the first point on; they end at the last one. Fewer than two points
/// make no curve.
pub fn smooth(points: &[[f32; 2]]) -> impl Iterator<Item = Segment> + '_ {
    points.windows(2).enumerate().map(|(index, pair)| {
        let [from, to] = [pair[0], pair[1]];
        let is_last = index + 2 == points.len();
        Segment {
            control: from,
            end: if is_last { to } else { middle(from, to) },
        }
    })
}

fn middle(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [f32::midpoint(a[0], b[0]), f32::midpoint(a[1], b[1])]
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole numbers and halves are exact")]
mod tests {
    use super::*;

    #[test]
    fn a_dot_has_no_curve() {
        assert_eq!(smooth(&[]).count(), 0);
        assert_eq!(smooth(&[[1.0, 1.0]]).count(), 0);
    }

    #[test]
    fn two_points_make_a_straight_line() {
        let segments: Vec<_> = smooth(&[[0.0, 0.0], [4.0, 0.0]]).collect();
        assert_eq!(
            segments,
            [Segment {
                control: [0.0, 0.0],
                end: [4.0, 0.0]
            }]
        );
    }

    #[test]
    fn a_corner_is_rounded_and_the_end_is_kept() {
        let segments: Vec<_> = smooth(&[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0]]).collect();
        assert_eq!(segments[0].end, [2.0, 0.0]);
        assert_eq!(segments[1].control, [4.0, 0.0]);
        assert_eq!(segments[1].end, [4.0, 4.0]);
    }
}
