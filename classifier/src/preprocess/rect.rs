//! Rectangles of grid cells or pixels.

/// A rectangle of cells; `right` and `bottom` are exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rect {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) right: usize,
    pub(crate) bottom: usize,
}

impl Rect {
    pub(crate) fn cell(x: usize, y: usize) -> Self {
        Self {
            left: x,
            top: y,
            right: x + 1,
            bottom: y + 1,
        }
    }

    /// Adds `cells` on each side; the left and top edges stop at 0.
    pub(crate) fn expanded(self, cells: usize) -> Self {
        Self {
            left: self.left.saturating_sub(cells),
            top: self.top.saturating_sub(cells),
            right: self.right + cells,
            bottom: self.bottom + cells,
        }
    }

    /// Moves to the right and down by `cells`.
    pub(crate) fn translated(self, cells: usize) -> Self {
        Self {
            left: self.left + cells,
            top: self.top + cells,
            right: self.right + cells,
            bottom: self.bottom + cells,
        }
    }

    pub(crate) fn including(self, x: usize, y: usize) -> Self {
        self.union(Self::cell(x, y))
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(crate) fn width(self) -> usize {
        self.right - self.left
    }

    pub(crate) fn height(self) -> usize {
        self.bottom - self.top
    }

    pub(crate) fn longer_side(self) -> usize {
        self.width().max(self.height())
    }

    /// Number of cells.
    pub(crate) fn area(self) -> usize {
        self.width() * self.height()
    }

    /// Number of cells that two rectangles share.
    pub(crate) fn shared(self, other: Self) -> usize {
        let across = self.right.min(other.right).saturating_sub(self.left.max(other.left));
        let down = self.bottom.min(other.bottom).saturating_sub(self.top.max(other.top));
        across * down
    }

    /// Number of cells between two rectangles along the axis where they are farther apart; 0 if they touch or overlap.
    pub(crate) fn gap(self, other: Self) -> usize {
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
