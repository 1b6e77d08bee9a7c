//! The training data: MNIST's digits, digits of other hands and fonts, and images that are no digit. MNIST's own images are
//! used as they are; all others are generated in each epoch from the seed, and framed as pictures are before inference.

use ab_glyph::FontVec;
use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::fonts;
use super::pen::{self, Path, between, chance};
use super::shapes::{self, SHEET};
use crate::mnist::Dataset;
use crate::preprocess::grid::Grid;
use crate::preprocess::rect::Rect;
use crate::preprocess::strokes::draw_line;
use crate::preprocess::{Stroke, frame, frame_drawing};
use crate::{ModelInput, NO_DIGIT, PIXELS, SIDE};

/// A kind of image in the mixture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// MNIST's digits as they are.
    Mnist,
    /// MNIST's digits reduced to a longer side of 6.5 to 12 cells and enlarged.
    LowResolution,
    /// Digits drawn by rules, the pen as wide as the drawing's rules make it.
    Pen,
    /// Digits drawn by rules with pens of any width, blurred and uneven.
    PenOnPaper,
    /// Digits of fonts.
    Glyph,
    /// MNIST's digits with specks, with crumbs of a neighbour, with gaps where a line was removed.
    Crumbs,
    /// Letters and signs of fonts.
    Letter,
    /// Hearts, stars, arrows, rulings.
    Shape,
    /// Scribbles.
    Scribble,
    /// Blots, strips and wedges.
    Blot,
    /// Two digits, or three.
    Pair,
    /// A digit with a piece of its neighbour.
    Piece,
    /// Part of a digit.
    Part,
    /// A digit with the frame or circle around it, the line under it, or the rulings behind it.
    Enclosed,
    /// A line that isn't upright.
    Line,
    /// Noise.
    Texture,
}

impl Kind {
    /// Whether images of this kind are made of fonts.
    pub(crate) fn needs_fonts(self) -> bool {
        matches!(self, Self::Glyph | Self::Letter)
    }
}

/// Images of each kind in an epoch, beside MNIST's.
pub(crate) const IMAGES_PER_EPOCH: [(Kind, usize); 15] = [
    (Kind::LowResolution, 7_000),
    (Kind::Pen, 20_000),
    (Kind::PenOnPaper, 5_000),
    (Kind::Glyph, 5_000),
    (Kind::Crumbs, 5_000),
    (Kind::Letter, 9_000),
    (Kind::Shape, 6_000),
    (Kind::Scribble, 2_000),
    (Kind::Blot, 3_000),
    (Kind::Pair, 7_000),
    (Kind::Piece, 5_000),
    (Kind::Part, 3_000),
    (Kind::Enclosed, 4_000),
    (Kind::Line, 1_000),
    (Kind::Texture, 1_500),
];

/// Tries at an image before a blank one is given in its place.
const MAX_ATTEMPTS: usize = 8;

/// An image and its class: a digit, or [`NO_DIGIT`].
pub(crate) type Example = (ModelInput, u8);

/// What images are made of.
pub(crate) struct Sources<'a> {
    pub(crate) digits: &'a Dataset,
    /// The MNIST images that may be used.
    pub(crate) indices: &'a [usize],
    pub(crate) fonts: &'a [FontVec],
}

