//! Digits as strokes of a pen, drawn by rules and varied: the forms that Spanish, French, German, Turkish and Indian
//! hands use and MNIST's American writers rarely do (a 1 with a long upstroke or a foot, a barred 7, a crossed 0, an
//! open 4, a 9 with a hook, a 5 with a bar of its own).
//!
//! A form is a list of strokes through knots in a square of side 1, x to the right and y down.

use std::f32::consts::{PI, TAU};

use rand::RngExt;

/// The points of one stroke.
pub(crate) type Path = Vec<[f32; 2]>;

/// Points on the curve from one knot to the next.
const STEPS: usize = 8;

/// A point that a stroke passes.
#[derive(Clone, Copy)]
pub(crate) struct Knot {
    at: [f32; 2],
    /// The direction changes abruptly.
    corner: bool,
}

impl Knot {
    /// Left and right exchanged.
    pub(crate) fn mirrored(self) -> Self {
        Self {
            at: [1.0 - self.at[0], self.at[1]],
            ..self
        }
    }
}

/// A knot that the stroke passes smoothly.
pub(crate) fn smooth(x: f32, y: f32) -> Knot {
    Knot {
        at: [x, y],
        corner: false,
    }
}

/// A knot where the direction changes abruptly.
pub(crate) fn corner(x: f32, y: f32) -> Knot {
    Knot {
        at: [x, y],
        corner: true,
    }
}

/// Whether an event of the given probability happens.
pub(crate) fn chance(random: &mut impl RngExt, probability: f32) -> bool {
    random.random_range(0.0..1.0_f32) < probability
}

/// Uniform in the interval.
pub(crate) fn between(random: &mut impl RngExt, low: f32, high: f32) -> f32 {
    random.random_range(low..=high)
}

/// A digit of a random form in a random hand, about 1 high.
pub(crate) fn digit(digit: u8, random: &mut impl RngExt) -> Vec<Path> {
    let strokes = form(digit, random);
    let width = match digit {
        1 => between(random, 0.5, 0.95),
        _ => between(random, 0.45, 0.95),
    };
    let mut paths = by_hand(&strokes, 0.03, width, random);
    if chance(random, 0.07) {
        paths = joined(&paths);
    }
    if chance(random, 0.12) {
        let points = random.random_range(8..=14);
        paths = coarse(&paths, points);
    }
    paths
}

/// The curves through knots, with each knot moved by up to `jitter`, squeezed to `width`, slanted, turned and trembling.
pub(crate) fn by_hand(strokes: &[Vec<Knot>], jitter: f32, width: f32, random: &mut impl RngExt) -> Vec<Path> {
    let mut jitter = || between(random, -jitter, jitter) + between(random, -jitter, jitter);
    let moved: Vec<Vec<Knot>> = strokes
        .iter()
        .map(|stroke| {
            let moved = stroke.iter().map(|knot| Knot {
                at: [knot.at[0] + jitter(), knot.at[1] + jitter()],
                ..*knot
            });
            moved.collect()
        })
        .collect();
    // Most hands lean to the right.
    let slant = between(random, -0.15, 0.4) * between(random, 0.2, 1.0);
    let (sine, cosine) = (between(random, -0.12, 0.12) * between(random, 0.0, 1.0)).sin_cos();
    let tremble = if chance(random, 0.3) {
        between(random, 0.0, 0.02)
    } else {
        0.0
    };
    let waves: [f32; 4] = std::array::from_fn(|_| between(random, 0.0, TAU));
    let (faster, slower) = (between(random, 8.0, 20.0), between(random, 8.0, 20.0));
    let place = |[x, y]: [f32; 2]| {
        let x = (x - 0.5) * width - slant * (y - 0.5)
            + tremble * ((y * faster + waves[0]).sin() + (x * slower + waves[1]).sin());
        let y = y - 0.5 + tremble * ((x * faster + waves[2]).sin() + (y * slower + waves[3]).sin());
        [cosine * x - sine * y, sine * x + cosine * y]
    };
    moved
        .iter()
        .map(|stroke| curve(stroke).into_iter().map(place).collect())
        .collect()
}

