//! Drawing without a pointer: the arrow keys move a pen, Space lowers and lifts it.

use super::PAGE;

/// One press of an arrow key, in page units.
const STEP: f32 = 10.0;

/// The same with Shift held, for the last bit of a curve.
const FINE_STEP: f32 = 3.0;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Command {
    /// Move the pen by so many page units.
    Move([f32; 2]),
    /// Lower a lifted pen, lift a lowered one.
    Toggle,
    /// Take back the last stroke.
    Undo,
    /// Take everything away.
    Clear,
}

/// The meaning of `key` (as `KeyboardEvent.key` names it); `None` leaves the key to the browser. Home, End, Page Up and
/// Page Down are the diagonals: on a number pad they sit in the corners.
pub fn command(key: &str, shift: bool, control: bool) -> Option<Command> {
    if control {
        return key.eq_ignore_ascii_case("z").then_some(Command::Undo);
    }
    let step = if shift { FINE_STEP } else { STEP };
    let diagonal = step * std::f32::consts::FRAC_1_SQRT_2;
    Some(match key {
        "ArrowLeft" => Command::Move([-step, 0.0]),
        "ArrowRight" => Command::Move([step, 0.0]),
        "ArrowUp" => Command::Move([0.0, -step]),
        "ArrowDown" => Command::Move([0.0, step]),
        "Home" => Command::Move([-diagonal, -diagonal]),
        "PageUp" => Command::Move([diagonal, -diagonal]),
        "End" => Command::Move([-diagonal, diagonal]),
        "PageDown" => Command::Move([diagonal, diagonal]),
        " " | "Enter" => Command::Toggle,
        "Backspace" => Command::Undo,
        "Escape" | "Delete" => Command::Clear,
        _ => return None,
    })
}

/// The keyboard's pen: where it is and whether it touches the paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyboardPen {
    /// Its point, in page units.
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
    /// The pen moved by `step`, stopped at the page's edge.
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
        assert_eq!(command("ArrowLeft", false, false), Some(Command::Move([-STEP, 0.0])));
        assert_eq!(command("ArrowDown", true, false), Some(Command::Move([0.0, FINE_STEP])));
    }

    #[test]
    fn a_diagonal_is_as_long_as_a_straight_step() {
        let Some(Command::Move([x, y])) = command("PageUp", false, false) else {
            panic!("Page Up moves the pen");
        };
        assert!((x.hypot(y) - STEP).abs() < 1e-4 && x > 0.0 && y < 0.0);
    }

    #[test]
    fn the_browsers_own_keys_are_left_to_it() {
        assert_eq!(command("Tab", false, false), None);
        assert_eq!(command("r", false, true), None);
        assert_eq!(command("ArrowLeft", false, true), None);
        assert_eq!(command("z", false, true), Some(Command::Undo));
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
