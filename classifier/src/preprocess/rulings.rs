//! Rulings of paper: straight lines across most of the page.

use super::grid::Grid;

/// Ink from which a cell counts.
const MIN_INK: f32 = 0.2;

/// The share of its length that a ruling is inked.
const MIN_COVER: f32 = 0.5;

/// Slopes tried: from minus to plus `SLOPES` steps of one cell over this many.
const SLOPES: i32 = 6;
const SLOPE_CELLS: f32 = 120.0;

/// The ink without the rulings; `None` if there are none.
pub(super) fn removed(ink: &Grid) -> Option<Grid> {
    let rows = without_rows(ink);
    let across = rows.as_ref().unwrap_or(ink);
    let columns = without_rows(&transposed(across));
    columns.map(|columns| transposed(&columns)).or(rows)
}

/// The ink without lines from left to right.
fn without_rows(ink: &Grid) -> Option<Grid> {
    if ink.width < 24 || ink.height < 24 {
        return None;
    }
    let shift =
        |slope: i32, x: usize| ((x as f32 - ink.width as f32 / 2.0) * slope as f32 / SLOPE_CELLS).round() as isize;
    let cells = ink.values.iter().enumerate().filter(|(_, value)| **value > MIN_INK);
    let inked: Vec<[usize; 2]> = cells.map(|(index, _)| [index % ink.width, index / ink.width]).collect();
    let counts = |slope: i32| {
        let shifts: Vec<isize> = (0..ink.width).map(|x| shift(slope, x)).collect();
        let mut counts = vec![0_u32; ink.height];
        for &[x, y] in &inked {
            if let Some(count) = y.checked_add_signed(-shifts[x]).and_then(|row| counts.get_mut(row)) {
                *count += 1;
            }
        }
        counts
    };
    // The slope whose rows are the most unequal.
    let spread = |counts: &[u32]| {
        counts
            .iter()
            .map(|&count| u64::from(count) * u64::from(count))
            .sum::<u64>()
    };
    let (mut best, mut slope) = (counts(0), 0);
    for other in (-SLOPES..=SLOPES).filter(|&other| other != 0) {
        let found = counts(other);
        if spread(&found) > spread(&best) {
            (best, slope) = (found, other);
        }
    }
    let enough = (MIN_COVER * ink.width as f32) as u32;
    let mut is_line: Vec<bool> = best.iter().map(|&count| count >= enough).collect();
    // A line is thin: a dark area isn't one.
    let thickest = (ink.height / 40).max(3);
    let mut start = 0;
    while start < is_line.len() {
        let length = is_line[start..].iter().take_while(|line| **line).count();
        if length > thickest {
            is_line[start..start + length].fill(false);
        }
        start += length.max(1);
    }
    if !is_line.contains(&true) {
        return None;
    }
    // The rows beside a line belong to its soft edge.
    let near: Vec<bool> = (0..is_line.len())
        .map(|row| is_line[row.saturating_sub(1)..(row + 2).min(is_line.len())].contains(&true))
        .collect();
    let mut cleaned = ink.clone();
    for x in 0..ink.width {
        let shift = shift(slope, x);
        let line_at = |y: usize| {
            y.checked_add_signed(-shift)
                .and_then(|row| near.get(row))
                .is_some_and(|near| *near)
        };
        let mut y = 0;
        while y < ink.height {
            if !line_at(y) {
                y += 1;
                continue;
            }
            let end = (y..ink.height).find(|&row| !line_at(row)).unwrap_or(ink.height);
            // A stroke that crosses the line goes on above and below it, at this place or beside it.
            let goes_on = |row: Option<usize>| {
                row.filter(|&row| row < ink.height)
                    .is_some_and(|row| (x.saturating_sub(1)..(x + 2).min(ink.width)).any(|x| ink.at(x, row) > 0.4))
            };
            if !(goes_on(y.checked_sub(1)) && goes_on(Some(end))) {
                for row in y..end {
                    cleaned.values[row * ink.width + x] = 0.0;
                }
            }
            y = end;
        }
    }
    Some(cleaned)
}

/// Rows and columns exchanged.
fn transposed(grid: &Grid) -> Grid {
    let mut transposed = Grid::zeros(grid.height, grid.width);
    for (index, value) in transposed.values.iter_mut().enumerate() {
        *value = grid.at(index / grid.height, index % grid.height);
    }
    transposed
}
