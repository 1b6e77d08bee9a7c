//! Serialization of the drawing, for session storage.

use classifier::preprocess::Stroke;

use super::{Drawing, PAGE, on_page};

/// Coordinates are stored as integers in tenths of a page unit.
const TENTHS: f32 = 10.0;

impl Drawing {
    /// The strokes as text: `;` between strokes, `,` between numbers, the width and then each point's x and y.
    pub fn to_text(&self) -> String {
        let strokes = self.strokes.iter().map(|stroke| {
            let numbers = [stroke.width]
                .into_iter()
                .chain(stroke.points.iter().flatten().copied());
            numbers.map(tenths).collect::<Vec<_>>().join(",")
        });
        strokes.collect::<Vec<_>>().join(";")
    }

    /// Parse the output of [`Drawing::to_text`]. `None` for any other text.
    pub fn from_text(text: &str) -> Option<Self> {
        let strokes = text.split(';').map(stroke).collect::<Option<Vec<_>>>()?;
        Some(Self::of(strokes))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "widths and coordinates lie on the page"
)]
fn tenths(value: f32) -> String {
    ((value * TENTHS).round() as u16).to_string()
}

fn stroke(text: &str) -> Option<Stroke> {
    let numbers = text
        .split(',')
        .map(|number| number.parse::<u16>().ok().map(|tenths| f32::from(tenths) / TENTHS))
        .collect::<Option<Vec<_>>>()?;
    let (&width, coordinates) = numbers.split_first()?;
    let (points, rest) = coordinates.as_chunks::<2>();
    (!points.is_empty() && rest.is_empty()).then(|| Stroke {
        points: points.iter().copied().map(on_page).collect(),
        width: width.clamp(1.0, PAGE),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_comes_back_as_it_was() {
        let mut drawing = Drawing::default();
        drawing.begin([0.0, 12.5], 17.0);
        drawing.extend([280.0, 99.9], 17.0);
        drawing.extend([270.0, 120.0], 21.0);
        drawing.begin([50.0, 50.0], 9.0);
        assert_eq!(Drawing::from_text(&drawing.to_text()), Some(drawing));
    }

    #[test]
    fn what_is_no_drawing_is_none() {
        for text in [
            "",
            "170",
            "170,5",
            "170,5,5;",
            "a,1,2",
            "170,-1,2",
            "170,70000,2",
            "170,1,2,3",
        ] {
            assert_eq!(Drawing::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn points_beside_the_page_come_back_on_it() {
        let drawing = Drawing::from_text("170,9999,0");
        assert_eq!(drawing.map(|drawing| drawing.strokes()[0].points[0]), Some([PAGE, 0.0]));
    }
}
