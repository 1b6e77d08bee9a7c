//! Changes of what was read: a part left out, or a short piece added.

use classifier::{
    ModelInput, PIXELS, SIDE,
    preprocess::{Area, Stroke},
};

use crate::draw::drawing::PAGE;

/// Points on the page, in its units.
pub type Line = Vec<[f32; 2]>;

/// What was read, with one change.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Where the change is, on the page.
    pub lines: Vec<Line>,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Another drawing.
    Drawing(Vec<Stroke>),
    /// Another input of the network, in the same framing.
    Input(Box<ModelInput>),
}

/// Parts that a drawing is divided into, at most.
const MAX_PARTS: usize = 12;

/// Pieces that are added to a drawing one at a time, at most.
const MAX_ADDED: usize = 48;

/// The length of a part where there is one stroke only, unless it is too long, in page units.
const PART_LENGTH: f32 = 48.0;

/// Strokes at whose ends a piece is added, at most.
const MAX_ENDED_STROKES: usize = 4;

/// The length of a piece that is added at an end, as a share of the digit's longer side.
const ADDED_LENGTH: f32 = 0.25;

/// The longest piece that joins two ends, as a share of the digit's longer side.
const LONGEST_JOINT: f32 = 0.6;

/// The side of a patch of the network's input, in pixels.
const PATCH: usize = 4;

/// The ink of a patch that is worth leaving out, and that of one with room for more, in pixels.
const INKED: f32 = 0.5;
const FREE: f32 = 4.0;

/// The drawing without each of its strokes; if there is one only, without each part of it. None if nothing would be left.
pub fn without_parts(strokes: &[Stroke]) -> Vec<Variant> {
    match strokes {
        [] => Vec::new(),
        [stroke] => without_segments(stroke),
        strokes => {
            let size = strokes.len().div_ceil(MAX_PARTS);
            let starts = (0..strokes.len()).step_by(size);
            starts
                .map(|start| {
                    let end = strokes.len().min(start + size);
                    Variant {
                        lines: strokes[start..end].iter().map(|stroke| stroke.points.clone()).collect(),
                        content: Content::Drawing([&strokes[..start], &strokes[end..]].concat()),
                    }
                })
                .collect()
        }
    }
}

fn without_segments(stroke: &Stroke) -> Vec<Variant> {
    let length: f32 = stroke.points.windows(2).map(|pair| distance(pair[0], pair[1])).sum();
    let count = (2..=MAX_PARTS)
        .rev()
        .find(|&count| length / as_f32(count) >= PART_LENGTH);
    // What is shorter has two parts, unless it is a dot.
    let count = count.unwrap_or(if length > stroke.width { 2 } else { 0 });
    let variants = (0..count).map(|index| {
        let [from, to] = [index, index + 1].map(|part| length * as_f32(part) / as_f32(count));
        // The pen's round ends reach into the gap.
        let radius = stroke.width / 2.0;
        let rest = [
            cut(&stroke.points, 0.0, from - radius),
            cut(&stroke.points, to + radius, length),
        ];
        let rest = rest.into_iter().filter(|points| !points.is_empty());
        Variant {
            lines: vec![cut(&stroke.points, from, to)],
            content: Content::Drawing(rest.map(|points| Stroke { points, ..*stroke }).collect()),
        }
    });
    variants.collect()
}

