//! Numbers: lines of writing, cut at several places. Pieces between two cuts are candidates; the reading of all cuts that
//! is the likeliest wins ([`crate::number`]).

use super::{
    candidate::Area,
    connected_components::{BODY_THRESHOLD, Components},
    grid::Grid,
    model_input,
    order::sorted,
    rect::Rect,
    stroke_width,
};
use crate::ModelInput;

/// Lines, atoms of a line and parts of a line, at most.
const MAX_LINES: usize = 8;
const MAX_ATOMS: usize = 48;
const MAX_PARTS: usize = 192;

/// Atoms that one digit may consist of.
const MAX_IN_PART: usize = 6;

/// Maximum width of a digit, in heights of its line.
const MAX_WIDTH: f32 = 1.3;

/// A piece wider than this share of the line's height may be several digits.
const MAX_UNCUT: f32 = 0.45;

/// Slants of the cuts that are tried: cells to the left for each cell down.
const SLANTS: [f32; 5] = [-0.15, 0.0, 0.15, 0.3, 0.45];

/// A line of writing.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenLine {
    /// The ways to cut it: upright, and at the slant of the writing if that is another.
    pub(crate) cuttings: Vec<Cutting>,
    /// The whole line in the layout of the network's input, as a small picture of it.
    pub reduced: ModelInput,
}

/// A line that is cut in one way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cutting {
    /// Number of atoms: the smallest pieces, from left to right.
    pub(crate) atoms: usize,
    /// What may be a digit, or a sign that is none.
    pub(crate) parts: Vec<Part>,
}

/// Consecutive atoms of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The first atom, and the one after the last.
    pub(crate) atoms: [usize; 2],
    /// The network's input.
    pub(crate) input: ModelInput,
    /// The place in the picture or drawing.
    pub(crate) area: Area,
    /// Ends at which it was cut off what it was connected with, 0 to 2.
    pub(crate) cut_ends: u8,
}

impl WrittenLine {
    /// The inputs of its parts, of one cutting after the other.
    pub fn inputs(&self) -> impl Iterator<Item = &ModelInput> {
        let parts = self.cuttings.iter().flat_map(|cutting| &cutting.parts);
        parts.map(|part| &part.input)
    }
}

/// The smallest piece of a line.
struct Atom {
    /// Its left end on the slanted axis.
    begin: f32,
    /// A cut separates it from what is on its left.
    is_cut_off: bool,
    /// Its cells.
    cells: Vec<usize>,
}

/// Where the grid of ink lies: the left and top of its cells, and a cell's side, in the picture's pixels or the drawing's
/// units.
#[derive(Clone, Copy)]
pub(super) struct Placement {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) side: f32,
}

/// The lines of writing on a grid of ink, from the top.
pub(super) fn lines(ink: &Grid, placement: Placement) -> Vec<WrittenLine> {
    let components = Components::find(ink, BODY_THRESHOLD);
    components
        .lines()
        .into_iter()
        .take(MAX_LINES)
        .filter_map(|group| {
            let line = components.cut_out(&group)?;
            Some(cut(&line.grid, line.area, placement))
        })
        .collect()
}

/// Cuts a line, which lies at `area` of the grid of ink, in each way.
fn cut(line: &Grid, area: Rect, placement: Placement) -> WrittenLine {
    let components = Components::find(line, BODY_THRESHOLD).cells(line);
    let mut slants = vec![0.0];
    // Digits that lean touch where an upright cut goes through both of them, or the other way round.
    slants.extend(Some(best_slant(line)).filter(|&slant| slant != 0.0));
    let cuttings = slants
        .into_iter()
        .map(|slant| cut_at(line, &components, slant, area, placement));
    WrittenLine {
        cuttings: cuttings.collect(),
        reduced: model_input::to_model_input(line),
    }
}