/// A curve through the knots.
fn curve(knots: &[Knot]) -> Path {
    let Some(first) = knots.first() else { return Path::new() };
    let mut path = vec![first.at];
    let at = |index: usize| knots[index].at;
    let difference = |from: [f32; 2], to: [f32; 2]| [to[0] - from[0], to[1] - from[1]];
    // Twice the distance a knot's neighbours are apart, halved: the tangent of a Catmull-Rom spline.
    let tangent = |index: usize, from: usize, to: usize| {
        if knots[index].corner || index == 0 || index + 1 == knots.len() {
            difference(at(from), at(to))
        } else {
            difference(at(index - 1), at(index + 1)).map(|value| value / 2.0)
        }
    };
    for index in 1..knots.len() {
        let (from, to) = (index - 1, index);
        let (leaving, arriving) = (tangent(from, from, to), tangent(to, from, to));
        for step in 1..=STEPS {
            let t = step as f32 / STEPS as f32;
            let (square, cube) = (t * t, t * t * t);
            path.push(std::array::from_fn(|axis| {
                (2.0 * cube - 3.0 * square + 1.0) * at(from)[axis]
                    + (cube - 2.0 * square + t) * leaving[axis]
                    + (3.0 * square - 2.0 * cube) * at(to)[axis]
                    + (cube - square) * arriving[axis]
            }));
        }
    }
    path
}

/// One stroke of all: a pen that isn't lifted, or a device that doesn't notice.
fn joined(paths: &[Path]) -> Vec<Path> {
    vec![paths.concat()]
}

/// The strokes through few points, as slow devices report them; `points` for all strokes together.
fn coarse(paths: &[Path], points: usize) -> Vec<Path> {
    let all: f32 = paths.iter().map(|path| length(path)).sum();
    paths
        .iter()
        .map(|path| {
            let share = (points as f32 * length(path) / all.max(1e-6)).round() as usize;
            resampled(path, share.max(2))
        })
        .collect()
}

/// Length of a path.
pub(crate) fn length(path: &[[f32; 2]]) -> f32 {
    path.windows(2).map(|pair| distance(pair[0], pair[1])).sum()
}

fn distance(one: [f32; 2], other: [f32; 2]) -> f32 {
    (one[0] - other[0]).hypot(one[1] - other[1])
}

/// `points` points at equal distances along the path, at least 2.
fn resampled(path: &[[f32; 2]], points: usize) -> Path {
    let step = length(path) / (points - 1) as f32;
    let (Some(&first), Some(&last)) = (path.first(), path.last()) else {
        return Path::new();
    };
    let mut result = vec![first];
    let mut walked = 0.0;
    for pair in path.windows(2) {
        let piece = distance(pair[0], pair[1]);
        while result.len() < points - 1 && walked + piece >= step * result.len() as f32 {
            let share = ((step * result.len() as f32 - walked) / piece.max(1e-9)).clamp(0.0, 1.0);
            result.push(std::array::from_fn(|axis| {
                pair[0][axis] + share * (pair[1][axis] - pair[0][axis])
            }));
        }
        walked += piece;
    }
    result.push(last);
    result
}

/// An ellipse from the angle `start`, clockwise from the right, over `turn`.
pub(crate) fn ellipse(middle: [f32; 2], radius: [f32; 2], start: f32, turn: f32) -> Vec<Knot> {
    let steps = (turn.abs() / TAU * 8.0).ceil().max(2.0);
    (0..=steps as usize)
        .map(|step| {
            let angle = start + turn * step as f32 / steps;
            smooth(middle[0] + radius[0] * angle.cos(), middle[1] + radius[1] * angle.sin())
        })
        .collect()
}

fn form(digit: u8, random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    match digit {
        0 => zero(random),
        1 => one(random),
        2 => two(random),
        3 => three(random),
        4 => four(random),
        5 => five(random),
        6 => six(random),
        7 => seven(random),
        8 => eight(random),
        _ => nine(random),
    }
}

