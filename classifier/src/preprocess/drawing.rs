//! Drawings: strokes drawn on a sheet that fits them.

use super::{
    Stroke,
    blobs::{self, Pieces},
    pen::{BOX, FAT, THIN},
    sheet::Sheet,
};

/// The longer side of the points' box on the sheet, in cells: three to a pixel of the network's 20 x 20 box.
const WORKING: f32 = 60.0;

/// Coordinates beyond this are brought back to it: their squares still fit an f32.
const FARTHEST: f32 = 1e15;

/// The rectangle around points.
#[derive(Clone, Copy)]
struct Bounds {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

/// The digit's ink, cut out; `None` when no stroke has a point.
pub(super) fn find_digit(strokes: &[Stroke]) -> Option<Sheet> {
    let pulls: Vec<Pull> = strokes.iter().filter_map(Pull::of).collect();
    let bounds = pulls.iter().map(|pull| pull.bounds).reduce(Bounds::joined)?;
    let ink = draw(&pulls, bounds);
    let digit = blobs::digit(&ink.sheet, Pieces::All)?;
    // Specks far away made the sheet coarse for the digit: draw again what was kept.
    if digit.area.longest() as f32 <= 0.7 * ink.sheet.longest() as f32 {
        let kept = Bounds {
            left: (digit.area.left as f32 - ink.margin) / ink.scale + bounds.left,
            top: (digit.area.top as f32 - ink.margin) / ink.scale + bounds.top,
            right: (digit.area.right as f32 - ink.margin) / ink.scale + bounds.left,
            bottom: (digit.area.bottom as f32 - ink.margin) / ink.scale + bounds.top,
        };
        let near: Vec<Pull> = pulls.into_iter().filter(|pull| pull.bounds.within(kept)).collect();
        if let Some(bounds) = near.iter().map(|pull| pull.bounds).reduce(Bounds::joined) {
            return Some(blobs::digit(&draw(&near, bounds).sheet, Pieces::All)?.sheet);
        }
    }
    Some(digit.sheet)
}

/// A stroke whose points and width are all finite.
struct Pull {
    points: Vec<[f32; 2]>,
    width: f32,
    bounds: Bounds,
}

impl Pull {
    fn of(stroke: &Stroke) -> Option<Self> {
        let points: Vec<[f32; 2]> = stroke
            .points
            .iter()
            .filter(|[x, y]| x.is_finite() && y.is_finite())
            .map(|point| point.map(|coordinate| coordinate.clamp(-FARTHEST, FARTHEST)))
            .collect();
        let bounds = points
            .iter()
            .map(|&[x, y]| Bounds {
                left: x,
                top: y,
                right: x,
                bottom: y,
            })
            .reduce(Bounds::joined)?;
        let width = if stroke.width.is_finite() {
            stroke.width.clamp(0.0, FARTHEST)
        } else {
            0.0
        };
        Some(Self { points, width, bounds })
    }

    /// Length of the pen's way.
    fn length(&self) -> f32 {
        self.points.windows(2).map(|pair| distance(pair[0], pair[1])).sum()
    }
}

impl Bounds {
    fn joined(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn longest(self) -> f32 {
        (self.right - self.left).max(self.bottom - self.top)
    }

    fn within(self, other: Self) -> bool {
        self.left >= other.left && self.top >= other.top && self.right <= other.right && self.bottom <= other.bottom
    }
}

/// A drawing on a sheet: where its points' box begins and how many cells a unit of theirs takes.
struct Drawn {
    sheet: Sheet,
    margin: f32,
    scale: f32,
}

/// Draw the strokes, the pen's width brought into the range the network knows.
fn draw(pulls: &[Pull], bounds: Bounds) -> Drawn {
    let longest = bounds.longest();
    // All points in one place (or as good as): a dot.
    let scale = if longest > 1e-15 { WORKING / longest } else { 0.0 };
    let length: f32 = pulls.iter().map(Pull::length).sum();
    let mean = if length > 0.0 {
        pulls
            .iter()
            .map(|pull| pull.width * (pull.length() / length))
            .sum::<f32>()
    } else {
        pulls.iter().map(|pull| pull.width).fold(0.0, f32::max)
    };
    // The pen's width adds to the box: of `width` pixels in the box of 20 the points themselves take 20 - width.
    let in_box = |width: f32| BOX * width / (WORKING + width);
    let on_sheet = |width: f32| WORKING * width / (BOX - width);
    let drawn = on_sheet(in_box(mean * scale).clamp(THIN, FAT));
    let factor = if mean * scale > 1e-6 { drawn / mean } else { 0.0 };
    let margin = (drawn * 2.0).ceil() + 1.0;
    let cells = |extent: f32| (extent * scale + 2.0 * margin).ceil() as usize + 1;
    let mut sheet = Sheet::blank(cells(bounds.right - bounds.left), cells(bounds.bottom - bounds.top));
    for pull in pulls {
        let width = if factor > 0.0 {
            (pull.width * factor).clamp(drawn / 2.0, drawn * 2.0)
        } else {
            drawn
        };
        let place = |[x, y]: [f32; 2]| [(x - bounds.left) * scale + margin, (y - bounds.top) * scale + margin];
        let mut last: Option<[f32; 2]> = None;
        for point in pull.points.iter().copied().map(place) {
            // The pen rests: nothing new to draw.
            if last.is_some_and(|last| distance(last, point) < (width / 8.0).max(1.0)) {
                continue;
            }
            line(&mut sheet, last.unwrap_or(point), point, width / 2.0);
            last = Some(point);
        }
    }
    Drawn { sheet, margin, scale }
}

/// Draw a line with round ends, its edge softened over one cell.
fn line(sheet: &mut Sheet, from: [f32; 2], to: [f32; 2], radius: f32) {
    let way = [to[0] - from[0], to[1] - from[1]];
    let squared = way[0] * way[0] + way[1] * way[1];
    let reach = radius + 0.5;
    let rows = span(from[1].min(to[1]) - reach, from[1].max(to[1]) + reach, sheet.height);
    for y in rows {
        let middle = y as f32 + 0.5;
        // Only the part of the line within reach of this row can cover its cells.
        let (near, far) = if way[1].abs() > 1e-6 {
            let (one, other) = ((middle - reach - from[1]) / way[1], (middle + reach - from[1]) / way[1]);
            (one.min(other).clamp(0.0, 1.0), one.max(other).clamp(0.0, 1.0))
        } else {
            (0.0, 1.0)
        };
        let (one, other) = (from[0] + near * way[0], from[0] + far * way[0]);
        for x in span(one.min(other) - reach, one.max(other) + reach, sheet.width) {
            let (across, down) = (x as f32 + 0.5 - from[0], middle - from[1]);
            let along = if squared > 0.0 {
                ((across * way[0] + down * way[1]) / squared).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let (across, down) = (across - along * way[0], down - along * way[1]);
            let ink = (reach - (across * across + down * down).sqrt()).clamp(0.0, 1.0);
            let cell = &mut sheet.values[y * sheet.width + x];
            *cell = cell.max(ink);
        }
    }
}

/// Cells whose middle lies between two places, of `cells` there are.
fn span(from: f32, to: f32, cells: usize) -> std::ops::Range<usize> {
    (from - 0.5).ceil().max(0.0) as usize..((to + 0.5).floor().max(0.0) as usize).min(cells)
}

fn distance(from: [f32; 2], to: [f32; 2]) -> f32 {
    let (across, down) = (to[0] - from[0], to[1] - from[1]);
    (across * across + down * down).sqrt()
}
