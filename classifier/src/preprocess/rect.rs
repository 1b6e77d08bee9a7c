//! Rectangles of grid cells or pixels.

/// A rectangle of cells; `right` and `bottom` are exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

impl Rect {
    pub(super) fn cell(x: usize, y: usize) -> Self {
        Self {
            left: x,
            top: y,
            right: x + 1,
            bottom: y + 1,
        }
    }

    /// Removes `cells` on each side, unless nothing would remain.
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

    /// Adds `cells` on each side; the left and top edges stop at 0.
    pub(super) fn expanded(self, cells: usize) -> Self {
        Self {
            left: self.left.saturating_sub(cells),
            top: self.top.saturating_sub(cells),
            right: self.right + cells,
            bottom: self.bottom + cells,
        }
    }

    /// Moves to the right and down by `cells`.
    pub(super) fn translated(self, cells: usize) -> Self {
        Self {
            left: self.left + cells,
            top: self.top + cells,
            right: self.right + cells,
            bottom: self.bottom + cells,
        }
    }

    pub(super) fn including(self, x: usize, y: usize) -> Self {
        self.union(Self::cell(x, y))
    }

    pub(super) fn union(self, other: Self) -> Self {
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

    pub(super) fn longer_side(self) -> usize {
        self.width().max(self.height())
    }

    /// Number of cells between two rectangles along the axis where they are farther apart; 0 if they touch or overlap.
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