/// The part of a path between two distances from its start; empty if there is none.
fn cut(points: &[[f32; 2]], from: f32, to: f32) -> Line {
    let mut part = Vec::new();
    let mut travelled = 0.0;
    for pair in points.windows(2) {
        let length = distance(pair[0], pair[1]);
        let at = |place: f32| {
            let share = ((place - travelled) / length.max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
            between(pair[0], pair[1], share)
        };
        if travelled + length > from && travelled < to {
            if part.is_empty() {
                part.push(at(from));
            }
            part.push(at(to));
        }
        travelled += length;
    }
    part
}

/// The drawing with one short piece more, the shortest pieces first: at an end of a stroke, between two ends, or across the
/// middle of `area`, where the digit is.
pub fn with_pieces(strokes: &[Stroke], area: Area) -> Vec<Variant> {
    let [left, top, width, height] = area;
    let side = width.max(height);
    let Some(pen) = strokes.first().map(|stroke| stroke.width) else {
        return Vec::new();
    };
    let ends: Vec<[f32; 2]> = strokes
        .iter()
        .take(MAX_ENDED_STROKES)
        .flat_map(|stroke| [stroke.points.first(), stroke.points.last()])
        .flatten()
        .copied()
        .collect();
    let reach = ADDED_LENGTH * side;
    let diagonal = reach * std::f32::consts::FRAC_1_SQRT_2;
    let steps = [
        [reach, 0.0],
        [0.0, reach],
        [-reach, 0.0],
        [0.0, -reach],
        [diagonal, diagonal],
        [-diagonal, diagonal],
        [-diagonal, -diagonal],
        [diagonal, -diagonal],
    ];
    let at_ends = ends
        .iter()
        .flat_map(|&end| steps.map(|step| [end, [end[0] + step[0], end[1] + step[1]]]));
    let joints = ends
        .iter()
        .enumerate()
        .flat_map(|(index, &end)| ends[index + 1..].iter().map(move |&other| [end, other]))
        .filter(|[from, to]| distance(*from, *to) <= LONGEST_JOINT * side);
    let middle = [left + width / 2.0, top + height / 2.0];
    let bar = [-reach, reach].map(|step| [middle[0] + step, middle[1]]);
    let on_page = |line: [[f32; 2]; 2]| line.map(|point| point.map(|coordinate| coordinate.clamp(0.0, PAGE)));
    let mut pieces: Vec<[[f32; 2]; 2]> = at_ends.chain(joints).chain([bar]).map(on_page).collect();
    pieces.sort_by(|one, other| distance(one[0], one[1]).total_cmp(&distance(other[0], other[1])));
    pieces.truncate(MAX_ADDED);
    let variants = pieces.into_iter().map(|piece| {
        let added = Stroke {
            points: piece.to_vec(),
            width: pen,
        };
        Variant {
            lines: vec![piece.to_vec()],
            content: Content::Drawing([strokes, &[added]].concat()),
        }
    });
    variants.collect()
}

/// A patch of the network's input: left, top, right and bottom pixel; the last two are exclusive.
type Patch = [usize; 4];

/// The network's input without the ink of each patch; `area` is the place of all ink on the page.
pub fn without_patches(input: &ModelInput, area: Area) -> Vec<Variant> {
    patches(input)
        .filter(|patch| ink(input, *patch) >= INKED)
        .map(|patch| painted(input, area, patch, 0.0))
        .collect()
}

/// The network's input with more ink in each patch that has some, or whose neighbour has.
pub fn with_patches(input: &ModelInput, area: Area) -> Vec<Variant> {
    patches(input)
        .filter(|&patch| {
            let [left, top, right, bottom] = patch;
            let around = [
                left.saturating_sub(1),
                top.saturating_sub(1),
                (right + 1).min(SIDE),
                (bottom + 1).min(SIDE),
            ];
            ink(input, patch) < FREE && ink(input, around) >= INKED
        })
        .map(|patch| painted(input, area, patch, 1.0))
        .collect()
}

/// The patches that cover the ink.
fn patches(input: &ModelInput) -> impl Iterator<Item = Patch> {
    let [left, top, right, bottom] = ink_bounds(input);
    (top..bottom).step_by(PATCH).flat_map(move |y| {
        (left..right)
            .step_by(PATCH)
            .map(move |x| [x, y, (x + PATCH).min(right), (y + PATCH).min(bottom)])
    })
}

/// The smallest patch with all ink; empty if there is none.
fn ink_bounds(input: &ModelInput) -> Patch {
    let inked = (0..PIXELS).filter(|&pixel| input.0[pixel] > 0.1);
    let bounds = inked.fold(None, |bounds: Option<Patch>, pixel| {
        let (x, y) = (pixel % SIDE, pixel / SIDE);
        let [left, top, right, bottom] = bounds.unwrap_or([x, y, x, y]);
        Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)])
    });
    bounds.unwrap_or([0; 4])
}

fn ink(input: &ModelInput, patch: Patch) -> f32 {
    pixels(patch).map(|pixel| input.0[pixel]).sum()
}

fn pixels([left, top, right, bottom]: Patch) -> impl Iterator<Item = usize> {
    (top..bottom).flat_map(move |y| (left..right).map(move |x| y * SIDE + x))
}

fn painted(input: &ModelInput, area: Area, patch: Patch, value: f32) -> Variant {
    let mut changed = Box::new(input.clone());
    for pixel in pixels(patch) {
        changed.0[pixel] = value;
    }
    let [left, top, right, bottom] = ink_bounds(input);
    let on_page = |[x, y]: [usize; 2]| {
        [
            area[0] + area[2] * as_f32(x - left) / as_f32(right - left),
            area[1] + area[3] * as_f32(y - top) / as_f32(bottom - top),
        ]
    };
    let corners = [[0, 1], [2, 1], [2, 3], [0, 3], [0, 1]];
    Variant {
        lines: vec![corners.map(|[x, y]| on_page([patch[x], patch[y]])).to_vec()],
        content: Content::Input(changed),
    }
}

fn distance(from: [f32; 2], to: [f32; 2]) -> f32 {
    (to[0] - from[0]).hypot(to[1] - from[1])
}

fn between(from: [f32; 2], to: [f32; 2], share: f32) -> [f32; 2] {
    [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]
}

