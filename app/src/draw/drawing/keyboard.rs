//! Drawing with the keyboard: the arrow keys move a pen, Space lowers and lifts it.

use super::PAGE;

/// The step of an arrow key, in page units.
const STEP: f32 = 10.0;

/// The step with Shift, in page units.
const FINE_STEP: f32 = 3.0;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum KeyCommand {
    /// Move the pen by this vector, in page units.
    Move([f32; 2]),
    /// Lower or lift the pen; with the eraser, erase what is under it.
    Toggle,
    Undo,
    Redo,
    Clear,
}

/// The command for `key` with Ctrl or Cmd, wherever the focus is.
pub fn shortcut(key: &str, shift: bool) -> Option<KeyCommand> {
    match key {
        "z" | "Z" if !shift => Some(KeyCommand::Undo),
        "z" | "Z" | "y" | "Y" => Some(KeyCommand::Redo),
        _ => None,
    }
}

/// The command for `key`, a value of `KeyboardEvent.key`, on the canvas; `None` for keys that are left to the browser. Home,
/// End, Page Up and Page Down move diagonally: they are the corners of a number pad.
pub fn key_command(key: &str, shift: bool) -> Option<KeyCommand> {
    let step = if shift { FINE_STEP } else { STEP };
    let diagonal = step * std::f32::consts::FRAC_1_SQRT_2;
    Some(match key {
        "ArrowLeft" => KeyCommand::Move([-step, 0.0]),
        "ArrowRight" => KeyCommand::Move([step, 0.0]),
        "ArrowUp" => KeyCommand::Move([0.0, -step]),
        "ArrowDown" => KeyCommand::Move([0.0, step]),
        "Home" => KeyCommand::Move([-diagonal, -diagonal]),
        "PageUp" => KeyCommand::Move([diagonal, -diagonal]),
        "End" => KeyCommand::Move([-diagonal, diagonal]),
        "PageDown" => KeyCommand::Move([diagonal, diagonal]),
        " " | "Enter" => KeyCommand::Toggle,
        "Backspace" => KeyCommand::Undo,
        "Escape" | "Delete" => KeyCommand::Clear,
        _ => return None,
    })
}

/// The pen that the keyboard moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyboardPen {
    /// In page units.
    pub point: [f32; 2],
    /// Whether it draws.
    pub down: bool,
}

impl Default for KeyboardPen {
    fn default() -> Self {
        Self {
            point: [PAGE / 2.0; 2],
            down: false,
        }
    }
}

impl KeyboardPen {
    /// The pen moved by `step`, within the page.
    #[must_use]
    pub fn moved(self, step: [f32; 2]) -> Self {
        let [x, y] = self.point;
        Self {
            point: [x + step[0], y + step[1]].map(|coordinate| coordinate.clamp(0.0, PAGE)),
            ..self
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole numbers and halves are exact")]
mod tests {
    use super::*;

    #[test]
    fn arrows_move_and_shift_moves_less() {
        assert_eq!(key_command("ArrowLeft", false), Some(KeyCommand::Move([-STEP, 0.0])));
        assert_eq!(key_command("ArrowDown", true), Some(KeyCommand::Move([0.0, FINE_STEP])));
    }

    #[test]
    fn a_diagonal_is_as_long_as_a_straight_step() {
        let Some(KeyCommand::Move([x, y])) = key_command("PageUp", false) else {
            panic!("Page Up moves the pen");
        };
        assert!((x.hypot(y) - STEP).abs() < 1e-4 && x > 0.0 && y < 0.0);
    }

    #[test]
    fn the_browsers_own_keys_are_left_to_it() {
        assert_eq!(key_command("Tab", false), None);
        assert_eq!(key_command("z", false), None);
        assert_eq!(shortcut("r", false), None);
        assert_eq!(shortcut("ArrowLeft", false), None);
    }

    #[test]
    fn undo_and_redo_have_the_usual_shortcuts() {
        assert_eq!(shortcut("z", false), Some(KeyCommand::Undo));
        // With Caps Lock.
        assert_eq!(shortcut("Z", false), Some(KeyCommand::Undo));
        for (key, shift) in [("Z", true), ("z", true), ("y", false), ("Y", false)] {
            assert_eq!(shortcut(key, shift), Some(KeyCommand::Redo), "{key}");
        }
    }

    #[test]
    fn the_pen_stops_at_the_edge() {
        let mut pen = KeyboardPen::default();
        for _ in 0..100 {
            pen = pen.moved([STEP, -STEP]);
        }
        assert_eq!(pen.point, [PAGE, 0.0]);
    }
}
