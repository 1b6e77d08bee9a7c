//! A line chart over time: axes with units, a gap for a gap, a moment to look at, a table for who can't see it.

use leptos::{
    html::{Details, Div},
    prelude::*,
};

use super::{
    cursor::{point_at, press},
    legend::Legend,
    panel::{Named, Panel, follow_open},
    readings::Line,
};
use crate::{
    admin::status::{
        Point,
        dashboard::Dashboard,
        plot::{Frame, time_marks, value_marks},
        texts::{StatusTexts, say},
    },
    browser::clipboard::keep_measuring,
    i18n::{
        Language,
        quantities::{Unit, clock},
    },
    sync_view::IntoAnyAtOnce,
};

const HEIGHT: f64 = 156.0;
/// The width before it is measured.
const WIDTH: f64 = 640.0;
/// Between two marks of the time axis there is at least so much room.
const MARK_ROOM: f64 = 88.0;
/// Rows of the table.
const ROWS: usize = 20;

/// A chart of lines that share a unit.
#[component]
pub fn Chart(
    /// For `aria-labelledby`; no other panel has it.
    id: &'static str,
    /// Its heading.
    title: fn(&'static StatusTexts) -> &'static str,
    /// What the values are.
    unit: Unit,
    /// Its lines, the most important first.
    lines: &'static [Line],
    /// The first line stands on a filled area.
    #[prop(optional)]
    is_filled: bool,
) -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let plot = NodeRef::<Div>::new();
    let width = RwSignal::new(WIDTH);
    keep_measuring(plot, width);
    let most = Memo::new(move |_| {
        dashboard.watch.with(|watch| {
            let values = watch
                .points()
                .iter()
                .flat_map(|point| lines.iter().filter_map(|line| (line.value)(point)));
            values.fold(0.0, f64::max)
        })
    });
    let marks = Memo::new(move |_| value_marks(most.get()));
    let frame = Memo::new(move |_| {
        let (from, to) = dashboard.domain();
        Frame {
            left: 60.0,
            right: width.get() - 12.0,
            top: 10.0,
            bottom: HEIGHT - 24.0,
            from,
            to,
            most: marks.with(|marks| marks.last().copied().unwrap_or(1.0)),
        }
    });
    let values = move |line: &'static Line| {
        dashboard.watch.with(|watch| {
            let value = |point: &Point| (point.time, (line.value)(point), point.is_joined);
            watch.points().iter().map(value).collect::<Vec<_>>()
        })
    };
    let is_empty = Memo::new(move |_| {
        dashboard.watch.with(|watch| {
            !watch
                .points()
                .iter()
                .any(|point| lines.iter().any(|line| (line.value)(point).is_some()))
        })
    });
    let area = lines.first().filter(|_| is_filled).map(|line| {
        view! { <path class="area" d=move || frame.get().area(values(line)) /> }
    });
    let drawn = move |line: &'static Line| {
        view! { <path class=format!("line {}", line.class) d=move || frame.get().line(values(line)) /> }
    };
    // The first line is drawn last, over the others.
    let paths = lines.iter().rev().map(drawn).collect_view();
    let queries = lines
        .iter()
        .map(|line| Named {
            name: line.name,
            query: line.query,
        })
        .collect();
    view! {
        <Panel
            id
            title
            queries
            aside=view! { <Legend lines unit /> }.at_once()
            foot=view! { <Table lines unit title /> }.at_once()
        >
            <div
                class="plot"
                node_ref=plot
                role="slider"
                tabindex="0"
                aria-label=say(language, title)
                aria-valuemin="0"
                aria-valuemax=move || dashboard.watch.with(|watch| watch.points().len().saturating_sub(1))
                aria-valuenow=move || position(dashboard)
                aria-valuetext=move || aloud(dashboard, language, lines, unit)
                on:pointermove=move |event| point_at(dashboard, frame.get_untracked(), plot, &event)
                on:pointerdown=move |event| point_at(dashboard, frame.get_untracked(), plot, &event)
                on:pointerleave=move |_| dashboard.cursor.set(None)
                on:blur=move |_| dashboard.cursor.set(None)
                on:keydown=move |event| press(dashboard, &event)
            >
                <svg viewBox=move || format!("0 0 {} {HEIGHT}", width.get()) aria-hidden="true">
                    {move || value_axis(frame.get(), &marks.get(), unit, language)}
                    {move || time_axis(frame.get(), dashboard.offset.get())} {area} {paths}
                    {move || cursor(dashboard, frame.get(), lines)}
                </svg>
                <p class="plot-empty" hidden=move || !is_empty.get()>
                    {say(language, |t| t.no_data)}
                </p>
            </div>
        </Panel>
    }
    .at_once()
}

