//! A smooth surface through most of some values: how light falls off across a page.

use super::sheet::Sheet;

/// The surface's terms: 1, x, y, x², xy, y².
const TERMS: usize = 6;

/// Rounds of fitting; each trusts the values near the last surface more.
const ROUNDS: usize = 8;

/// A quadratic surface over a sheet, whose corners are -1 and 1 on both axes.
pub(super) struct Surface([f32; TERMS]);

impl Surface {
    /// The surface that most cells lie near; the others (strokes) don't bend it. `noise` is what counts as near at
    /// least.
    pub(super) fn through(sheet: &Sheet, noise: f32) -> Self {
        let mut surface = Self([0.0; TERMS]);
        let mut weights = vec![1.0; sheet.values.len()];
        for _ in 0..ROUNDS {
            surface = Self::fitted(sheet, &weights);
            let mut far: Vec<f32> = surface.residues(sheet).map(f32::abs).collect();
            let middle = far.len() / 2;
            let spread = 1.4826 * *far.select_nth_unstable_by(middle, f32::total_cmp).1;
            // Tukey's biweight: beyond 4.7 standard deviations a cell has no say.
            let limit = 4.7 * spread.max(noise);
            for (weight, residue) in weights.iter_mut().zip(surface.residues(sheet)) {
                let share = residue / limit;
                let inside = (1.0 - share * share).max(0.0);
                *weight = inside * inside;
            }
        }
        surface
    }

    /// The value at a place in cells.
    pub(super) fn at(&self, sheet: &Sheet, x: f32, y: f32) -> f32 {
        let terms = terms(2.0 * x / sheet.width as f32 - 1.0, 2.0 * y / sheet.height as f32 - 1.0);
        self.0.iter().zip(terms).map(|(factor, term)| factor * term).sum()
    }

    /// What every cell differs from the surface.
    pub(super) fn residues(&self, sheet: &Sheet) -> impl Iterator<Item = f32> {
        places(sheet)
            .zip(&sheet.values)
            .map(|([x, y], value)| value - self.at(sheet, x, y))
    }

    /// Weighted least squares.
    fn fitted(sheet: &Sheet, weights: &[f32]) -> Self {
        let mut equations = [[0.0_f32; TERMS + 1]; TERMS];
        for (([x, y], value), weight) in places(sheet).zip(&sheet.values).zip(weights) {
            let terms = terms(2.0 * x / sheet.width as f32 - 1.0, 2.0 * y / sheet.height as f32 - 1.0);
            for (equation, factor) in equations.iter_mut().zip(terms) {
                for (sum, term) in equation.iter_mut().zip(terms.iter().chain([value])) {
                    *sum += weight * factor * term;
                }
            }
        }
        Self(solved(equations))
    }
}

fn terms(x: f32, y: f32) -> [f32; TERMS] {
    [1.0, x, y, x * x, x * y, y * y]
}

/// The middle of every cell.
fn places(sheet: &Sheet) -> impl Iterator<Item = [f32; 2]> + use<> {
    let width = sheet.width;
    (0..sheet.values.len()).map(move |index| [(index % width) as f32 + 0.5, (index / width) as f32 + 0.5])
}

/// Gauss and Jordan's elimination. The equations are symmetric and positive: no pivoting. A term that nothing
/// determines is 0.
fn solved(mut equations: [[f32; TERMS + 1]; TERMS]) -> [f32; TERMS] {
    for row in 0..TERMS {
        let pivot = equations[row][row];
        if pivot < 1e-3 {
            equations[row] = [0.0; TERMS + 1];
            continue;
        }
        let scaled = equations[row].map(|term| term / pivot);
        for (other, equation) in equations.iter_mut().enumerate() {
            let factor = equation[row];
            if other == row {
                *equation = scaled;
            } else {
                for (term, known) in equation.iter_mut().zip(scaled) {
                    *term -= factor * known;
                }
            }
        }
    }
    equations.map(|equation| equation[TERMS])
}