fn zero(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let start = between(random, -PI * 0.8, -PI * 0.2);
    let turn = TAU * between(random, 0.95, 1.12) * if chance(random, 0.8) { -1.0 } else { 1.0 };
    let mut strokes = vec![ellipse([0.5, 0.5], [between(random, 0.35, 0.5), 0.5], start, turn)];
    if chance(random, 0.22) {
        let reach = between(random, 0.25, 0.6);
        let rise = between(random, 0.3, 1.0) * if chance(random, 0.9) { 1.0 } else { -1.0 };
        strokes.push(vec![
            smooth(0.5 + reach, 0.5 - reach * rise),
            smooth(0.5 - reach, 0.5 + reach * rise),
        ]);
    }
    strokes
}

fn one(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let top = between(random, 0.45, 0.6);
    let foot = top + between(random, -0.06, 0.06);
    let stem = smooth(foot, 1.0);
    let mut strokes = if chance(random, 0.8) {
        // The upstroke rises by at least half its width: flatter ones belong to a 7.
        let long = if chance(random, 0.6) {
            between(random, 0.3, 1.0)
        } else {
            between(random, 0.1, 0.35)
        };
        let steep = between(random, 0.6, 2.2);
        let across = (long / steep).min(0.75);
        let down = (long).max(0.55 * across);
        let start = smooth(top - across, down);
        let bow = between(random, -0.06, 0.08);
        vec![if chance(random, 0.25) {
            vec![
                start,
                smooth(top - across / 2.0, down / 2.0 + bow),
                corner(top, 0.0),
                stem,
            ]
        } else {
            vec![start, corner(top, 0.0), stem]
        }]
    } else {
        vec![vec![smooth(top, 0.0), smooth(f32::midpoint(top, foot), 0.5), stem]]
    };
    if chance(random, 0.3) {
        let [left, right] = [between(random, 0.12, 0.45), between(random, 0.12, 0.45)];
        let tilt = between(random, -0.04, 0.04);
        strokes.push(vec![smooth(foot - left, 1.0 + tilt), smooth(foot + right, 1.0 - tilt)]);
    }
    strokes
}

fn two(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let mut stroke = Vec::new();
    if chance(random, 0.2) {
        stroke.push(smooth(between(random, 0.1, 0.3), between(random, 0.25, 0.4)));
    }
    stroke.extend([
        smooth(0.05, between(random, 0.15, 0.3)),
        smooth(0.35, 0.0),
        smooth(0.8, 0.12),
        smooth(0.82, 0.38),
        smooth(0.5, between(random, 0.65, 0.75)),
    ]);
    match random.random_range(0..3) {
        0 => {
            let high = between(random, 0.7, 0.86);
            stroke.extend([
                smooth(0.18, 0.96),
                smooth(0.0, 0.93),
                smooth(0.1, high),
                smooth(0.4, 0.88),
                smooth(0.95, between(random, 0.9, 1.05)),
            ]);
        }
        1 => stroke.extend([
            corner(0.05, 1.0),
            smooth(0.5, between(random, 0.92, 0.98)),
            smooth(0.95, between(random, 0.92, 1.05)),
        ]),
        _ => stroke.extend([corner(0.03, 1.0), smooth(0.95, between(random, 0.95, 1.03))]),
    }
    vec![stroke]
}

fn three(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let middle = between(random, 0.38, 0.5);
    let inward = between(random, 0.25, 0.6);
    let mut stroke = if chance(random, 0.35) {
        let tilt = between(random, -0.05, 0.05);
        let mut top = vec![
            smooth(0.05, tilt.abs()),
            corner(0.85, between(random, 0.0, 0.05)),
            corner(inward, middle),
        ];
        if chance(random, 0.3) {
            top.insert(0, smooth(0.02, 0.14));
            top[1].corner = true;
        }
        top
    } else {
        vec![
            smooth(0.08, between(random, 0.08, 0.2)),
            smooth(0.45, 0.0),
            smooth(0.85, 0.2),
            Knot {
                corner: chance(random, 0.7),
                at: [inward, middle],
            },
        ]
    };
    if chance(random, 0.15) {
        stroke.extend([smooth(inward - 0.1, middle + 0.07), smooth(inward, middle + 0.1)]);
    }
    stroke.extend([
        smooth(0.9, 0.72),
        smooth(0.5, 1.0),
        smooth(0.04, between(random, 0.8, 0.95)),
    ]);
    vec![stroke]
}

