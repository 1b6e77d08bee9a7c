//! The texts of the grid, in its own file.

use crate::i18n::TextTable;

/// The grid's texts in one language.
#[derive(Debug)]
pub struct GridTexts {
    pub grid: &'static str,
    /// Row and column from one, and whether the cell is filled.
    pub cell: fn(u8, u8, bool) -> String,
    pub help: &'static str,
    pub start: &'static str,
    pub stop: &'static str,
    pub close: &'static str,
    /// Choose what is marked.
    pub choose: &'static str,
    pub speed: &'static str,
    /// A duration in tenths of a second.
    pub seconds: fn(u32) -> String,
    pub row: fn(u8) -> String,
    pub column: fn(u8, u8) -> String,
}

impl TextTable for GridTexts {
    const ES: &'static Self = &GridTexts {
        grid: "Cuadrícula de 28 por 28 casillas",
        cell: |row, column, is_filled| {
            let state = if is_filled { "llena" } else { "vacía" };
            format!("Fila {row}, columna {column}, {state}")
        },
        help: "Las flechas mueven de casilla en casilla; Espacio o Intro la llena o la vacía. Con el barrido basta una tecla \
               o un toque: el primero elige la fila y el siguiente, la casilla.",
        start: "Empezar el barrido",
        stop: "Parar el barrido",
        close: "Volver al lienzo",
        choose: "Elegir lo marcado",
        speed: "Cada paso dura",
        seconds: |tenths| format!("{},{} s", tenths / 10, tenths % 10),
        row: |row| format!("Fila {row}"),
        column: |row, column| format!("Fila {row}, columna {column}"),
    };
    const EN: &'static Self = &GridTexts {
        grid: "Grid of 28 by 28 cells",
        cell: |row, column, is_filled| {
            let state = if is_filled { "filled" } else { "empty" };
            format!("Row {row}, column {column}, {state}")
        },
        help: "The arrow keys move from cell to cell; Space or Enter fills or empties it. Scanning needs one key or one tap: \
               the first chooses the row and the next the cell.",
        start: "Start scanning",
        stop: "Stop scanning",
        close: "Back to the canvas",
        choose: "Choose what is marked",
        speed: "Each step takes",
        seconds: |tenths| format!("{}.{} s", tenths / 10, tenths % 10),
        row: |row| format!("Row {row}"),
        column: |row, column| format!("Row {row}, column {column}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<GridTexts>();
    }

    #[test]
    fn a_cell_is_told_with_its_place_and_its_state() {
        assert_eq!((GridTexts::ES.cell)(3, 5, true), "Fila 3, columna 5, llena");
        assert_eq!((GridTexts::EN.cell)(28, 1, false), "Row 28, column 1, empty");
        assert_eq!((GridTexts::ES.seconds)(15), "1,5 s");
    }
}