impl Sources<'_> {
    /// An image of the kind.
    pub(crate) fn make(&self, kind: Kind, random: &mut impl RngExt) -> Example {
        // A digit cut away, a character that the font lacks: another one.
        (0..MAX_ATTEMPTS)
            .find_map(|_| self.try_make(kind, random))
            .unwrap_or((ModelInput([0.0; PIXELS]), NO_DIGIT))
    }

    fn try_make(&self, kind: Kind, random: &mut impl RngExt) -> Option<Example> {
        let no_digit = |ink: &Grid| Some((frame(ink)?, NO_DIGIT));
        match kind {
            Kind::Mnist => {
                let (ink, digit) = self.mnist(random);
                Some((ModelInput(ink.values.try_into().ok()?), digit))
            }
            Kind::LowResolution => {
                let (ink, digit) = self.mnist(random);
                Some((frame(&low_resolution(&ink, random)?)?, digit))
            }
            Kind::Pen => {
                let digit = random.random_range(0..10);
                Some((drawing(&pen::digit(digit, random), random)?, digit))
            }
            Kind::PenOnPaper => {
                let digit = random.random_range(0..10);
                Some((
                    frame(&worn(&on_paper(&pen::digit(digit, random), random), random))?,
                    digit,
                ))
            }
            Kind::Glyph => {
                let digit = random.random_range(0..10_u8);
                let font = self.font(random)?;
                let ink = fonts::glyph(font, char::from(b'0' + digit))?;
                Some((frame(&maybe_worn(ink, random))?, digit))
            }
            Kind::Crumbs => self.crumbs(random),
            Kind::Letter => {
                let character = shapes::CHARACTERS[random.random_range(0..shapes::CHARACTERS.len())];
                no_digit(&maybe_worn(fonts::glyph(self.font(random)?, character)?, random))
            }
            Kind::Shape => {
                let paths = shapes::shape(random);
                self.marks(&paths, random)
            }
            Kind::Scribble => {
                let paths = shapes::scribble(random);
                self.marks(&paths, random)
            }
            Kind::Blot => no_digit(&shapes::blot(random)),
            Kind::Pair => {
                let mut pair = self.beside(random)?;
                if chance(random, 0.15) {
                    let (third, _) = self.any_digit(random)?;
                    let gap = between(random, -3.0, 6.0);
                    pair.ink = placed_beside(&pair.ink, &third, gap, between(random, -3.0, 3.0)).ink;
                }
                no_digit(&pair.ink)
            }
            Kind::Piece => {
                let pair = self.beside(random)?;
                no_digit(&pair.with_piece(between(random, 0.25, 0.75), chance(random, 0.5)))
            }
            Kind::Part => self.part(random),
            Kind::Enclosed => self.enclosed(random),
            Kind::Line => {
                let paths = shapes::flat_line(random);
                self.marks(&paths, random)
            }
            Kind::Texture => no_digit(&texture(random)),
        }
    }

    fn font(&self, random: &mut impl RngExt) -> Option<&FontVec> {
        self.fonts.get(random.random_range(0..self.fonts.len().max(1)))
    }

    /// A digit of MNIST.
    fn mnist(&self, random: &mut impl RngExt) -> (Grid, u8) {
        let index = self.indices[random.random_range(0..self.indices.len())];
        (grid(&self.digits.input(index)), self.digits.labels[index])
    }

    /// A digit of MNIST or drawn by rules, cropped.
    fn any_digit(&self, random: &mut impl RngExt) -> Option<(Grid, u8)> {
        let (ink, digit) = if chance(random, 0.7) {
            self.mnist(random)
        } else {
            let digit = random.random_range(0..10);
            (grid(&drawing(&pen::digit(digit, random), random)?), digit)
        };
        Some((ink.crop(ink.bounding_box(0.1)?, 0), digit))
    }

    /// Two digits beside each other.
    fn beside(&self, random: &mut impl RngExt) -> Option<Beside> {
        let (left, _) = self.any_digit(random)?;
        let (right, _) = self.any_digit(random)?;
        let gap = between(random, -4.0, 5.0);
        Some(placed_beside(&left, &right, gap, between(random, -4.0, 4.0)))
    }

    /// Shapes that are no digit, as a drawing or on paper.
    #[expect(clippy::unused_self, reason = "called like the others")]
    fn marks(&self, paths: &[Path], random: &mut impl RngExt) -> Option<Example> {
        let input = if chance(random, 0.5) {
            drawing(paths, random)?
        } else {
            frame(&worn(&on_paper(paths, random), random))?
        };
        Some((input, NO_DIGIT))
    }

    /// A digit that something small was added to or taken from.
    fn crumbs(&self, random: &mut impl RngExt) -> Option<Example> {
        let (ink, digit) = self.any_digit(random)?;
        let ink = match random.random_range(0..4) {
            0 => {
                let (other, _) = self.any_digit(random)?;
                let first = chance(random, 0.5);
                let (left, right) = if first { (&ink, &other) } else { (&other, &ink) };
                let gap = between(random, -1.0, 4.0);
                placed_beside(left, right, gap, between(random, -4.0, 4.0))
                    .with_piece(between(random, 0.03, 0.12), first)
            }
            1 => {
                let mut ink = ink.crop(ink.full_area(), 4);
                for _ in 0..random.random_range(1..4) {
                    let at = [
                        between(random, 0.0, ink.width as f32),
                        between(random, 0.0, ink.height as f32),
                    ];
                    draw_line(&mut ink, at, at, between(random, 0.3, 0.9));
                }
                ink
            }
            // Where a ruling was removed.
            2 => {
                let mut ink = ink;
                let rows = random.random_range(1..=2_usize);
                let top = random.random_range(0..ink.height);
                let kept = between(random, 0.0, 0.5);
                let width = ink.width;
                for row in ink.values.chunks_exact_mut(width).skip(top).take(rows) {
                    for value in row {
                        *value *= kept;
                    }
                }
                ink
            }
            // A short piece of a line beside it.
            _ => {
                let mut ink = ink.crop(ink.full_area(), 4);
                let y = between(random, 0.0, ink.height as f32);
                let x = if chance(random, 0.5) {
                    0.0
                } else {
                    ink.width as f32 - 4.0
                };
                let end = [x + between(random, 2.0, 4.0), y + between(random, -0.3, 0.3)];
                draw_line(&mut ink, [x, y], end, between(random, 0.3, 0.8));
                ink
            }
        };
        Some((frame(&ink)?, digit))
    }

    /// Part of a digit, of those whose parts look like no other.
    fn part(&self, random: &mut impl RngExt) -> Option<Example> {
        let (ink, digit) = self.any_digit(random)?;
        if matches!(digit, 1 | 4 | 7 | 9) || ink.width < 8 {
            return None;
        }
        let cut = (ink.width as f32 * between(random, 0.3, 0.55)) as usize;
        let area = if chance(random, 0.5) {
            Rect {
                right: cut.max(1),
                ..ink.full_area()
            }
        } else {
            Rect {
                left: cut.min(ink.width - 1),
                ..ink.full_area()
            }
        };
        let part = ink.crop(area, 0);
        let part = part.crop(part.bounding_box(0.1)?, 0);
        // A narrow part is a 1.
        if part.width * 3 < part.height {
            return None;
        }
        Some((frame(&part)?, NO_DIGIT))
    }

    /// A digit with what was drawn or printed around it.
    fn enclosed(&self, random: &mut impl RngExt) -> Option<Example> {
        let (digit, _) = self.any_digit(random)?;
        let side = between(random, 24.0, 56.0);
        let digit = digit.scaled(side / digit.longer_side() as f32);
        let mut sheet = shapes::sheet();
        let (left, top) = (
            (SHEET - digit.width.min(SHEET)) / 2,
            (SHEET - digit.height.min(SHEET)) / 2,
        );
        for (y, row) in digit.rows().enumerate() {
            for (x, value) in row.iter().enumerate() {
                if let Some(cell) = sheet.values.get_mut((top + y) * SHEET + left + x) {
                    *cell = value.min(1.0);
                }
            }
        }
        let half = [digit.width as f32 / 2.0, digit.height as f32 / 2.0];
        let pen = between(random, 1.0, side / 8.0);
        match random.random_range(0..4) {
            0 | 1 => shapes::draw(&mut sheet, &shapes::enclosure(half, random), 1.0, pen),
            // A line under the digit, or through its foot.
            2 => {
                let y = half[1] + between(random, -2.0, 0.2 * side);
                let x = half[0] + between(random, 0.1, 0.5) * side;
                let tilt = between(random, -2.0, 2.0);
                shapes::draw(&mut sheet, &[vec![[-x, y + tilt], [x, y - tilt]]], 1.0, pen);
            }
            // Rulings.
            _ => {
                let step = between(random, 0.25, 0.9) * side;
                let start = between(random, -48.0, -48.0 + step);
                let lines = (0..10).map(|line| start + step * line as f32).take_while(|&y| y < 48.0);
                let mut paths: Vec<Path> = lines.map(|y| vec![[-46.0, y], [46.0, y]]).collect();
                if chance(random, 0.3) {
                    paths.extend(
                        paths
                            .clone()
                            .iter()
                            .map(|path| path.iter().map(|&[x, y]| [y, x]).collect()),
                    );
                }
                shapes::draw(&mut sheet, &paths, 1.0, pen.min(3.0));
            }
        }
        Some((frame(&sheet)?, NO_DIGIT))
    }
}

