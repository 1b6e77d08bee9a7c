//! The grid of numbers that every step of the framing hands to the next.

/// A grid row by row from the top left: luminance in 0 to 255 first, then ink in 0 (paper) to 1.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

/// A rectangle of cells; `right` and `bottom` are one past its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

impl Sheet {
    pub(super) fn blank(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            values: vec![0.0; width * height],
        }
    }

    pub(super) fn at(&self, x: usize, y: usize) -> f32 {
        self.values[y * self.width + x]
    }

    pub(super) fn rows(&self) -> std::slice::ChunksExact<'_, f32> {
        self.values.chunks_exact(self.width)
    }

    pub(super) fn whole(&self) -> Area {
        Area {
            left: 0,
            top: 0,
            right: self.width,
            bottom: self.height,
        }
    }

    pub(super) fn longest(&self) -> usize {
        self.width.max(self.height)
    }

    pub(super) fn mean(&self) -> f32 {
        self.values.iter().sum::<f32>() / self.values.len() as f32
    }

    /// The cells of `area`, with `margin` cells of paper around them.
    pub(super) fn cut(&self, area: Area, margin: usize) -> Self {
        let mut cut = Self::blank(area.width() + 2 * margin, area.height() + 2 * margin);
        for y in area.top..area.bottom {
            let from = &self.values[y * self.width + area.left..y * self.width + area.right];
            let start = (y - area.top + margin) * cut.width + margin;
            cut.values[start..start + from.len()].copy_from_slice(from);
        }
        cut
    }

    /// Ink for paper and paper for ink.
    pub(super) fn inverted(mut self) -> Self {
        for value in &mut self.values {
            *value = 1.0 - *value;
        }
        self
    }

    /// The smallest rectangle that holds every cell above `threshold`.
    pub(super) fn area_above(&self, threshold: f32) -> Option<Area> {
        let mut found: Option<Area> = None;
        for (y, row) in self.rows().enumerate() {
            let Some(first) = row.iter().position(|&value| value > threshold) else {
                continue;
            };
            let last = row.iter().rposition(|&value| value > threshold).unwrap_or(first);
            let ends = Area::cell(first, y).with(last, y);
            found = Some(found.map_or(ends, |area| area.joined(ends)));
        }
        found
    }

    /// Each cell the mean of the 3 x 3 around it, weights 1 2 1.
    pub(super) fn smoothed(&self) -> Self {
        let mut smoothed = self.clone();
        for y in 0..self.height {
            let (above, below) = (y.saturating_sub(1), (y + 1).min(self.height - 1));
            for x in 0..self.width {
                let (left, right) = (x.saturating_sub(1), (x + 1).min(self.width - 1));
                let row = |y: usize| self.at(left, y) + 2.0 * self.at(x, y) + self.at(right, y);
                smoothed.values[y * self.width + x] = (row(above) + 2.0 * row(y) + row(below)) / 16.0;
            }
        }
        smoothed
    }

    /// The same sheet at `scale`.
    pub(super) fn scaled(&self, scale: f32) -> Self {
        self.resampled([0.0, self.width as f32], [0.0, self.height as f32], scale)
    }

    /// What lies between two places on each axis, at `scale`: each new cell is the mean of what it covers, between
    /// cells when it is enlarged. `scale` is positive; a side never falls below one cell.
    pub(super) fn resampled(&self, across: [f32; 2], down: [f32; 2], scale: f32) -> Self {
        let across = Taps::new(self.width, across, scale);
        let down = Taps::new(self.height, down, scale);
        let mut narrow = Self::blank(across.len(), self.height);
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
        let mut scaled = Self::blank(across.len(), down.len());
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

impl Area {
    pub(super) fn cell(x: usize, y: usize) -> Self {
        Self {
            left: x,
            top: y,
            right: x + 1,
            bottom: y + 1,
        }
    }

    /// Less `cells` on each side, unless nothing would be left.
    pub(super) fn shrunk(self, cells: usize) -> Self {
        if self.width().min(self.height()) <= 2 * cells {
            return self;
        }
        Self {
            left: self.left + cells,
            top: self.top + cells,
            right: self.right - cells,
            bottom: self.bottom - cells,
        }
    }

    /// With `cells` more on each side, as far as there are any to the left and above.
    pub(super) fn grown(self, cells: usize) -> Self {
        Self {
            left: self.left.saturating_sub(cells),
            top: self.top.saturating_sub(cells),
            right: self.right + cells,
            bottom: self.bottom + cells,
        }
    }

    /// To the right and down by `cells`.
    pub(super) fn moved(self, cells: usize) -> Self {
        Self {
            left: self.left + cells,
            top: self.top + cells,
            right: self.right + cells,
            bottom: self.bottom + cells,
        }
    }

    pub(super) fn with(self, x: usize, y: usize) -> Self {
        self.joined(Self::cell(x, y))
    }

    pub(super) fn joined(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(super) fn width(self) -> usize {
        self.right - self.left
    }

    pub(super) fn height(self) -> usize {
        self.bottom - self.top
    }

    pub(super) fn longest(self) -> usize {
        self.width().max(self.height())
    }

    /// Cells between the two rectangles along the axis where they are farther apart; 0 when they meet.
    pub(super) fn gap(self, other: Self) -> usize {
        let across = self
            .left
            .saturating_sub(other.right)
            .max(other.left.saturating_sub(self.right));
        let down = self
            .top
            .saturating_sub(other.bottom)
            .max(other.top.saturating_sub(self.bottom));
        across.max(down)
    }
}

/// For every new cell of one axis, the old cells it is made of and how much of each.
struct Taps {
    starts: Vec<usize>,
    /// Same length for every new cell; unused ones are 0.
    weights: Vec<f32>,
    reach: usize,
}

/// One new cell's share of the old ones, from `start` on.
struct Tap<'a> {
    start: usize,
    weights: &'a [f32],
}

impl Taps {
    fn new(old: usize, [begin, end]: [f32; 2], scale: f32) -> Self {
        // Sides like 3 x (20/3) must not gain a cell to rounding.
        let new = (((end - begin) * scale - 0.001).ceil() as usize).max(1);
        // A new cell covers this many old ones.
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
                    // What lies past the last old cell is paper, so the share is of the whole new cell.
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
