//! What is no digit, and what stands around digits: shapes, scribbles, blots, frames, rulings.

use std::f32::consts::{PI, TAU};

use rand::RngExt;

use super::pen::{Knot, Path, between, by_hand, chance, corner, ellipse, smooth};
use crate::preprocess::grid::Grid;
use crate::preprocess::strokes::draw_line;

/// Side of the sheet that shapes are drawn on, in cells.
pub(crate) const SHEET: usize = 96;

/// Characters that no digit looks like. Left out are those that do in some hand or font: B b D G g I i J j l O o Q q S s
/// Z z y and signs such as ( / |.
pub(crate) const CHARACTERS: [char; 45] = [
    'A', 'C', 'E', 'F', 'H', 'K', 'L', 'M', 'N', 'P', 'R', 'T', 'U', 'V', 'W', 'X', 'Y', 'a', 'c', 'd', 'e', 'f', 'h',
    'k', 'm', 'n', 'p', 'r', 't', 'u', 'v', 'w', 'x', '?', '@', '#', '%', '*', '+', '=', '~', '{', '}', '"', '<',
];

/// Draws paths that are about 1 high in the middle of a sheet, with a pen of `pen` cells.
pub(crate) fn draw(sheet: &mut Grid, paths: &[Path], scale: f32, pen: f32) {
    let middle = SHEET as f32 / 2.0;
    for path in paths {
        let mut last: Option<[f32; 2]> = None;
        for &[x, y] in path {
            let point = [middle + scale * x, middle + scale * y];
            draw_line(sheet, last.unwrap_or(point), point, pen / 2.0);
            last = Some(point);
        }
    }
}

/// Empty paper.
pub(crate) fn sheet() -> Grid {
    Grid::zeros(SHEET, SHEET)
}

/// The strokes of a random shape, 1 high.
pub(crate) fn shape(random: &mut impl RngExt) -> Vec<Path> {
    let width = between(random, 0.6, 1.5);
    let strokes = match random.random_range(0..22) {
        0 | 1 => heart(random),
        2 => closed(&[[0.5, 0.0], [1.0, 1.0], [0.0, 1.0]]),
        3 => closed(&[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]),
        4 => star(random),
        5 => vec![line(0.0, 0.0, 1.0, 1.0), line(1.0, 0.0, 0.0, 1.0)],
        6 => vec![line(0.5, 0.0, 0.5, 1.0), line(0.0, 0.5, 1.0, 0.5)],
        7 => vec![line(0.0, 0.3, 1.0, 0.3), line(0.0, 0.7, 1.0, 0.7)],
        8 => arrow(random),
        9 => zigzag(random),
        10 => spiral(random),
        11 => wave(random),
        12 => smiley(random),
        13 => closed(&[[0.5, 0.0], [1.0, 0.5], [0.5, 1.0], [0.0, 0.5]]),
        14 => house(),
        15 => corner_of_a_frame(random),
        // A tick.
        16 => vec![vec![smooth(0.0, 0.55), corner(0.3, 1.0), smooth(1.0, 0.0)]],
        // A question mark.
        17 => vec![
            vec![
                smooth(0.1, 0.2),
                smooth(0.5, 0.0),
                smooth(0.9, 0.25),
                smooth(0.5, 0.5),
                smooth(0.5, 0.7),
            ],
            vec![smooth(0.5, 0.98), smooth(0.51, 1.0)],
        ],
        // Dots.
        18 => (0..random.random_range(2..7))
            .map(|_| {
                let (x, y) = (between(random, 0.0, 1.0), between(random, 0.0, 1.0));
                vec![smooth(x, y), smooth(x + 0.01, y)]
            })
            .collect(),
        19 => rulings(random),
        20 => vec![line(0.0, 0.0, 1.0, 0.0), line(0.5, 0.0, 0.5, 1.0)],
        // A bow that opens upward or downward.
        _ => {
            let start = if chance(random, 0.5) { 0.0 } else { -PI };
            vec![ellipse([0.5, 0.5], [0.5, 0.4], start, PI)]
        }
    };
    by_hand(&strokes, 0.03, width, random)
}