/// Two digits on one grid.
struct Beside {
    ink: Grid,
    /// The first column of the right digit, and the column after the left one: the gap, or where they overlap.
    right_begins: usize,
    left_ends: usize,
}

impl Beside {
    /// One of the digits whole and a share of the other's width: the left one whole if `left` says so.
    fn with_piece(&self, share: f32, left: bool) -> Grid {
        let area = self.ink.full_area();
        let kept = if left {
            let piece = (share * (self.ink.width - self.right_begins) as f32).ceil() as usize;
            Rect {
                right: (self.right_begins + piece).max(1),
                ..area
            }
        } else {
            let piece = (share * self.left_ends as f32).ceil() as usize;
            Rect {
                left: self.left_ends.saturating_sub(piece),
                ..area
            }
        };
        self.ink.crop(kept, 0)
    }
}

/// Two digits, `gap` cells apart and the right one `down` cells lower.
fn placed_beside(left: &Grid, right: &Grid, gap: f32, down: f32) -> Beside {
    let begin = (left.width as f32 + gap.round()).max(1.0) as usize;
    let lower = |by: f32, height: usize, other: usize| {
        ((other.max(height) - height) as f32 / 2.0 + by.max(0.0)).round() as usize
    };
    let (left_top, right_top) = (
        lower(-down, left.height, right.height),
        lower(down, right.height, left.height),
    );
    let mut ink = Grid::zeros(
        left.width.max(begin + right.width),
        (left_top + left.height).max(right_top + right.height),
    );
    for (digit, x_offset, y_offset) in [(left, 0, left_top), (right, begin, right_top)] {
        for (y, row) in digit.rows().enumerate() {
            for (x, value) in row.iter().enumerate() {
                let cell = &mut ink.values[(y_offset + y) * ink.width + x_offset + x];
                *cell = cell.max(*value);
            }
        }
    }
    Beside {
        ink,
        right_begins: begin,
        left_ends: left.width,
    }
}

