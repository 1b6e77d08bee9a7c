//! The pointer that draws, where several touch the page.

use super::{Drawing, Tool};

/// What kind of pointer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointerKind {
    Pen,
    /// Or a palm, which the browser doesn't tell apart.
    Finger,
    /// A mouse, or what behaves like one.
    Mouse,
}

impl PointerKind {
    /// The kind for a value of `PointerEvent.pointerType`.
    pub fn of(pointer_type: &str) -> Self {
        match pointer_type {
            "pen" => Self::Pen,
            "touch" => Self::Finger,
            _ => Self::Mouse,
        }
    }
}

/// A pointer that draws or erases: a pen, a mouse or a finger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// The browser's number for the pointer.
    pub id: i32,
    pub kind: PointerKind,
    /// Whether no other pointer of its kind touches the page.
    pub is_primary: bool,
    pub tool: Tool,
    /// The number of changes with its stroke. Undoing it during the stroke changes the number.
    changes: usize,
}

impl Contact {
    /// A pointer that hasn't drawn yet.
    pub fn new(id: i32, kind: PointerKind, is_primary: bool, tool: Tool) -> Self {
        Self {
            id,
            kind,
            is_primary,
            tool,
            changes: 0,
        }
    }

    /// The same pointer, whose stroke is the last change of `drawing`.
    #[must_use]
    pub fn with_last_stroke_of(self, drawing: &Drawing) -> Self {
        Self {
            changes: drawing.history.len(),
            ..self
        }
    }

    /// Whether `next` may draw though the release of this pointer hasn't come. A second finger may not, nor a palm beside a
    /// pen. A pen may, beside a palm, and so may the first finger of a new touch, whose predecessor's release was lost.
    pub fn gives_way_to(self, next: Self) -> bool {
        next.is_primary && (self.kind == PointerKind::Finger || next.kind != PointerKind::Finger)
    }

    /// Whether its stroke is the last change of `drawing`.
    pub fn draws_last_of(self, drawing: &Drawing) -> bool {
        self.changes > 0 && self.changes == drawing.history.len()
    }

    /// Remove its stroke from `drawing` as if it had never been drawn. One that was undone meanwhile isn't the last.
    pub fn take_back(self, drawing: &mut Drawing) {
        if self.draws_last_of(drawing) {
            drawing.discard();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::drawing::Pen;

    const PALM: Contact = Contact {
        id: 1,
        kind: PointerKind::Finger,
        is_primary: true,
        tool: Tool::Pen(Pen::Thin),
        changes: 0,
    };
    const PEN: Contact = Contact {
        id: 2,
        kind: PointerKind::Pen,
        ..PALM
    };

    #[test]
    fn a_pen_wins_and_a_second_finger_does_not() {
        assert!(PALM.gives_way_to(PEN));
        assert!(!PEN.gives_way_to(PALM));
        let second = Contact {
            is_primary: false,
            ..PALM
        };
        assert!(!PALM.gives_way_to(second));
    }

    #[test]
    fn a_pointer_whose_release_was_lost_gives_way() {
        assert!(PALM.gives_way_to(PALM));
        assert!(PEN.gives_way_to(PEN));
    }

    #[test]
    fn a_stroke_that_was_undone_is_not_the_last_one() {
        let mut drawing = Drawing::default();
        drawing.begin([1.0, 1.0], 9.0);
        drawing.begin([9.0, 9.0], 9.0);
        let pen = PEN.with_last_stroke_of(&drawing);
        // Another width is another stroke of the same line.
        drawing.extend([20.0, 9.0], 12.0);
        assert!(pen.draws_last_of(&drawing));
        drawing.undo();
        assert!(!pen.draws_last_of(&drawing));
        assert!(!PEN.draws_last_of(&Drawing::default()));
    }

    #[test]
    fn the_stroke_of_a_palm_is_taken_back_and_no_other() {
        let mut drawing = Drawing::default();
        drawing.begin([1.0, 1.0], 9.0);
        drawing.begin([9.0, 9.0], 9.0);
        let palm = PALM.with_last_stroke_of(&drawing);
        palm.take_back(&mut drawing);
        assert_eq!(drawing.strokes().len(), 1);
        assert!(!drawing.can_redo());
        palm.take_back(&mut drawing);
        assert_eq!(drawing.strokes().len(), 1);
    }
}