#[expect(clippy::cast_precision_loss, reason = "numbers of parts and pixels are small")]
fn as_f32(number: usize) -> f32 {
    number as f32
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole numbers and halves are exact")]
mod tests {
    use super::*;

    fn stroke(points: &[[f32; 2]]) -> Stroke {
        Stroke {
            points: points.to_vec(),
            width: 10.0,
        }
    }

    fn drawing(variant: &Variant) -> &[Stroke] {
        match &variant.content {
            Content::Drawing(strokes) => strokes,
            Content::Input(_) => panic!("a drawing is changed as a drawing"),
        }
    }

    #[test]
    fn each_of_several_strokes_is_left_out_once() {
        let strokes = [[0.0; 2], [50.0; 2], [90.0; 2]].map(|point| stroke(&[point]));
        let variants = without_parts(&strokes);
        assert_eq!(variants.len(), 3);
        assert_eq!(variants[1].lines, [[[50.0, 50.0]]]);
        assert_eq!(drawing(&variants[1]), [strokes[0].clone(), strokes[2].clone()]);
        let many: Vec<Stroke> = (0..100_u8).map(|x| stroke(&[[f32::from(x), 0.0]])).collect();
        let variants = without_parts(&many);
        assert!(variants.len() <= MAX_PARTS);
        assert_eq!(variants.iter().map(|variant| variant.lines.len()).sum::<usize>(), 100);
    }

    #[test]
    fn one_stroke_is_left_out_in_parts_with_the_pens_round_ends() {
        let line = stroke(&[[0.0, 0.0], [100.0, 0.0], [100.0, 50.0]]);
        let variants = without_parts(std::slice::from_ref(&line));
        assert_eq!(variants.len(), 3);
        assert_eq!(variants[1].lines, [[[50.0, 0.0], [100.0, 0.0]]]);
        assert_eq!(
            drawing(&variants[1]),
            [
                stroke(&[[0.0, 0.0], [45.0, 0.0]]),
                stroke(&[[100.0, 5.0], [100.0, 50.0]])
            ]
        );
        assert_eq!(drawing(&variants[2]), [stroke(&[[0.0, 0.0], [95.0, 0.0]])]);
        // A short line has halves, a dot has no parts.
        assert_eq!(without_parts(&[stroke(&[[0.0, 0.0], [20.0, 0.0]])]).len(), 2);
        assert!(without_parts(&[stroke(&[[5.0, 5.0]])]).is_empty());
        assert!(without_parts(&[]).is_empty());
        let long: Vec<[f32; 2]> = (0..280_u16).map(|y| [f32::from(y % 2) * 280.0, f32::from(y)]).collect();
        assert_eq!(without_parts(&[stroke(&long)]).len(), MAX_PARTS);
    }

    #[test]
    fn pieces_are_short_stay_on_the_page_and_join_the_ends() {
        let strokes = [
            stroke(&[[10.0, 10.0], [10.0, 110.0]]),
            stroke(&[[60.0, 110.0], [60.0, 10.0]]),
        ];
        let variants = with_pieces(&strokes, [10.0, 10.0, 50.0, 100.0]);
        assert!(!variants.is_empty() && variants.len() <= MAX_ADDED);
        for variant in &variants {
            let [line] = &variant.lines[..] else {
                panic!("one piece at a time");
            };
            assert!(
                line.iter()
                    .flatten()
                    .all(|coordinate| (0.0..=PAGE).contains(coordinate))
            );
            assert!(distance(line[0], line[1]) <= 60.0);
            assert_eq!(drawing(variant).len(), 3);
        }
        assert!(
            variants
                .iter()
                .any(|variant| variant.lines == [[[10.0, 110.0], [60.0, 110.0]]])
        );
        assert!(with_pieces(&[], [0.0; 4]).is_empty());
    }

    #[test]
    fn patches_cover_the_ink_and_lie_on_the_page() {
        let mut input = ModelInput([0.0; PIXELS]);
        // A bar of 4 x 8 pixels.
        for y in 10..18 {
            for x in 12..16 {
                input.0[y * SIDE + x] = 1.0;
            }
        }
        let variants = without_patches(&input, [100.0, 40.0, 20.0, 80.0]);
        assert_eq!(variants.len(), 2);
        assert_eq!(
            variants[1].lines,
            [[
                [100.0, 80.0],
                [120.0, 80.0],
                [120.0, 120.0],
                [100.0, 120.0],
                [100.0, 80.0]
            ]]
        );
        let Content::Input(changed) = &variants[1].content else {
            panic!("a picture is changed as an input");
        };
        assert_eq!(changed.0.iter().sum::<f32>(), 16.0);
        // Both are full, so there is no room for more ink.
        assert!(with_patches(&input, [100.0, 40.0, 20.0, 80.0]).is_empty());
        assert!(without_patches(&ModelInput([0.0; PIXELS]), [0.0; 4]).is_empty());
    }
}