/// The input as a grid.
fn grid(input: &ModelInput) -> Grid {
    Grid {
        width: SIDE,
        height: SIDE,
        values: input.0.to_vec(),
    }
}

/// A drawing framed as the page's canvas is.
fn drawing(paths: &[Path], random: &mut impl RngExt) -> Option<ModelInput> {
    let width = between(random, 0.02, 0.2);
    let strokes: Vec<Stroke> = paths
        .iter()
        .map(|points| Stroke {
            points: points.clone(),
            width,
        })
        .collect();
    frame_drawing(&strokes)
}

/// Paths drawn on a sheet with a pen of any width.
fn on_paper(paths: &[Path], random: &mut impl RngExt) -> Grid {
    let mut sheet = shapes::sheet();
    let size = between(random, 28.0, 80.0);
    let longest = paths
        .iter()
        .flatten()
        .map(|[x, y]| x.abs().max(y.abs()))
        .fold(0.5, f32::max);
    let pen = size * between(random, 0.02, 0.2);
    shapes::draw(&mut sheet, paths, size * 0.5 / longest, pen.max(1.0));
    sheet
}

/// The digit reduced to a longer side of 6.5 to 12 cells, and enlarged again.
fn low_resolution(ink: &Grid, random: &mut impl RngExt) -> Option<Grid> {
    let digit = ink.crop(ink.bounding_box(0.1)?, 0);
    let cells = between(random, 6.5, 12.0);
    let scale = cells / digit.longer_side() as f32;
    let offset = between(random, -0.5, 0.5) / scale;
    let padded = digit.crop(digit.full_area(), 3);
    let mut small = padded.resampled(
        [(1.5 + offset).max(0.0), padded.width as f32],
        [(1.5 + offset).max(0.0), padded.height as f32],
        scale,
    );
    let steps = 16.0;
    let gain = between(random, 1.0, 1.4);
    for value in &mut small.values {
        *value = ((*value * gain).min(1.0) * steps).round() / steps;
    }
    let small = small.crop(small.full_area(), 1);
    let factor = random.random_range(2..=8_usize);
    Some(if chance(random, 0.3) {
        let mut enlarged = Grid::zeros(small.width * factor, small.height * factor);
        let width = enlarged.width;
        for (index, value) in enlarged.values.iter_mut().enumerate() {
            *value = small.at(index % width / factor, index / width / factor);
        }
        enlarged
    } else {
        small.scaled(factor as f32)
    })
}

fn maybe_worn(ink: Grid, random: &mut impl RngExt) -> Grid {
    if chance(random, 0.4) { worn(&ink, random) } else { ink }
}

/// Blurred, uneven and with rough edges, as a photograph's ink is.
fn worn(ink: &Grid, random: &mut impl RngExt) -> Grid {
    let mut ink = ink.crop(ink.full_area(), 2);
    for _ in 0..random.random_range(0..3) {
        ink = ink.smoothed();
    }
    if chance(random, 0.5) {
        let rough = between(random, 0.0, 0.5);
        for value in &mut ink.values {
            if *value > 0.02 {
                *value = (*value + rough * between(random, -0.5, 0.5) * *value).clamp(0.0, 1.0);
            }
        }
    }
    let floor = between(random, 0.0, 0.25);
    for value in &mut ink.values {
        *value = ((*value - floor) / (1.0 - floor)).max(0.0);
    }
    ink
}

/// Noise of a random grain above a threshold.
fn texture(random: &mut impl RngExt) -> Grid {
    let side = random.random_range(8..40_usize);
    let mut noise = Grid::zeros(side, side);
    for value in &mut noise.values {
        *value = between(random, 0.0, 1.0);
    }
    for _ in 0..random.random_range(0..4) {
        noise = noise.smoothed();
    }
    let floor = noise.mean() + between(random, -0.05, 0.15);
    let gain = between(random, 2.0, 20.0);
    for value in &mut noise.values {
        *value = ((*value - floor) * gain).clamp(0.0, 1.0);
    }
    noise
}
