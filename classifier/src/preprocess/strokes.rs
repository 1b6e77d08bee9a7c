//! Drawings: strokes rasterized on a grid that fits them.

use super::{
    Stroke,
    candidate::{Candidate, MAX_CANDIDATES},
    connected_components::{BODY_THRESHOLD, Components},
    grid::Grid,
    number::{self, Placement, WrittenLine},
    rect::Rect,
    stroke_width::{BOX_SIDE, MAX_WIDTH, MIN_WIDTH},
};

/// The longer side of the points' bounding box on the grid, in cells: three per pixel of the network's 20 x 20 box.
const WORKING_SIDE: f32 = 60.0;

/// The longest line of writing, in heights of a digit.
const LONGEST_LINE: f32 = 5.0;

/// Coordinates are clamped to this magnitude, whose square fits an `f32`.
const MAX_COORDINATE: f32 = 1e15;

/// Bounding box of points.
#[derive(Clone, Copy)]
struct Bounds {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

/// Parts of a drawing that may be the digit: what seems to belong together first, then all of it.
pub(super) fn candidates(strokes: &[Stroke]) -> Vec<Candidate> {
    let paths: Vec<StrokePath> = strokes.iter().filter_map(StrokePath::from_stroke).collect();
    let Some(bounds) = paths.iter().map(|path| path.bounds).reduce(Bounds::union) else {
        return Vec::new();
    };
    let ink = rasterize(&paths, bounds);
    let components = Components::find(&ink.grid, BODY_THRESHOLD);
    let mut found = Vec::new();
    for group in components.groups(MAX_CANDIDATES) {
        let Some(digit) = components.cut_out(&group) else {
            continue;
        };
        // Distant strokes made the grid too coarse for this one: rasterize its strokes again.
        let area = ink.area(digit.area, bounds);
        let small = digit.area.longer_side() as f32 <= 0.7 * ink.grid.longer_side() as f32;
        let grid = if small {
            let near: Vec<StrokePath> = paths.iter().filter(|path| path.bounds.within(area)).cloned().collect();
            let bounds = near.iter().map(|path| path.bounds).reduce(Bounds::union);
            bounds.map_or(digit.grid, |bounds| rasterize(&near, bounds).grid.cropped())
        } else {
            digit.grid
        };
        let place = [area.left, area.top, area.right - area.left, area.bottom - area.top];
        found.extend(Candidate::new(&grid, digit.area, 1, &group).map(|candidate| Candidate {
            area: place,
            is_edge: false,
            ..candidate
        }));
    }
    found
}

/// The lines of writing in a drawing.
pub(super) fn lines(strokes: &[Stroke]) -> Vec<WrittenLine> {
    let paths: Vec<StrokePath> = strokes.iter().filter_map(StrokePath::from_stroke).collect();
    let Some(bounds) = paths.iter().map(|path| path.bounds).reduce(Bounds::union) else {
        return Vec::new();
    };
    let ink = rasterize_at(&paths, bounds, WORKING_SIDE * LONGEST_LINE);
    let placement = Placement {
        left: bounds.left - ink.margin / ink.scale.max(f32::MIN_POSITIVE),
        top: bounds.top - ink.margin / ink.scale.max(f32::MIN_POSITIVE),
        side: 1.0 / ink.scale.max(f32::MIN_POSITIVE),
    };
    number::lines(&ink.grid, placement)
}

/// The luminance of each pixel of a square page, row by row.
pub(super) fn page(strokes: &[Stroke], side: usize) -> Vec<u8> {
    let luminance = |ink: &f32| ((1.0 - ink) * 255.0).round() as u8;
    page_ink(strokes, side).values.iter().map(luminance).collect()
}

/// The ink of each pixel of a square page, with the pen widths as they were drawn.
pub(super) fn page_ink(strokes: &[Stroke], side: usize) -> Grid {
    let mut grid = Grid::zeros(side, side);
    for path in strokes.iter().filter_map(StrokePath::from_stroke) {
        let mut last = None;
        for &point in &path.points {
            draw_line(&mut grid, last.unwrap_or(point), point, path.width / 2.0);
            last = Some(point);
        }
    }
    grid
}

/// The ink of all strokes, cropped to its bounding box; `None` if no stroke has a point.
#[cfg(feature = "train")]
pub(crate) fn whole_drawing(strokes: &[Stroke]) -> Option<Grid> {
    let paths: Vec<StrokePath> = strokes.iter().filter_map(StrokePath::from_stroke).collect();
    let bounds = paths.iter().map(|path| path.bounds).reduce(Bounds::union)?;
    Some(rasterize(&paths, bounds).grid.cropped())
}

/// A stroke whose points and width are finite.
#[derive(Clone)]
struct StrokePath {
    points: Vec<[f32; 2]>,
    width: f32,
    bounds: Bounds,
}

impl StrokePath {
    fn from_stroke(stroke: &Stroke) -> Option<Self> {
        let points: Vec<[f32; 2]> = stroke
            .points
            .iter()
            .filter(|[x, y]| x.is_finite() && y.is_finite())
            .map(|point| point.map(|coordinate| coordinate.clamp(-MAX_COORDINATE, MAX_COORDINATE)))
            .collect();
        let bounds = points
            .iter()
            .map(|&[x, y]| Bounds {
                left: x,
                top: y,
                right: x,
                bottom: y,
            })
            .reduce(Bounds::union)?;
        let width = if stroke.width.is_finite() {
            stroke.width.clamp(0.0, MAX_COORDINATE)
        } else {
            0.0
        };
        Some(Self { points, width, bounds })
    }