/// A scribble: a smooth line back and forth.
pub(crate) fn scribble(random: &mut impl RngExt) -> Vec<Path> {
    let strokes = (0..random.random_range(1..3)).map(|_| {
        let knots = (0..random.random_range(8..22)).map(|_| {
            let knot = [between(random, 0.0, 1.0), between(random, 0.0, 1.0)];
            if chance(random, 0.3) {
                corner(knot[0], knot[1])
            } else {
                smooth(knot[0], knot[1])
            }
        });
        knots.collect()
    });
    let strokes: Vec<Vec<Knot>> = strokes.collect();
    by_hand(&strokes, 0.0, between(random, 0.5, 1.6), random)
}

/// A long line that isn't upright, as an underline or a piece of a ruling is.
pub(crate) fn flat_line(random: &mut impl RngExt) -> Vec<Path> {
    let tilt = between(random, -0.5, 0.5);
    let bow = between(random, -0.08, 0.08);
    vec![vec![[-0.5, -0.5 * tilt], [0.0, bow], [0.5, 0.5 * tilt]]]
}

/// A frame or a circle around the sheet's middle, with half sides of about `reach`.
pub(crate) fn enclosure(reach: [f32; 2], random: &mut impl RngExt) -> Vec<Path> {
    let [across, down] = reach.map(|reach| reach * between(random, 1.15, 1.6));
    if chance(random, 0.5) {
        let start = between(random, 0.0, TAU);
        let knots = ellipse(
            [0.0, 0.0],
            [across * 1.2, down * 1.2],
            start,
            TAU * between(random, 0.95, 1.05),
        );
        by_hand(&[knots], 0.02, 1.0, random)
    } else {
        let corners = [[-across, -down], [across, -down], [across, down], [-across, down]];
        let mut path: Path = corners.to_vec();
        path.push(corners[0]);
        vec![path]
    }
}

/// A blot, a wedge or a strip: what edges of desks, shadows, holes and fingers leave.
pub(crate) fn blot(random: &mut impl RngExt) -> Grid {
    let mut sheet = sheet();
    let middle = SHEET as f32 / 2.0;
    let [across, down] = [between(random, 8.0, 44.0), between(random, 8.0, 44.0)];
    let (sine, cosine) = between(random, 0.0, TAU).sin_cos();
    let soft = between(random, 0.5, 6.0);
    let kind = random.random_range(0..4);
    let bumps: [f32; 4] = std::array::from_fn(|_| between(random, 0.0, 0.25));
    for (index, value) in sheet.values.iter_mut().enumerate() {
        let x = (index % SHEET) as f32 - middle;
        let y = (index / SHEET) as f32 - middle;
        let (u, v) = (cosine * x - sine * y, sine * x + cosine * y);
        let inside = match kind {
            0 => {
                let angle = v.atan2(u);
                let bump = 1.0
                    + bumps[0] * (2.0 * angle).sin()
                    + bumps[1] * (3.0 * angle).cos()
                    + bumps[2] * (5.0 * angle).sin();
                (1.0 - (u / across).hypot(v / down) / bump) * across.min(down)
            }
            1 => (across - u.abs()).min(down - v.abs()),
            // A strip along one side of the sheet.
            2 => across - u,
            // A wedge.
            _ => (across - u).min(bumps[0] * 2.0 * u + v),
        };
        *value = (inside / soft).clamp(0.0, 1.0);
    }
    sheet
}

fn line(left: f32, top: f32, right: f32, bottom: f32) -> Vec<Knot> {
    vec![smooth(left, top), smooth(right, bottom)]
}

fn closed(corners: &[[f32; 2]]) -> Vec<Vec<Knot>> {
    let knots = corners.iter().chain(corners.first()).map(|&[x, y]| corner(x, y));
    vec![knots.collect()]
}

