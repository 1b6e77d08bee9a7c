//! Smoothing of strokes: quadratic Bézier curves with the recorded points as control points, which meet halfway between
//! them.

/// A quadratic Bézier curve that starts at the end of the previous one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    pub control: [f32; 2],
    pub end: [f32; 2],
}

/// The curves for `points`, from the first point to the last. Empty for fewer than two points.
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
