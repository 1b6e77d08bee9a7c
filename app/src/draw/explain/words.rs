//! What counts, in words: the legend of the marks, the parts for and against the answer, and what would let the second guess
//! win.

use classifier::Notice;
use leptos::prelude::*;

use super::{
    evidence::{Change, Evidence, Part},
    findings::Findings,
    texts::ExplainTexts,
};
use crate::{
    draw::{
        drawing::PAGE,
        state::{DrawState, LivePrediction},
        texts::DrawTexts,
    },
    i18n::{Language, Locale, TextTable, percent, t, thousandths},
    sync_view::IntoSyncAny,
    ui::texts::FrameTexts,
};

#[component]
pub fn Words(findings: Findings) -> impl IntoView {
    let language = Language::shared();
    let state = DrawState::shared();
    let evidence = Memo::new(move |_| findings.get());
    let what_counts = move || {
        let texts = language.texts::<ExplainTexts>();
        state.live.with(|live| match live {
            LivePrediction::Empty => texts.empty.to_owned(),
            LivePrediction::Blank => texts.blank.to_owned(),
            LivePrediction::Altered => texts.altered.to_owned(),
            LivePrediction::Loading => language.texts::<DrawTexts>().loading.to_owned(),
            LivePrediction::Failed => language.texts::<FrameTexts>().load_failed.to_owned(),
            LivePrediction::Ready(result) => match (result.reading.notice, evidence.get()) {
                (Some(Notice::SeveralDigits), _) => texts.several.to_owned(),
                (_, None) => texts.resting.to_owned(),
                (notice, Some(evidence)) => {
                    let counts = counts(&evidence, texts);
                    if notice == Some(Notice::NotADigit) {
                        format!("{} {counts}", (texts.resembles)(evidence.answer))
                    } else {
                        counts
                    }
                }
            },
        })
    };
    let second_guess = move || {
        evidence
            .get()
            .map(|evidence| second_guess(&evidence, language.locale()))
    };
    // Sighted visitors see the parts on the canvas.
    let places = move || {
        let texts = language.texts::<ExplainTexts>();
        let parts = evidence.get().map(|evidence| evidence.parts).unwrap_or_default();
        let items = (1..).zip(&parts).map(|(number, part): (usize, &Part)| {
            let [column, row] = third(part);
            let side = if part.weight > 0.0 {
                texts.for_it
            } else {
                texts.against_it
            };
            view! { <li>{format!("{number}, {}: {side}", (texts.place)(column, row))}</li> }
        });
        items.collect_view()
    };
    view! {
        <p class="small">{t(|t: &ExplainTexts| t.evidence_help)}</p>
        <ul class="legend">
            <LegendEntry class="for" sign="+" text=|t| t.for_it />
            <LegendEntry class="against" sign="−" text=|t| t.against_it />
            <LegendEntry class="change" sign="→" text=|t| t.changes_it />
        </ul>
        <p class="finding" data-testid="what-counts">{what_counts}</p>
        <p class="finding" data-testid="second-guess">{second_guess}</p>
        <ul class="visually-hidden">{places}</ul>
    }
    .into_sync_any()
}

/// A mark and what it means.
#[component]
fn LegendEntry(
    class: &'static str,
    sign: &'static str,
    text: fn(&'static ExplainTexts) -> &'static str,
) -> impl IntoView {
    view! {
        <li>
            <svg class="evidence" viewBox="0 0 400 160" aria-hidden="true">
                <g class=class>
                    <path d="M20 80H380" stroke-width="40" />
                </g>
            </svg>
            <span>{sign} " " {t(text)}</span>
        </li>
    }
}

/// The numbers of the parts for and against the answer.
fn counts(evidence: &Evidence, texts: &ExplainTexts) -> String {
    let numbers = |is_for: bool| {
        let parts = (1..).zip(&evidence.parts);
        let numbers = parts.filter_map(|(number, part)| ((part.weight > 0.0) == is_for).then_some(number));
        numbers.collect::<Vec<usize>>()
    };
    (texts.counts)(evidence.answer, &numbers(true), &numbers(false))
}

/// The second guess, and what would let it win.
fn second_guess(evidence: &Evidence, locale: Locale) -> String {
    let texts = ExplainTexts::of(locale);
    let digit = evidence.second;
    let guess = (texts.second)(digit, &percent(thousandths(evidence.second_probability), locale));
    let change = match evidence.change {
        Change::Sought => (texts.sought)(digit),
        Change::Without(part) => (texts.without)(part + 1, digit),
        Change::With(_) => (texts.with)(digit),
        Change::Nothing => (texts.nothing)(digit),
    };
    format!("{guess} {change}")
}

/// The third of the page from the left and from the top that has the middle of a part.
fn third(part: &Part) -> [usize; 2] {
    [0, 1].map(|axis| {
        let places = || part.lines.iter().flatten().map(|point| point[axis]);
        let middle = f32::midpoint(places().fold(PAGE, f32::min), places().fold(0.0, f32::max));
        if middle < PAGE / 3.0 {
            0
        } else if middle < PAGE * 2.0 / 3.0 {
            1
        } else {
            2
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(change: Change) -> Evidence {
        let part = |weight: f32, x: f32| Part {
            lines: vec![vec![[x, 10.0], [x + 20.0, 60.0]]],
            weight,
        };
        Evidence {
            answer: 9,
            second: 4,
            second_probability: 0.012,
            parts: vec![part(3.0, 20.0), part(-2.0, 120.0), part(1.0, 250.0)],
            change,
        }
    }

    #[test]
    fn the_second_guess_is_named_with_what_lets_it_win() {
        let says = |change: Change, locale| second_guess(&evidence(change), locale);
        assert_eq!(
            says(Change::Without(1), Locale::Es),
            "Segunda opción: un 4, con 1,2\u{a0}%. Sin la parte 2 sería un 4."
        );
        for change in [Change::Sought, Change::With(Vec::new()), Change::Nothing] {
            for locale in Locale::ALL {
                assert_eq!(says(change.clone(), locale).matches(" 4").count(), 2, "{change:?}");
            }
        }
    }

    #[test]
    fn parts_are_counted_by_side_and_placed() {
        let evidence = evidence(Change::Nothing);
        assert_eq!(
            counts(&evidence, ExplainTexts::EN),
            "For the 9: 1 and 3. Against it: 2."
        );
        let thirds: Vec<_> = evidence.parts.iter().map(third).collect();
        assert_eq!(thirds, [[0, 0], [1, 0], [2, 0]]);
    }
}