fn four(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let bar = between(random, 0.48, 0.75);
    let stem = between(random, 0.6, 0.85);
    let right = stem + between(random, 0.02, 0.35);
    let foot = stem + between(random, -0.15, 0.05);
    match random.random_range(0..20) {
        // Open: the stem stands beside or below the left stroke's top.
        0..10 => {
            let start = between(random, 0.08, 0.45);
            let left = between(random, 0.0, 0.15);
            let round = chance(random, 0.35);
            let turn = if round {
                smooth(left, bar - 0.08)
            } else {
                corner(left, bar)
            };
            let mut angle = vec![smooth(start.max(left), between(random, 0.0, 0.1)), turn];
            if round {
                angle.push(smooth(left + 0.22, bar + 0.05));
            }
            angle.push(smooth(right, bar - between(random, -0.06, 0.1)));
            let top = if chance(random, 0.5) {
                between(random, 0.0, 0.2)
            } else {
                between(random, 0.2, bar - 0.1)
            };
            vec![angle, vec![smooth(stem + 0.03, top), smooth(foot, 1.0)]]
        }
        // Closed, with two strokes.
        10..15 => vec![
            vec![smooth(stem, 0.0), corner(0.0, bar), smooth(right, bar)],
            vec![smooth(stem, between(random, 0.0, 0.15)), smooth(foot, 1.0)],
        ],
        // Closed, with one.
        15..18 => vec![vec![
            smooth(right, bar),
            corner(0.0, bar),
            corner(stem, 0.0),
            smooth(foot, 1.0),
        ]],
        // Without lifting the pen at the bar's end.
        _ => vec![vec![
            smooth(0.2, 0.0),
            corner(0.02, bar),
            corner(stem, bar - 0.03),
            corner(stem + 0.03, between(random, 0.05, 0.3)),
            smooth(foot, 1.0),
        ]],
    }
}

fn five(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let left = between(random, 0.1, 0.3);
    let waist = between(random, 0.36, 0.5);
    let belly = [
        smooth(0.5, waist - between(random, 0.0, 0.1)),
        smooth(0.9, 0.66),
        smooth(0.55, 0.98),
        smooth(0.03, between(random, 0.82, 0.98)),
    ];
    let end = between(random, 0.65, 1.0);
    match random.random_range(0..10) {
        // The bar is a stroke of its own, and need not touch.
        0..5 => {
            let mut body = vec![smooth(left + 0.04, 0.0), corner(left - 0.04, waist)];
            body.extend(belly);
            let (across, down) = (between(random, -0.05, 0.15), between(random, -0.12, 0.06));
            let bar = vec![
                smooth(left + across, down),
                smooth(end + 0.05, down + between(random, -0.08, 0.04)),
            ];
            vec![body, bar]
        }
        5..8 => {
            let mut stroke = vec![
                smooth(end, between(random, -0.05, 0.03)),
                corner(left, 0.02),
                corner(left - 0.05, waist),
            ];
            stroke.extend(belly);
            vec![stroke]
        }
        // Like an S, with an edge at the top left or none.
        _ => {
            let mut stroke = vec![smooth(end, 0.0), smooth(left + 0.1, 0.06), smooth(left, 0.3)];
            stroke.extend(belly);
            stroke[3] = smooth(0.5, waist + 0.02);
            vec![stroke]
        }
    }
}

fn six(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let loop_top = between(random, 0.42, 0.6);
    let start = between(random, 0.35, 0.95);
    let mut stroke = Vec::new();
    if chance(random, 0.2) {
        stroke.push(smooth(start + 0.08, 0.1));
    }
    stroke.extend([
        smooth(start, 0.0),
        smooth(between(random, 0.15, 0.32), 0.35),
        smooth(0.04, 0.7),
        smooth(0.4, 1.0),
        smooth(0.85, 0.76),
        smooth(0.55, loop_top),
        smooth(between(random, 0.08, 0.25), between(random, 0.62, 0.85)),
    ]);
    vec![stroke]
}

