//! Robust fit of a quadratic surface, which models how light falls off across a page.

use super::grid::Grid;

/// Terms of the surface: 1, x, y, x², xy, y².
const TERMS: usize = 6;

/// Rounds of reweighting.
const ROUNDS: usize = 8;

/// Coefficients of a quadratic surface over a grid whose corners are -1 and 1 on both axes.
pub(super) struct QuadraticSurface([f32; TERMS]);

impl QuadraticSurface {
    /// Fits the surface by iteratively reweighted least squares with Tukey's biweight, so that outliers (strokes) don't
    /// bend it. `noise` is the smallest assumed standard deviation.
    pub(super) fn fit_robust(grid: &Grid, noise: f32) -> Self {
        let mut surface = Self([0.0; TERMS]);
        let mut weights = vec![1.0; grid.values.len()];
        for _ in 0..ROUNDS {
            surface = Self::fit_weighted(grid, &weights);
            let mut deviations: Vec<f32> = surface.residuals(grid).map(f32::abs).collect();
            let middle = deviations.len() / 2;
            let spread = 1.4826 * *deviations.select_nth_unstable_by(middle, f32::total_cmp).1;
            // Tukey's biweight: cells beyond 4.7 standard deviations have weight 0. 1.4826 turns a median absolute
            // deviation into a standard deviation.
            let cutoff = 4.7 * spread.max(noise);
            for (weight, residual) in weights.iter_mut().zip(surface.residuals(grid)) {
                let scaled = residual / cutoff;
                let inside = (1.0 - scaled * scaled).max(0.0);
                *weight = inside * inside;
            }
        }
        surface
    }

    /// The value at a position in cells.
    pub(super) fn at(&self, grid: &Grid, x: f32, y: f32) -> f32 {
        let basis_values = basis(2.0 * x / grid.width as f32 - 1.0, 2.0 * y / grid.height as f32 - 1.0);
        self.0
            .iter()
            .zip(basis_values)
            .map(|(factor, term)| factor * term)
            .sum()
    }

    /// Difference of each cell from the surface.
    fn residuals(&self, grid: &Grid) -> impl Iterator<Item = f32> {
        cell_centers(grid)
            .zip(&grid.values)
            .map(|([x, y], value)| value - self.at(grid, x, y))
    }

    /// Weighted least squares by the normal equations.
    fn fit_weighted(grid: &Grid, weights: &[f32]) -> Self {
        let mut equations = [[0.0_f32; TERMS + 1]; TERMS];
        for (([x, y], value), weight) in cell_centers(grid).zip(&grid.values).zip(weights) {
            let basis_values = basis(2.0 * x / grid.width as f32 - 1.0, 2.0 * y / grid.height as f32 - 1.0);
            for (equation, factor) in equations.iter_mut().zip(basis_values) {
                for (sum, term) in equation.iter_mut().zip(basis_values.iter().chain([value])) {
                    *sum += weight * factor * term;
                }
            }
        }
        Self(solve(equations))
    }
}

fn basis(x: f32, y: f32) -> [f32; TERMS] {
    [1.0, x, y, x * x, x * y, y * y]
}

/// The centre of every cell.
fn cell_centers(grid: &Grid) -> impl Iterator<Item = [f32; 2]> + use<> {
    let width = grid.width;
    (0..grid.values.len()).map(move |index| [(index % width) as f32 + 0.5, (index / width) as f32 + 0.5])
}

/// Gauss-Jordan elimination without pivoting, since the normal equations are symmetric and positive semidefinite.
/// Undetermined coefficients are 0.
fn solve(mut equations: [[f32; TERMS + 1]; TERMS]) -> [f32; TERMS] {
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
