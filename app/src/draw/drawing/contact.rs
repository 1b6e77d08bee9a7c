//! The pointer that draws, where several touch the page.

use super::Drawing;

/// A pointer that draws a stroke: a pen, a mouse or a finger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// The browser's number for the pointer.
    pub id: i32,
    /// Whether it is a finger, or a palm, which the browser doesn't tell apart.
    pub is_finger: bool,
    /// Whether no other pointer of its kind touches the page.
    pub is_primary: bool,
    /// The number of strokes with its own. Undoing it during the stroke changes the number.
    strokes: usize,
}

impl Contact {
    /// A pointer that hasn't drawn yet.
    pub fn new(id: i32, is_finger: bool, is_primary: bool) -> Self {
        Self {
            id,
            is_finger,
            is_primary,
            strokes: 0,
        }
    }

    /// The same pointer, whose stroke is the last one of `drawing`.
    #[must_use]
    pub fn with_last_stroke_of(self, drawing: &Drawing) -> Self {
        Self {
            strokes: drawing.strokes().len(),
            ..self
        }
    }

    /// Whether `next` may draw though the release of this pointer hasn't come. A second finger may not, nor a palm beside a
    /// pen. A pen may, beside a palm, and so may the first finger of a new touch, whose predecessor's release was lost.
    pub fn gives_way_to(self, next: Self) -> bool {
        next.is_primary && (self.is_finger || !next.is_finger)
    }

    /// Whether its stroke is the last one of `drawing`.
    pub fn draws_last_of(self, drawing: &Drawing) -> bool {
        self.strokes > 0 && self.strokes == drawing.strokes().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::drawing::Pen;

    const PALM: Contact = Contact {
        id: 1,
        is_finger: true,
        is_primary: true,
        strokes: 0,
    };
    const PEN: Contact = Contact {
        id: 2,
        is_finger: false,
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
        drawing.begin([1.0, 1.0], Pen::Thin);
        drawing.begin([9.0, 9.0], Pen::Thin);
        let pen = PEN.with_last_stroke_of(&drawing);
        assert!(pen.draws_last_of(&drawing));
        drawing.undo();
        assert!(!pen.draws_last_of(&drawing));
        assert!(!PEN.draws_last_of(&Drawing::default()));
    }
}