fn heart(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let dip = between(random, 0.15, 0.35);
    let side = between(random, 0.2, 0.45);
    vec![vec![
        corner(0.5, dip),
        smooth(0.27, 0.0),
        smooth(0.02, side * 0.7),
        smooth(0.15, 0.55),
        corner(0.5, 1.0),
        smooth(0.85, 0.55),
        smooth(0.98, side * 0.7),
        smooth(0.73, 0.0),
        corner(0.5, dip),
    ]]
}

fn star(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let points = random.random_range(4..8);
    let inner = between(random, 0.18, 0.3);
    let knots = (0..=2 * points).map(|index| {
        let angle = PI * index as f32 / points as f32 - PI / 2.0;
        let radius = if index % 2 == 0 { 0.5 } else { inner };
        corner(0.5 + radius * angle.cos(), 0.5 + radius * angle.sin())
    });
    vec![knots.collect()]
}

fn arrow(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let head = between(random, 0.15, 0.35);
    let mut strokes = vec![
        line(0.0, 0.5, 1.0, 0.5),
        vec![
            smooth(1.0 - head, 0.5 - head),
            corner(1.0, 0.5),
            smooth(1.0 - head, 0.5 + head),
        ],
    ];
    if chance(random, 0.5) {
        for knot in strokes.iter_mut().flatten() {
            *knot = knot.mirrored();
        }
    }
    strokes
}

fn zigzag(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let turns = random.random_range(3..9);
    let knots = (0..=turns).map(|turn| corner(turn as f32 / turns as f32, (turn % 2) as f32));
    vec![knots.collect()]
}

fn spiral(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let turns = between(random, 1.9, 4.0);
    let steps = (turns * 8.0) as usize;
    let knots = (0..=steps).map(|step| {
        let share = step as f32 / steps as f32;
        let angle = TAU * turns * share;
        smooth(0.5 + 0.5 * share * angle.cos(), 0.5 + 0.5 * share * angle.sin())
    });
    vec![knots.collect()]
}

fn wave(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let steps = random.random_range(3..10);
    let height = between(random, 0.1, 0.5);
    let knots = (0..=steps).map(|step| smooth(step as f32 / steps as f32, 0.5 + height * (step % 2) as f32));
    vec![knots.collect()]
}

fn smiley(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let eye = |x: f32| vec![smooth(x, 0.35), smooth(x, 0.4)];
    vec![
        ellipse([0.5, 0.5], [0.5, 0.5], between(random, 0.0, TAU), TAU),
        eye(0.35),
        eye(0.65),
        vec![smooth(0.3, 0.62), smooth(0.5, 0.75), smooth(0.7, 0.62)],
    ]
}

fn house() -> Vec<Vec<Knot>> {
    let mut strokes = closed(&[[0.1, 0.45], [0.9, 0.45], [0.9, 1.0], [0.1, 1.0]]);
    strokes.push(vec![smooth(0.0, 0.5), corner(0.5, 0.0), smooth(1.0, 0.5)]);
    strokes
}

fn corner_of_a_frame(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let [x, y] = [0, 1].map(|_| if chance(random, 0.5) { 0.0 } else { 1.0 });
    vec![vec![smooth(1.0 - x, y), corner(x, y), smooth(x, 1.0 - y)]]
}

fn rulings(random: &mut impl RngExt) -> Vec<Vec<Knot>> {
    let lines = random.random_range(2..6);
    let mut strokes: Vec<Vec<Knot>> = (0..lines)
        .map(|index| {
            let y = index as f32 / (lines - 1) as f32;
            line(0.0, y, 1.0, y)
        })
        .collect();
    if chance(random, 0.4) {
        let columns = random.random_range(2..6);
        strokes.extend((0..columns).map(|index| {
            let x = index as f32 / (columns - 1) as f32;
            line(x, 0.0, x, 1.0)
        }));
    }
    strokes
}
