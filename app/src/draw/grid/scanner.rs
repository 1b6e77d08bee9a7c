//! Drawing with a single switch: what is marked moves on by itself, and the switch chooses it. The rows come first, then the
//! cells of the chosen row. After the rows come commands, so that nothing else has to be reached.

use super::cell::{Cell, SIDE};

/// After a cell was chosen, the next ones are marked before the rows are again: strokes go on beside it. With that cell.
const LINGER: u8 = 5;

/// The cells of a row begin so far before the one that was chosen last: strokes go on below it.
const LEAD: u8 = 2;

/// What follows the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Undo,
    Clear,
    /// Ask the server.
    Ask,
    Stop,
}

impl Command {
    const ALL: [Self; 4] = [Self::Undo, Self::Clear, Self::Ask, Self::Stop];
}

/// What is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Row(u8),
    Cell(Cell),
    Command(Command),
}

/// What was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    Cell(Cell),
    Command(Command),
}

/// What is marked, and how it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanner {
    step: Step,
    /// The cells that are marked before the next row is, with the present one.
    left: u8,
    /// The column where the cells of a row begin.
    first: u8,
}

impl Default for Scanner {
    fn default() -> Self {
        Self {
            step: Step::Row(0),
            left: 0,
            first: 0,
        }
    }
}

impl Scanner {
    /// What is marked.
    pub fn step(&self) -> Step {
        self.step
    }

    /// Mark what comes next.
    pub fn advance(&mut self) {
        self.step = match self.step {
            Step::Row(row) => after_row(row),
            Step::Cell(cell) if self.left > 1 => {
                self.left -= 1;
                Step::Cell(Cell {
                    column: (cell.column + 1) % SIDE,
                    ..cell
                })
            }
            Step::Cell(cell) => after_row(cell.row),
            Step::Command(command) => {
                let mut following = Command::ALL.into_iter().skip_while(|each| *each != command);
                following.nth(1).map_or(Step::Row(0), Step::Command)
            }
        };
    }

    /// Choose what is marked. A row is only entered.
    pub fn press(&mut self) -> Option<Chosen> {
        match self.step {
            Step::Row(row) => {
                self.left = SIDE;
                self.step = Step::Cell(Cell {
                    row,
                    column: self.first,
                });
                None
            }
            Step::Cell(cell) => {
                self.left = LINGER;
                self.first = cell.column.saturating_sub(LEAD);
                Some(Chosen::Cell(cell))
            }
            Step::Command(command) => {
                self.step = Step::Row(0);
                Some(Chosen::Command(command))
            }
        }
    }
}

fn after_row(row: u8) -> Step {
    if row + 1 < SIDE {
        Step::Row(row + 1)
    } else {
        Step::Command(Command::Undo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advance(scanner: &mut Scanner, steps: usize) -> Step {
        for _ in 0..steps {
            scanner.advance();
        }
        scanner.step()
    }

    fn cell(row: u8, column: u8) -> Cell {
        Cell { row, column }
    }

    #[test]
    fn rows_and_commands_follow_each_other_without_end() {
        let mut scanner = Scanner::default();
        assert_eq!(advance(&mut scanner, 27), Step::Row(27));
        for command in Command::ALL {
            assert_eq!(advance(&mut scanner, 1), Step::Command(command));
        }
        assert_eq!(advance(&mut scanner, 1), Step::Row(0));
    }

    #[test]
    fn every_cell_can_be_chosen_with_two_presses() {
        for wanted in Cell::all() {
            let mut scanner = Scanner::default();
            advance(&mut scanner, wanted.row.into());
            assert_eq!(scanner.press(), None);
            advance(&mut scanner, wanted.column.into());
            assert_eq!(scanner.press(), Some(Chosen::Cell(wanted)));
        }
    }

    #[test]
    fn without_a_press_a_row_is_left_after_all_its_cells() {
        let mut scanner = Scanner::default();
        scanner.press();
        assert_eq!(advance(&mut scanner, 27), Step::Cell(cell(0, 27)));
        assert_eq!(advance(&mut scanner, 1), Step::Row(1));
    }

    #[test]
    fn after_a_cell_come_its_neighbours_and_then_the_next_row_near_it() {
        let mut scanner = Scanner::default();
        advance(&mut scanner, 5);
        scanner.press();
        advance(&mut scanner, 10);
        assert_eq!(scanner.press(), Some(Chosen::Cell(cell(5, 10))));
        assert_eq!(advance(&mut scanner, 1), Step::Cell(cell(5, 11)));
        assert_eq!(scanner.press(), Some(Chosen::Cell(cell(5, 11))));
        assert_eq!(advance(&mut scanner, 4), Step::Cell(cell(5, 15)));
        assert_eq!(advance(&mut scanner, 1), Step::Row(6));
        scanner.press();
        assert_eq!(scanner.step(), Step::Cell(cell(6, 9)));
        // Those to the left of it come last.
        assert_eq!(advance(&mut scanner, 27), Step::Cell(cell(6, 8)));
    }

    #[test]
    fn a_command_leads_back_to_the_first_row() {
        let mut scanner = Scanner::default();
        advance(&mut scanner, 31);
        assert_eq!(scanner.press(), Some(Chosen::Command(Command::Stop)));
        assert_eq!(scanner.step(), Step::Row(0));
    }
}
