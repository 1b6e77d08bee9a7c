//! Two-dimensional grid of numbers that the stages exchange.

use super::rect::Rect;

/// Values row by row from the top left: luminance 0 to 255 in the first stages, then ink from 0 (background) to 1.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<f32>,
}

impl Grid {
    pub(crate) fn zeros(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            values: vec![0.0; width * height],
        }
    }

    pub(crate) fn at(&self, x: usize, y: usize) -> f32 {
        self.values[y * self.width + x]
    }

    pub(crate) fn rows(&self) -> std::slice::ChunksExact<'_, f32> {
        self.values.chunks_exact(self.width)
    }

    pub(crate) fn full_area(&self) -> Rect {
        Rect {
            left: 0,
            top: 0,
            right: self.width,
            bottom: self.height,
        }
    }

    pub(crate) fn longer_side(&self) -> usize {
        self.width.max(self.height)
    }

    pub(crate) fn mean(&self) -> f32 {
        self.values.iter().sum::<f32>() / self.values.len() as f32
    }

    /// The cells of `area` with a margin of `margin` empty cells.
    pub(crate) fn crop(&self, area: Rect, margin: usize) -> Self {
        let mut cropped = Self::zeros(area.width() + 2 * margin, area.height() + 2 * margin);
        for y in area.top..area.bottom {
            let from = &self.values[y * self.width + area.left..y * self.width + area.right];
            let start = (y - area.top + margin) * cropped.width + margin;
            cropped.values[start..start + from.len()].copy_from_slice(from);
        }
        cropped
    }

    /// The grid without what is empty around its ink; as it is if it has none.
    pub(crate) fn cropped(self) -> Self {
        match self.bounding_box(0.0) {
            Some(area) => self.crop(area, 0),
            None => self,
        }
    }

    /// Swaps ink and background.
    pub(crate) fn inverted(mut self) -> Self {
        for value in &mut self.values {
            *value = 1.0 - *value;
        }
        self
    }

    /// The bounding box of the cells above `threshold`; `None` if there is none.
    pub(crate) fn bounding_box(&self, threshold: f32) -> Option<Rect> {
        let mut found: Option<Rect> = None;
        for (y, row) in self.rows().enumerate() {
            let Some(first) = row.iter().position(|&value| value > threshold) else {
                continue;
            };
            let last = row.iter().rposition(|&value| value > threshold).unwrap_or(first);
            let ends = Rect::cell(first, y).including(last, y);
            found = Some(found.map_or(ends, |area| area.union(ends)));
        }
        found
    }

    /// 3 x 3 binomial smoothing, weights 1 2 1 on each axis.
    pub(crate) fn smoothed(&self) -> Self {
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
}
