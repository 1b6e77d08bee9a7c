//! Separable resampling of grids.

use super::grid::Grid;

impl Grid {
    /// The whole grid resampled by `scale`.
    pub(crate) fn scaled(&self, scale: f32) -> Self {
        self.resampled([0.0, self.width as f32], [0.0, self.height as f32], scale)
    }

    /// The given interval of each axis resampled by `scale` (positive): area averaging when reduced, linear
    /// interpolation when enlarged. The result has at least one cell per side.
    pub(crate) fn resampled(&self, across: [f32; 2], down: [f32; 2], scale: f32) -> Self {
        self.through(
            &Taps::new(self.width, across, scale),
            &Taps::new(self.height, down, scale),
        )
    }

    /// The given interval of each axis, neither of them empty, stretched or shrunk to `side` cells, as [`Grid::resampled`].
    pub(crate) fn stretched(&self, across: [f32; 2], down: [f32; 2], side: f32) -> Self {
        let taps = |cells, [begin, end]: [f32; 2]| Taps::new(cells, [begin, end], side / (end - begin));
        self.through(&taps(self.width, across), &taps(self.height, down))
    }

    fn through(&self, across: &Taps, down: &Taps) -> Self {
        let mut narrow = Self::zeros(across.len(), self.height);
        for (from, to) in self.rows().zip(narrow.values.chunks_exact_mut(across.len())) {
            for (cell, taps) in to.iter_mut().zip(across.iter()) {
                *cell = taps
                    .weights
                    .iter()
                    .zip(&from[taps.start..])
                    .map(|(weight, value)| weight * value)
                    .sum();
            }
        }
        let mut scaled = Self::zeros(across.len(), down.len());
        for (to, taps) in scaled.values.chunks_exact_mut(across.len()).zip(down.iter()) {
            for (offset, weight) in taps.weights.iter().enumerate() {
                let from = &narrow.values[(taps.start + offset) * narrow.width..][..narrow.width];
                for (cell, value) in to.iter_mut().zip(from) {
                    *cell += weight * value;
                }
            }
        }
        scaled
    }
}

/// Filter taps of one axis: for each output cell the input cells it depends on and their weights.
struct Taps {
    starts: Vec<usize>,
    /// `reach` weights per output cell; unused ones are 0.
    weights: Vec<f32>,
    reach: usize,
}

/// Taps of one output cell; `start` is the first input cell.
struct Tap<'a> {
    start: usize,
    weights: &'a [f32],
}

impl Taps {
    fn new(old: usize, [begin, end]: [f32; 2], scale: f32) -> Self {
        // Without the tolerance, rounding would add a cell to sides such as 3 x (20/3).
        let new = (((end - begin) * scale - 0.001).ceil() as usize).max(1);
        // Input cells per output cell.
        let cover = 1.0 / scale;
        let reach = (cover.ceil() as usize + 2).min(old);
        let mut taps = Self {
            starts: Vec::with_capacity(new),
            weights: Vec::with_capacity(new * reach),
            reach,
        };
        for index in 0..new {
            let (from, to) = (begin + index as f32 * cover, begin + (index + 1) as f32 * cover);
            let middle = f32::midpoint(from, to) - 0.5;
            let first = if scale > 1.0 {
                middle.max(0.0).floor()
            } else {
                from.floor()
            };
            let start = (first.max(0.0) as usize).min(old - reach);
            for cell in start..start + reach {
                let cell = cell as f32;
                taps.weights.push(if scale > 1.0 {
                    (1.0 - (middle.clamp(0.0, (old - 1) as f32) - cell).abs()).max(0.0)
                } else {
                    // Beyond the last input cell is background, so the share refers to the whole output cell.
                    ((to.min(cell + 1.0) - from.max(cell)).max(0.0) * scale).min(1.0)
                });
            }
            taps.starts.push(start);
        }
        taps
    }

    fn len(&self) -> usize {
        self.starts.len()
    }

    fn iter(&self) -> impl Iterator<Item = Tap<'_>> {
        self.starts
            .iter()
            .zip(self.weights.chunks_exact(self.reach))
            .map(|(&start, weights)| Tap { start, weights })
    }
}
