//! The cells of the grid.

use crate::draw::drawing::PAGE;

/// The cells in a row, and the rows: as many as the network's input has pixels.
pub const SIDE: u8 = 28;

/// The rows that Page Up and Page Down move over.
const PAGE_ROWS: u8 = 7;

/// A cell, counted from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub row: u8,
    pub column: u8,
}

impl Cell {
    /// Where the keyboard starts.
    pub const MIDDLE: Self = Self {
        row: SIDE / 2,
        column: SIDE / 2,
    };

    /// All cells, row by row.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..SIDE).flat_map(Self::of_row)
    }

    /// The cells of a row, from left to right.
    pub fn of_row(row: u8) -> impl Iterator<Item = Self> {
        (0..SIDE).map(move |column| Self { row, column })
    }

    /// The middle of the cell, in page units.
    pub fn centre(self) -> [f32; 2] {
        [self.column, self.row].map(|index| (f32::from(index) + 0.5) * PAGE / f32::from(SIDE))
    }

    /// The id of its element.
    pub fn id(self) -> String {
        format!("cell-{}-{}", self.row, self.column)
    }

    /// The cell with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        let (row, column) = id.strip_prefix("cell-")?.split_once('-')?;
        let index = |text: &str| text.parse().ok().filter(|&index: &u8| index < SIDE);
        Some(Self {
            row: index(row)?,
            column: index(column)?,
        })
    }

    /// Where a key leads, a value of `KeyboardEvent.key`; `None` for keys that don't move.
    pub fn after(self, key: &str, control: bool) -> Option<Self> {
        const LAST: u8 = SIDE - 1;
        let Self { row, column } = self;
        let (row, column) = match (key, control) {
            ("ArrowLeft", false) => (row, column.saturating_sub(1)),
            ("ArrowRight", false) => (row, LAST.min(column + 1)),
            ("ArrowUp", false) => (row.saturating_sub(1), column),
            ("ArrowDown", false) => (LAST.min(row + 1), column),
            ("PageUp", false) => (row.saturating_sub(PAGE_ROWS), column),
            ("PageDown", false) => (LAST.min(row + PAGE_ROWS), column),
            ("Home", false) => (row, 0),
            ("End", false) => (row, LAST),
            ("Home", true) => (0, 0),
            ("End", true) => (LAST, LAST),
            _ => return None,
        };
        Some(Self { row, column })
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole numbers are exact")]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_a_pixel_of_the_networks_input() {
        assert_eq!(usize::from(SIDE), classifier::SIDE);
        assert_eq!(Cell::all().count(), classifier::PIXELS);
    }

    #[test]
    fn the_cells_cover_the_page() {
        assert_eq!(Cell { row: 0, column: 27 }.centre(), [275.0, 5.0]);
    }

    #[test]
    fn a_cell_is_found_by_its_id() {
        for cell in Cell::all() {
            assert_eq!(Cell::from_id(&cell.id()), Some(cell));
        }
        for id in ["", "cell-1", "cell-1-28", "cell-28-1", "cell--1-1", "grid"] {
            assert_eq!(Cell::from_id(id), None, "{id}");
        }
    }

    #[test]
    fn keys_move_within_the_grid() {
        let after = |keys: &[&str]| {
            let moves = keys.iter().try_fold(Cell::MIDDLE, |cell, key| cell.after(key, false));
            moves.map(|Cell { row, column }| (row, column))
        };
        assert_eq!(after(&["ArrowLeft", "ArrowUp", "ArrowUp"]), Some((12, 13)));
        assert_eq!(after(&["ArrowRight", "ArrowDown"]), Some((15, 15)));
        assert_eq!(after(&["Home", "ArrowLeft"]), Some((14, 0)));
        assert_eq!(after(&["End", "ArrowRight"]), Some((14, 27)));
        assert_eq!(after(&["PageUp"; 3]), Some((0, 14)));
        assert_eq!(after(&["PageDown"; 3]), Some((27, 14)));
        assert_eq!(after(&["a"]), None);
        assert_eq!(Cell::MIDDLE.after("Home", true), Some(Cell { row: 0, column: 0 }));
        assert_eq!(Cell::MIDDLE.after("End", true), Some(Cell { row: 27, column: 27 }));
        assert_eq!(Cell::MIDDLE.after("ArrowLeft", true), None);
    }
}