fn value_axis(frame: Frame, marks: &[f64], unit: Unit, language: Language) -> impl IntoView + use<> {
    let locale = language.locale();
    let mark = |value: &f64| {
        let y = frame.y(*value);
        view! {
            <line class="grid" x1=frame.left x2=frame.right y1=y y2=y />
            <text class="mark" x=frame.left - 8.0 y=y + 4.0 text-anchor="end">
                {unit.show(*value, locale)}
            </text>
        }
    };
    marks.iter().map(mark).collect_view()
}

fn time_axis(frame: Frame, offset: f64) -> impl IntoView + use<> {
    let mark = |time: &f64| {
        let x = frame.x(*time);
        let text = clock(*time, offset);
        // Seconds only where they say something.
        let text = text.strip_suffix(":00").map_or(text.clone(), str::to_owned);
        view! {
            <line class="grid" x1=x x2=x y1=frame.bottom y2=frame.bottom + 4.0 />
            <text class="mark" x=x y=frame.bottom + 18.0 text-anchor="middle">
                {text}
            </text>
        }
    };
    // Not so near the ends that a text would leave the chart.
    let (from, to) = (frame.time(frame.left + 8.0), frame.time(frame.right - 16.0));
    time_marks(from, to, offset, room(frame))
        .iter()
        .map(mark)
        .collect_view()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits just before"
)]
fn room(frame: Frame) -> usize {
    ((frame.right - frame.left) / MARK_ROOM).clamp(2.0, 12.0) as usize
}

/// The moment that is looked at: a line across, a dot on each line.
fn cursor(dashboard: Dashboard, frame: Frame, lines: &'static [Line]) -> Option<impl IntoView + use<>> {
    dashboard.cursor.get()?;
    let point = dashboard.shown()?;
    let x = frame.x(point.time);
    let dot = |line: &Line| {
        let y = frame.y((line.value)(&point)?);
        Some(view! { <circle class=format!("dot {}", line.class) cx=x cy=y r="4" /> })
    };
    let dots = lines.iter().filter_map(dot).collect_view();
    Some(view! {
        <line class="cursor" x1=x x2=x y1=frame.top y2=frame.bottom />
        {dots}
    })
}

fn position(dashboard: Dashboard) -> usize {
    let shown = dashboard.shown();
    dashboard.watch.with(|watch| {
        let at = shown.and_then(|shown| watch.points().iter().position(|point| point.time >= shown.time));
        at.unwrap_or(0)
    })
}

/// Time and values of the moment that is looked at, for a screen reader.
fn aloud(dashboard: Dashboard, language: Language, lines: &'static [Line], unit: Unit) -> String {
    let (locale, texts) = (language.locale(), StatusTexts::of(language.locale()));
    let Some(point) = dashboard.shown() else {
        return texts.no_data.to_owned();
    };
    let values = lines.iter().map(|line| {
        let value = (line.value)(&point).map_or_else(|| texts.no_value.to_owned(), |value| unit.show(value, locale));
        format!("{} {value}", (line.name)(texts))
    });
    let time = clock(point.time, dashboard.offset.get());
    std::iter::once(time).chain(values).collect::<Vec<_>>().join(", ")
}

/// The newest values as a table, made only while it is open.
#[component]
fn Table(lines: &'static [Line], unit: Unit, title: fn(&'static StatusTexts) -> &'static str) -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let details = NodeRef::<Details>::new();
    let is_open = RwSignal::new(false);
    let follow = follow_open(details, is_open);
    let table = move || {
        let texts = StatusTexts::of(language.locale());
        let heads = lines
            .iter()
            .map(|line| view! { <th scope="col">{(line.name)(texts)}</th> })
            .collect_view();
        let row = |point: &Point| {
            let cell = |line: &Line| {
                let value = (line.value)(point).unwrap_or(f64::NAN);
                view! { <td>{unit.show(value, language.locale())}</td> }
            };
            view! {
                <tr>
                    <th scope="row">{clock(point.time, dashboard.offset.get())}</th>
                    {lines.iter().map(cell).collect_view()}
                </tr>
            }
        };
        let rows = dashboard
            .watch
            .with(|watch| watch.points().iter().rev().take(ROWS).map(row).collect_view());
        view! {
            <table>
                <caption class="unseen">{title(texts)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{texts.time}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
    };
    view! {
        <details class="more" node_ref=details on:toggle=move |_| follow()>
            <summary>{say(language, |t| t.table)}</summary>
            <div class="values" tabindex="0" role="group" aria-label=say(language, title)>
                {move || is_open.get().then(table)}
            </div>
        </details>
    }
    .at_once()
}
