//! The geometry of a chart: scales, marks on the axes, and SVG paths.

use std::fmt::Write as _;

/// The plot area of a chart in its own units, and the ranges of the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge, where the value is zero.
    pub bottom: f64,
    /// The time at the left edge.
    pub from: f64,
    /// The time at the right edge.
    pub to: f64,
    /// The value at the upper edge.
    pub max: f64,
}

impl Frame {
    /// The x coordinate of a time.
    pub fn x(&self, time: f64) -> f64 {
        self.left + (time - self.from) / (self.to - self.from) * (self.right - self.left)
    }

    /// The y coordinate of a value.
    pub fn y(&self, value: f64) -> f64 {
        self.bottom - value / self.max * (self.bottom - self.top)
    }

    /// The time at an x coordinate.
    pub fn time(&self, x: f64) -> f64 {
        self.from + (x - self.left) / (self.right - self.left) * (self.to - self.from)
    }

    /// The path through the values `(time, value, whether it is joined to the one before)`. A single value between gaps
    /// is a dot.
    pub fn line(&self, values: impl IntoIterator<Item = (f64, Option<f64>, bool)>) -> String {
        let mut path = String::new();
        let mut is_down = false;
        for (time, value, is_joined) in values {
            let Some(value) = value else {
                is_down = false;
                continue;
            };
            let (x, y) = (self.x(time), self.y(value));
            // The dot is a line of length zero, which a round cap makes visible.
            let command = if is_down && is_joined {
                format!("L{x:.1} {y:.1}")
            } else {
                format!("M{x:.1} {y:.1}h0")
            };
            path.push_str(&command);
            is_down = true;
        }
        path
    }

    /// The area under that path.
    pub fn area(&self, values: impl IntoIterator<Item = (f64, Option<f64>, bool)>) -> String {
        let mut path = String::new();
        let mut last: Option<f64> = None;
        let close = |path: &mut String, last: &mut Option<f64>| {
            if let Some(x) = last.take() {
                // Writing to a `String` does not fail.
                write!(path, "L{x:.1} {:.1}Z", self.bottom).ok();
            }
        };
        for (time, value, is_joined) in values {
            let Some(value) = value else {
                close(&mut path, &mut last);
                continue;
            };
            let (x, y) = (self.x(time), self.y(value));
            if !is_joined {
                close(&mut path, &mut last);
            }
            if last.is_none() {
                write!(path, "M{x:.1} {:.1}", self.bottom).ok();
            }
            write!(path, "L{x:.1} {y:.1}").ok();
            last = Some(x);
        }
        close(&mut path, &mut last);
        path
    }
}

/// The marks of an axis from zero to `max`: three to six round numbers, the last one at or above `max`.
pub fn value_marks(max: f64) -> Vec<f64> {
    let max = if max.is_finite() && max > 0.0 { max } else { 1.0 };
    let power = 10_f64.powf((max / 4.0).log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|step| step * power)
        .find(|step| step * 4.0 >= max * (1.0 - 1e-9))
        .unwrap_or(max);
    let mut marks = vec![0.0];
    let mut mark = step;
    while marks.len() < 8 {
        marks.push(mark);
        if mark >= max * (1.0 - 1e-9) {
            break;
        }
        mark += step;
    }
    marks
}

/// Up to `max` marks between the times `from` and `to`, round in the time zone that is `offset` seconds ahead of UTC.
pub fn time_marks(from: f64, to: f64, offset: f64, max: usize) -> Vec<f64> {
    let steps = [
        5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 21_600.0, 43_200.0, 86_400.0,
        172_800.0,
    ];
    let fits = |step: f64| (to - from) / step <= count(max);
    let step = steps.into_iter().find(|step| fits(*step)).unwrap_or(345_600.0);
    let mut marks = Vec::new();
    let mut mark = ((from + offset) / step).ceil() * step - offset;
    while mark <= to && marks.len() < max.max(1) {
        marks.push(mark);
        mark += step;
    }
    marks
}

#[expect(clippy::cast_precision_loss, reason = "a handful of marks")]
fn count(max: usize) -> f64 {
    max.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame {
        left: 10.0,
        right: 110.0,
        top: 0.0,
        bottom: 50.0,
        from: 1000.0,
        to: 1100.0,
        max: 5.0,
    };

    #[test]
    fn time_runs_right_and_value_up() {
        assert_eq!(
            (FRAME.x(1000.0), FRAME.x(1100.0), FRAME.time(60.0)),
            (10.0, 110.0, 1050.0)
        );
        assert_eq!((FRAME.y(0.0), FRAME.y(5.0)), (50.0, 0.0));
    }

    #[test]
    fn a_gap_is_drawn_as_a_gap() {
        let values = [
            (1000.0, Some(0.0), false),
            (1010.0, Some(5.0), true),
            (1020.0, None, true),
            (1030.0, Some(1.0), true),
            (1040.0, Some(1.0), false),
            (1050.0, Some(2.0), true),
        ];
        assert_eq!(
            FRAME.line(values),
            "M10.0 50.0h0L20.0 0.0M40.0 40.0h0M50.0 40.0h0L60.0 30.0"
        );
        assert_eq!(
            FRAME.area(values),
            "M10.0 50.0L10.0 50.0L20.0 0.0L20.0 50.0ZM40.0 50.0L40.0 40.0L40.0 50.0Z\
             M50.0 50.0L50.0 40.0L60.0 30.0L60.0 50.0Z"
        );
    }

    #[test]
    fn marks_are_round_and_cover_all() {
        assert_eq!(value_marks(4.0), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(value_marks(9.7), [0.0, 2.5, 5.0, 7.5, 10.0]);
        assert_eq!(value_marks(11.0), [0.0, 5.0, 10.0, 15.0]);
        for max in [1e-6, 0.003, 0.17, 1.0, 7.3, 99.0, 1234.0, 8.8e9] {
            let marks = value_marks(max);
            assert!((3..=6).contains(&marks.len()), "{max}: {marks:?}");
            assert!(
                marks
                    .last()
                    .is_some_and(|last| *last >= max * 0.999 && *last <= max * 2.6),
                "{max}: {marks:?}"
            );
        }
        assert_eq!(value_marks(0.0).first(), Some(&0.0));
        assert_eq!(value_marks(f64::NAN).len(), value_marks(1.0).len());
    }

    #[test]
    fn times_are_round_in_the_visitors_clock() {
        assert_eq!(
            time_marks(1003.0, 1063.0, 0.0, 6),
            [1010.0, 1020.0, 1030.0, 1040.0, 1050.0, 1060.0]
        );
        assert_eq!(
            time_marks(0.0, 3600.0, 0.0, 6),
            [0.0, 600.0, 1200.0, 1800.0, 2400.0, 3000.0]
        );
        // India is five and a half hours ahead: its full hours are our half ones.
        assert_eq!(time_marks(0.0, 7200.0, 19_800.0, 3), [1800.0, 5400.0]);
        assert_eq!(time_marks(5.0, 5.0, 0.0, 5), [5.0]);
    }
}