/// Cuts a line with these components at one slant.
fn cut_at(line: &Grid, components: &[Vec<usize>], slant: f32, area: Rect, placement: Placement) -> Cutting {
    let height = line.height as f32;
    let column = |x: usize, y: usize| x as f32 + slant * (y as f32 - height / 2.0);
    let mut atoms: Vec<Atom> = Vec::new();
    for cells in components {
        let columns: Vec<f32> = cells
            .iter()
            .map(|&cell| column(cell % line.width, cell / line.width))
            .collect();
        let first = columns.iter().copied().fold(f32::INFINITY, f32::min);
        let last = columns.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let cuts = cuts(line, cells, &columns, first, last, height);
        let mut pieces: Vec<Vec<usize>> = vec![Vec::new(); cuts.len() + 1];
        for (&cell, &column) in cells.iter().zip(&columns) {
            pieces[cuts.iter().filter(|&&cut| column >= cut).count()].push(cell);
        }
        let begins = std::iter::once(first).chain(cuts.iter().copied());
        for (index, (begin, piece)) in begins.zip(pieces).enumerate() {
            if !piece.is_empty() {
                atoms.push(Atom {
                    begin,
                    is_cut_off: index > 0,
                    cells: piece,
                });
            }
        }
    }
    let mut atoms = sorted(atoms, |atom| atom.begin);
    atoms.truncate(MAX_ATOMS);
    let mut parts = Vec::new();
    for first in 0..atoms.len() {
        for last in first + 1..=(first + MAX_IN_PART).min(atoms.len()) {
            let is_cut = |index: usize| atoms.get(index).is_some_and(|atom| atom.is_cut_off);
            let cut_ends = u8::from(is_cut(first)) + u8::from(is_cut(last));
            let part = part(line, &atoms[first..last], area, placement);
            let Some((input, area, cells)) = part else { continue };
            if cells.width() as f32 > MAX_WIDTH * height && last > first + 1 {
                break;
            }
            if parts.len() < MAX_PARTS {
                parts.push(Part {
                    atoms: [first, last],
                    input,
                    area,
                    cut_ends,
                });
            }
        }
    }
    Cutting {
        atoms: atoms.len(),
        parts,
    }
}

/// The input of some atoms, and their place.
fn part(line: &Grid, atoms: &[Atom], area: Rect, placement: Placement) -> Option<(ModelInput, Area, Rect)> {
    let cells = || atoms.iter().flat_map(|atom| atom.cells.iter().copied());
    let bounds = cells()
        .map(|cell| Rect::cell(cell % line.width, cell / line.width))
        .reduce(Rect::union)?;
    let mut ink = Grid::zeros(bounds.width(), bounds.height());
    for cell in cells() {
        let (x, y) = (cell % line.width - bounds.left, cell / line.width - bounds.top);
        ink.values[y * bounds.width() + x] = line.values[cell];
    }
    let place = |cell: usize, start: f32| cell as f32 * placement.side + start;
    let area = [
        place(area.left + bounds.left, placement.left),
        place(area.top + bounds.top, placement.top),
        bounds.width() as f32 * placement.side,
        bounds.height() as f32 * placement.side,
    ];
    Some((model_input::to_model_input(&stroke_width::normalize(ink)), area, bounds))
}

/// The slant at which the columns of ink are the most unequal: the one of the writing.
fn best_slant(line: &Grid) -> f32 {
    let spread = |slant: f32| {
        let reach = (0.5 * line.height as f32) as usize + 1;
        let mut columns = vec![0.0_f32; line.width + 2 * reach];
        for (y, row) in line.rows().enumerate() {
            let shift = slant * (y as f32 - line.height as f32 / 2.0) + reach as f32;
            for (x, value) in row.iter().enumerate() {
                if let Some(column) = columns.get_mut((x as f32 + shift) as usize) {
                    *column += value;
                }
            }
        }
        columns.iter().map(|column| column * column).sum::<f32>()
    };
    let mut best = (0.0, spread(0.0));
    for slant in SLANTS {
        let found = spread(slant);
        if found > 1.05 * best.1 {
            best = (slant, found);
        }
    }
    best.0
}

/// Where a connected piece may be cut: where little ink is above each other, for the likelihood that two digits touch
/// there.
fn cuts(line: &Grid, cells: &[usize], columns: &[f32], first: f32, last: f32, height: f32) -> Vec<f32> {
    let width = last - first;
    if width < MAX_UNCUT * height {
        return Vec::new();
    }
    let mut ink = vec![0.0_f32; width as usize + 2];
    for (&cell, column) in cells.iter().zip(columns) {
        ink[(column - first) as usize] += line.values[cell];
    }
    // Smoothed, so that single cells make no minimum.
    let smooth: Vec<f32> = (0..ink.len())
        .map(|x| ink[x.saturating_sub(1)..(x + 2).min(ink.len())].iter().sum::<f32>())
        .collect();
    // The lowest columns first, no two nearer than a sixth of the height.
    let margin = (0.12 * height) as usize;
    let order = (margin..smooth.len().saturating_sub(margin)).collect();
    let distance = (0.14 * height).max(2.0) as usize;
    let limit = ((width / height * 5.0) as usize).clamp(2, 24);
    let mut chosen: Vec<usize> = Vec::new();
    for x in sorted(order, |&x: &usize| smooth[x]) {
        if chosen.len() == limit {
            break;
        }
        if chosen.iter().all(|&other| other.abs_diff(x) >= distance) {
            chosen.push(x);
        }
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|x| first + x as f32 + 0.5).collect()
}
