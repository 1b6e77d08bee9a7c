//! The marks over the drawing: which parts count, and what would let the second guess win. The panel has the same in words.

use leptos::prelude::*;

use super::{
    evidence::{Change, Evidence},
    findings::Findings,
    variants::Line,
};
use crate::sync_view::IntoSyncAny;

/// Units of the overlay for one of the page, so that coordinates are whole numbers.
const SCALE: f32 = 10.0;

/// The width of a mark, in units of the overlay: of a part that hardly counts, and how much more a part can have.
const MIN_WIDTH: f32 = 25.0;
const MORE_WIDTH: f32 = 30.0;

/// From this weight on marks have the full width.
const FULL_WEIGHT: f32 = 6.0;

/// Stands over the canvas, and lets the pointer through.
#[component]
pub fn Overlay(findings: Findings, is_open: RwSignal<bool>) -> impl IntoView {
    let shapes = move || {
        let evidence = findings.get().filter(|_| is_open.get())?;
        let shapes = marks(&evidence).into_iter().map(|mark| view! { <Shape mark /> });
        Some(shapes.collect_view())
    };
    view! {
        <svg class="evidence" viewBox="0 0 2800 2800" aria-hidden="true">
            {shapes}
        </svg>
    }
    .into_sync_any()
}

/// A mark: a line with a label.
struct Mark {
    class: &'static str,
    path: String,
    width: i32,
    label: String,
    /// Where the label is.
    place: [i32; 2],
}

fn marks(evidence: &Evidence) -> Vec<Mark> {
    let second = evidence.second;
    let mut marks: Vec<Mark> = (1..)
        .zip(&evidence.parts)
        .map(|(number, part)| {
            let (class, sign) = if part.weight > 0.0 {
                ("for", "+")
            } else {
                ("against", "−")
            };
            let wins = evidence.change == Change::Without(number - 1);
            let label = if wins {
                format!("{number}{sign} → {second}")
            } else {
                format!("{number}{sign}")
            };
            let width = MIN_WIDTH + MORE_WIDTH * (part.weight.abs() / FULL_WEIGHT).min(1.0);
            mark(class, &part.lines, width, label)
        })
        .collect();
    if let Change::With(lines) = &evidence.change {
        marks.push(mark("change", lines, MIN_WIDTH, format!("→ {second}")));
    }
    marks
}

fn mark(class: &'static str, lines: &[Line], width: f32, label: String) -> Mark {
    let path = lines.iter().map(|line| {
        let points = line.iter().map(|&point| {
            let [x, y] = whole(point);
            format!("{x} {y}")
        });
        // A dot is a line of no length.
        let points = points.collect::<Vec<_>>().join("L");
        format!("M{points}{}", if line.len() == 1 { "h0" } else { "" })
    });
    let longest = lines.iter().max_by_key(|line| line.len());
    let middle = longest
        .and_then(|line| line.get(line.len() / 2))
        .copied()
        .unwrap_or_default();
    let [width, _] = whole([width / SCALE, 0.0]);
    Mark {
        class,
        path: path.collect(),
        width,
        label,
        place: whole(middle),
    }
}

/// A point of the page, in units of the overlay.
#[expect(clippy::cast_possible_truncation, reason = "the page is small")]
fn whole(point: [f32; 2]) -> [i32; 2] {
    point.map(|coordinate| (coordinate * SCALE).round() as i32)
}

#[component]
fn Shape(mark: Mark) -> impl IntoView {
    let [x, y] = mark.place;
    // The halo keeps the line visible on ink, in which it lies.
    view! {
        <g class=mark.class data-testid="mark">
            <path class="halo" d=mark.path.clone() stroke-width=mark.width + 30 />
            <path d=mark.path stroke-width=mark.width />
            <text x=x y=y>{mark.label}</text>
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::explain::evidence::Part;

    #[test]
    fn marks_differ_by_sign_and_width_and_name_what_wins() {
        let part = |weight: f32| Part {
            lines: vec![vec![[10.0, 20.0], [30.04, 40.0]], vec![[50.0, 60.0]]],
            weight,
        };
        let evidence = |change| Evidence {
            answer: 7,
            second: 1,
            second_probability: 0.1,
            parts: vec![part(9.0), part(-1.5)],
            change,
        };
        let seen = |change| {
            let marks = marks(&evidence(change));
            marks
                .into_iter()
                .map(|mark| (mark.class, mark.width, mark.label))
                .collect::<Vec<_>>()
        };
        let label = |text: &str| text.to_owned();
        assert_eq!(
            seen(Change::Without(1)),
            [("for", 55, label("1+")), ("against", 33, label("2− → 1"))]
        );
        let added = Change::With(vec![vec![[0.0; 2], [9.0; 2]]]);
        assert_eq!(seen(added).last(), Some(&("change", 25, label("→ 1"))));
        let marks = super::marks(&evidence(Change::Nothing));
        assert_eq!(marks[0].path, "M100 200L300 400M500 600h0");
        assert_eq!(marks[0].place, [300, 400]);
    }
}