fn seven(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let right = between(random, 0.8, 0.98);
    let rise = between(random, -0.06, 0.1);
    let foot = between(random, 0.15, 0.55);
    let mut stroke = Vec::new();
    if chance(random, 0.25) {
        stroke.push(smooth(between(random, 0.0, 0.06), between(random, 0.14, 0.26)));
        stroke.push(corner(0.06, 0.04 + rise.max(0.0)));
    } else {
        stroke.push(smooth(0.05, 0.04 + rise));
    }
    if chance(random, 0.25) {
        stroke.push(smooth(0.4, 0.04 + rise + between(random, 0.0, 0.08)));
    }
    stroke.push(corner(right, 0.0));
    if chance(random, 0.5) {
        stroke.push(smooth(f32::midpoint(right, foot) - between(random, 0.0, 0.15), 0.45));
    }
    stroke.push(smooth(foot, 1.0));
    let mut strokes = vec![stroke];
    if chance(random, 0.5) {
        let height = between(random, 0.38, 0.62);
        let middle = right + (foot - right) * height;
        let [left, right] = [between(random, 0.12, 0.4), between(random, 0.12, 0.4)];
        let tilt = between(random, -0.08, 0.12);
        strokes.push(vec![
            smooth(middle - left, height + tilt),
            smooth(middle + right, height - tilt),
        ]);
    }
    strokes
}

fn eight(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let waist = between(random, 0.4, 0.52);
    if chance(random, 0.4) {
        let [upper, lower] = [waist / 2.0, (1.0 - waist) / 2.0];
        let lean = between(random, -0.08, 0.08);
        let overlap = between(random, -0.03, 0.05);
        let start = between(random, -PI, PI);
        return vec![
            ellipse(
                [0.5 + lean, upper],
                [between(random, 0.26, 0.42), upper + overlap],
                start,
                -TAU * between(random, 0.95, 1.1),
            ),
            ellipse(
                [0.5, 1.0 - lower],
                [between(random, 0.32, 0.48), lower],
                between(random, -PI * 0.9, -PI * 0.1),
                TAU * between(random, 0.95, 1.1) * if chance(random, 0.7) { -1.0 } else { 1.0 },
            ),
        ];
    }
    let mut stroke = vec![
        smooth(0.82, between(random, 0.1, 0.2)),
        smooth(0.5, 0.0),
        smooth(0.14, waist / 2.0),
        smooth(0.5, waist),
        smooth(0.88, 0.75),
        smooth(0.5, 1.0),
        smooth(0.1, 0.76),
        smooth(0.48, waist + 0.03),
        smooth(0.84, waist / 2.0),
    ];
    if chance(random, 0.6) {
        stroke.push(smooth(between(random, 0.6, 0.9), between(random, -0.05, 0.08)));
    }
    vec![stroke]
}

fn nine(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let low = between(random, 0.42, 0.58);
    let right = between(random, 0.78, 0.92);
    let mut stroke = vec![
        smooth(right, between(random, 0.1, 0.25)),
        smooth(0.5, 0.0),
        smooth(0.1, low / 2.0),
        smooth(0.42, low),
        smooth(right - 0.06, low * between(random, 0.55, 0.8)),
    ];
    let join = if chance(random, 0.6) { corner } else { smooth };
    stroke.push(join(right, between(random, 0.08, 0.25)));
    match random.random_range(0..10) {
        0..4 => stroke.push(smooth(right + between(random, -0.3, 0.05), 1.0)),
        4..6 => stroke.extend([smooth(right, 0.55), smooth(right - between(random, 0.1, 0.35), 1.0)]),
        _ => stroke.extend([
            smooth(right + between(random, -0.04, 0.04), 0.65),
            smooth(between(random, 0.4, 0.65), 1.0),
            smooth(between(random, 0.0, 0.25), between(random, 0.78, 0.97)),
        ]),
    }
    vec![stroke]
}