    /// Length of the path.
    fn length(&self) -> f32 {
        self.points.windows(2).map(|pair| distance(pair[0], pair[1])).sum()
    }
}

impl Bounds {
    fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn longer_side(self) -> f32 {
        (self.right - self.left).max(self.bottom - self.top)
    }

    fn within(self, other: Self) -> bool {
        self.left >= other.left && self.top >= other.top && self.right <= other.right && self.bottom <= other.bottom
    }
}

/// A rasterized drawing: the offset of the points' bounding box and the cells per unit of length.
struct Rasterized {
    grid: Grid,
    margin: f32,
    scale: f32,
}

impl Rasterized {
    /// A rectangle of cells in the drawing's units.
    fn area(&self, cells: Rect, bounds: Bounds) -> Bounds {
        let unit = |cell: usize, start: f32| (cell as f32 - self.margin) / self.scale.max(f32::MIN_POSITIVE) + start;
        Bounds {
            left: unit(cells.left, bounds.left),
            top: unit(cells.top, bounds.top),
            right: unit(cells.right, bounds.left),
            bottom: unit(cells.bottom, bounds.top),
        }
    }
}

/// Draws the strokes, the pen width brought into the range of the training data.
fn rasterize(paths: &[StrokePath], bounds: Bounds) -> Rasterized {
    rasterize_at(paths, bounds, WORKING_SIDE)
}

/// As [`rasterize`], with a longer side of `side` cells for the points.
fn rasterize_at(paths: &[StrokePath], bounds: Bounds, side: f32) -> Rasterized {
    let longest = bounds.longer_side();
    // All points coincide: a dot.
    let scale = if longest > 1e-15 { side / longest } else { 0.0 };
    let length: f32 = paths.iter().map(StrokePath::length).sum();
    let mean = if length > 0.0 {
        paths
            .iter()
            .map(|path| path.width * (path.length() / length))
            .sum::<f32>()
    } else {
        paths.iter().map(|path| path.width).fold(0.0, f32::max)
    };
    // The pen width adds to the box: with `width` pixels in the box of 20, the points themselves take 20 - width.
    let to_box = |width: f32| BOX_SIDE * width / (WORKING_SIDE + width);
    let to_grid = |width: f32| WORKING_SIDE * width / (BOX_SIDE - width);
    let grid_width = to_grid(to_box(mean * scale).clamp(MIN_WIDTH, MAX_WIDTH));
    let factor = if mean * scale > 1e-6 { grid_width / mean } else { 0.0 };
    let margin = (grid_width * 2.0).ceil() + 1.0;
    let cells = |extent: f32| (extent * scale + 2.0 * margin).ceil() as usize + 1;
    let mut grid = Grid::zeros(cells(bounds.right - bounds.left), cells(bounds.bottom - bounds.top));
    for path in paths {
        let width = if factor > 0.0 {
            (path.width * factor).clamp(grid_width / 2.0, grid_width * 2.0)
        } else {
            grid_width
        };
        let to_cell = |[x, y]: [f32; 2]| [(x - bounds.left) * scale + margin, (y - bounds.top) * scale + margin];
        let mut last: Option<[f32; 2]> = None;
        for point in path.points.iter().copied().map(to_cell) {
            // Skip points that add nothing visible.
            if last.is_some_and(|last| distance(last, point) < (width / 8.0).max(1.0)) {
                continue;
            }
            draw_line(&mut grid, last.unwrap_or(point), point, width / 2.0);
            last = Some(point);
        }
    }
    Rasterized { grid, margin, scale }
}

/// Draws a line with round ends and an edge softened over one cell.
pub(crate) fn draw_line(grid: &mut Grid, from: [f32; 2], to: [f32; 2], radius: f32) {
    let direction = [to[0] - from[0], to[1] - from[1]];
    let squared = direction[0] * direction[0] + direction[1] * direction[1];
    let reach = radius + 0.5;
    let rows = covered_cells(from[1].min(to[1]) - reach, from[1].max(to[1]) + reach, grid.height);
    for y in rows {
        let middle = y as f32 + 0.5;
        // Only the part of the line within reach of this row can cover its cells.
        let (near, far) = if direction[1].abs() > 1e-6 {
            let (one, other) = (
                (middle - reach - from[1]) / direction[1],
                (middle + reach - from[1]) / direction[1],
            );
            (one.min(other).clamp(0.0, 1.0), one.max(other).clamp(0.0, 1.0))
        } else {
            (0.0, 1.0)
        };
        let (one, other) = (from[0] + near * direction[0], from[0] + far * direction[0]);
        for x in covered_cells(one.min(other) - reach, one.max(other) + reach, grid.width) {
            let (across, down) = (x as f32 + 0.5 - from[0], middle - from[1]);
            let along = if squared > 0.0 {
                ((across * direction[0] + down * direction[1]) / squared).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let (across, down) = (across - along * direction[0], down - along * direction[1]);
            let ink = (reach - (across * across + down * down).sqrt()).clamp(0.0, 1.0);
            let cell = &mut grid.values[y * grid.width + x];
            *cell = cell.max(ink);
        }
    }
}

/// The cells whose centre lies within half a cell of the interval, of `cells` cells.
fn covered_cells(from: f32, to: f32, cells: usize) -> std::ops::Range<usize> {
    (from - 0.5).ceil().max(0.0) as usize..((to + 0.5).floor().max(0.0) as usize).min(cells)
}

fn distance(from: [f32; 2], to: [f32; 2]) -> f32 {
    let (across, down) = (to[0] - from[0], to[1] - from[1]);
    (across * across + down * down).sqrt()
}
