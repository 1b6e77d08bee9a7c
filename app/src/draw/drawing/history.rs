//! What undo and redo do.

use std::ops::Range;

use classifier::preprocess::Stroke;

/// Undo goes back this many changes.
const MAX_CHANGES: usize = 1000;

/// Strokes that take the place of others.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    /// The index of the first stroke that is replaced.
    start: usize,
    /// How many are replaced.
    count: usize,
    /// What replaces them.
    strokes: Vec<Stroke>,
}

impl Change {
    /// A stroke before the one with this index.
    pub(super) fn insertion(index: usize, stroke: Stroke) -> Self {
        Self {
            start: index,
            count: 0,
            strokes: vec![stroke],
        }
    }

    /// Nothing in place of these strokes.
    pub(super) fn removal(range: Range<usize>) -> Self {
        Self {
            start: range.start,
            count: range.len(),
            strokes: Vec::new(),
        }
    }

    /// Make the change. Returns the one that reverts it.
    pub(super) fn make(mut self, strokes: &mut Vec<Stroke>) -> Self {
        let mut replaced = strokes.split_off(self.start.min(strokes.len()));
        let mut rest = replaced.split_off(self.count.min(replaced.len()));
        let count = self.strokes.len();
        strokes.append(&mut self.strokes);
        strokes.append(&mut rest);
        Self {
            start: self.start,
            count,
            strokes: replaced,
        }
    }
}

/// The changes that revert what was done, and those that make it again. The last of each is the next.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct History {
    undo: Vec<Change>,
    redo: Vec<Change>,
}

impl History {
    /// Add the change that reverts what was just done.
    pub(super) fn record(&mut self, reverting: Change) {
        self.redo.clear();
        if self.undo.len() == MAX_CHANGES {
            self.undo.remove(0);
        }
        self.undo.push(reverting);
    }

    /// What was just done has added one more stroke.
    pub(super) fn extend_last(&mut self) {
        if let Some(last) = self.undo.last_mut() {
            last.count += 1;
        }
    }

    /// The number of changes that can be reverted.
    pub(super) fn len(&self) -> usize {
        self.undo.len()
    }

    pub(super) fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    pub(super) fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    pub(super) fn undo(&mut self, strokes: &mut Vec<Stroke>) {
        step(&mut self.undo, &mut self.redo, strokes);
    }

    pub(super) fn redo(&mut self, strokes: &mut Vec<Stroke>) {
        step(&mut self.redo, &mut self.undo, strokes);
    }

    /// Revert the last change without a way to make it again.
    pub(super) fn discard(&mut self, strokes: &mut Vec<Stroke>) {
        self.undo(strokes);
        self.redo.pop();
    }
}

/// Make the last change of `from`, and add the one that reverts it to `to`.
fn step(from: &mut Vec<Change>, to: &mut Vec<Change>, strokes: &mut Vec<Stroke>) {
    if let Some(change) = from.pop() {
        to.push(change.make(strokes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undo_forgets_the_oldest_changes() {
        let mut history = History::default();
        let mut strokes = Vec::new();
        for index in 0..MAX_CHANGES + 5 {
            let stroke = Stroke {
                points: vec![[0.0, 0.0]],
                width: 9.0,
            };
            let reverting = Change::insertion(index, stroke).make(&mut strokes);
            history.record(reverting);
        }
        while history.can_undo() {
            history.undo(&mut strokes);
        }
        assert_eq!(strokes.len(), 5);
        while history.can_redo() {
            history.redo(&mut strokes);
        }
        assert_eq!(strokes.len(), MAX_CHANGES + 5);
    }
}
