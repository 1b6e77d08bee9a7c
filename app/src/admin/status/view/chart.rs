//! A line chart over time: axes with units, a cursor, and a table of the same values for screen readers.

use leptos::{
    html::{Details, Div},
    prelude::*,
};

use super::{
    cursor::{point_at, press},
    legend::Legend,
    panel::{Named, Panel, follow_open},
    series::Series,
};
use crate::{
    admin::status::{
        Point,
        dashboard::Dashboard,
        plot::{Frame, time_marks, value_marks},
        texts::StatusTexts,
    },
    browser::element::track_width,
    i18n::{
        Language,
        quantities::{Unit, clock, date},
        t,
    },
    sync_view::IntoSyncAny,
};

const HEIGHT: f64 = 156.0;
/// The width before it is measured.
const WIDTH: f64 = 640.0;
/// The minimum distance between two marks of the time axis.
const MARK_ROOM: f64 = 88.0;
/// From this length on, the marks of the time axis are days. In seconds.
const DAYS: f64 = 2.0 * 86_400.0;
/// The radius of a point.
const POINT_RADIUS: f64 = 4.0;
/// The height of a line of text.
const LINE_HEIGHT: f64 = 15.0;
/// The number of rows in the table.
const ROWS: usize = 20;

/// A chart of series in the same unit.
#[component]
pub fn Chart(
    /// The id of the panel, also for `aria-labelledby`.
    id: &'static str,
    /// The heading.
    title: fn(&'static StatusTexts) -> &'static str,
    /// The unit of the values.
    unit: Unit,
    /// The series, the most important first.
    series: &'static [Series],
    /// Whether the area under the first line is filled.
    #[prop(optional)]
    is_filled: bool,
) -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let plot = NodeRef::<Div>::new();
    let width = RwSignal::new(WIDTH);
    track_width(plot, width);
    let max = Memo::new(move |_| {
        dashboard.with_points(|points| {
            let values = points
                .iter()
                .flat_map(|point| series.iter().filter_map(|line| (line.value)(point)));
            values.fold(0.0, f64::max)
        })
    });
    let marks = Memo::new(move |_| value_marks(max.get()));
    let frame = Memo::new(move |_| {
        let (from, to) = dashboard.domain();
        Frame {
            left: 60.0,
            right: width.get() - 12.0,
            top: 10.0,
            bottom: HEIGHT - 24.0,
            from,
            to,
            max: marks.with(|marks| marks.last().copied().unwrap_or(1.0)),
        }
    });
    let values = move |line: &'static Series| {
        dashboard.with_points(|points| {
            let value = |point: &Point| (point.time, (line.value)(point), point.is_joined);
            points.iter().map(value).collect::<Vec<_>>()
        })
    };
    let is_empty = Memo::new(move |_| {
        dashboard.with_points(|points| {
            !points
                .iter()
                .any(|point| series.iter().any(|line| (line.value)(point).is_some()))
        })
    });
    let area = series.first().filter(|_| is_filled).map(|line| {
        view! { <path class="area" d=move || frame.get().area(values(line)) /> }
    });
    let drawn = move |line: &'static Series| {
        view! { <path class=format!("line {}", line.class) d=move || frame.get().line(values(line)) /> }
    };
    // The first line is drawn last, on top of the others.
    let paths = series.iter().rev().map(drawn).collect_view();
    let queries = series
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
            aside=view! { <Legend series unit /> }.into_sync_any()
            foot=view! { <Table series unit title /> }.into_sync_any()
        >
            <div
                class="plot"
                node_ref=plot
                role="slider"
                tabindex="0"
                aria-label=t(title)
                aria-valuemin="0"
                aria-valuemax=move || dashboard.with_points(|points| points.len().saturating_sub(1))
                aria-valuenow=move || position(dashboard)
                aria-valuetext=move || aloud(dashboard, language, series, unit)
                on:pointermove=move |event| point_at(dashboard, frame.get_untracked(), plot, &event)
                on:pointerdown=move |event| point_at(dashboard, frame.get_untracked(), plot, &event)
                on:pointerleave=move |_| dashboard.cursor.set(None)
                on:blur=move |_| dashboard.cursor.set(None)
                on:keydown=move |event| press(dashboard, &event)
            >
                <svg viewBox=move || format!("0 0 {} {HEIGHT}", width.get()) aria-hidden="true">
                    {move || value_axis(frame.get(), &marks.get(), unit, language)}
                    {move || time_axis(frame.get(), dashboard.offset.get())} {area} {paths}
                    {move || lone_values(dashboard, language, frame.get(), series, unit)}
                    {move || cursor(dashboard, frame.get(), series)}
                </svg>
                <p class="plot-empty" hidden=move || !is_empty.get()>
                    {t(|t: &StatusTexts| t.no_data)}
                </p>
            </div>
        </Panel>
    }
    .into_sync_any()
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
        let text = if frame.to - frame.from > DAYS {
            date(*time, offset)
        } else {
            let text = clock(*time, offset);
            // Seconds are left out if they are zero.
            text.strip_suffix(":00").map_or(text.clone(), str::to_owned)
        };
        view! {
            <line class="grid" x1=x x2=x y1=frame.bottom y2=frame.bottom + 4.0 />
            <text class="mark" x=x y=frame.bottom + 18.0 text-anchor="middle">
                {text}
            </text>
        }
    };
    // Not so close to the ends that a label would be cut off.
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

/// The series that have one value so far: a point with that value, since a line needs two.
fn lone_values(
    dashboard: Dashboard,
    language: Language,
    frame: Frame,
    series: &'static [Series],
    unit: Unit,
) -> Vec<impl IntoView + use<>> {
    let (locale, texts) = (language.locale(), language.texts::<StatusTexts>());
    let only = |line: &'static Series| {
        dashboard.with_points(|points| {
            let mut values = points
                .iter()
                .filter_map(|point| Some((point.time, (line.value)(point)?)));
            let first = values.next()?;
            values.next().is_none().then_some((line, first))
        })
    };
    let lone: Vec<_> = series.iter().filter_map(only).collect();
    let places: Vec<f64> = lone.iter().map(|(_, (_, value))| frame.y(*value)).collect();
    let text_places = text_places(&places, frame.top + LINE_HEIGHT, frame.bottom - 2.0 * POINT_RADIUS);
    let lone = lone.into_iter().zip(places).zip(text_places);
    let lone = lone.map(|(((line, (time, value)), y), text_y)| {
        let x = frame.x(time);
        let text = if series.len() > 1 {
            format!("{} {}", (line.name)(texts), unit.show(value, locale))
        } else {
            unit.show(value, locale)
        };
        let (text_x, anchor) = if x > f64::midpoint(frame.left, frame.right) {
            (x - 2.0 * POINT_RADIUS, "end")
        } else {
            (x + 2.0 * POINT_RADIUS, "start")
        };
        view! {
            <circle class=format!("dot {}", line.class) cx=x cy=y r=POINT_RADIUS />
            <text class="lone-value" x=text_x y=text_y text-anchor=anchor>
                {text}
            </text>
        }
    });
    lone.collect()
}

/// The base lines of the texts beside these points: a little above them, from `top` to `bottom`, and a line apart from each
/// other where that is too close. Of equal points, the text of the first is the lowest.
fn text_places(points: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut lowest_first: Vec<usize> = (0..points.len()).collect();
    lowest_first.sort_by(|one, other| points[*other].total_cmp(&points[*one]));
    let mut places = vec![0.0; points.len()];
    let mut below = bottom;
    for &index in &lowest_first {
        places[index] = (points[index] - POINT_RADIUS).min(below);
        below = places[index] - LINE_HEIGHT;
    }
    // Those that have been moved above the top push the others down.
    let mut above = top;
    for &index in lowest_first.iter().rev() {
        places[index] = places[index].max(above);
        above = places[index] + LINE_HEIGHT;
    }
    places
}

/// The cursor: a vertical line, and a dot on each series.
fn cursor(dashboard: Dashboard, frame: Frame, series: &'static [Series]) -> Option<impl IntoView + use<>> {
    dashboard.cursor.get()?;
    let point = dashboard.shown()?;
    let x = frame.x(point.time);
    let dot = |line: &Series| {
        let y = frame.y((line.value)(&point)?);
        Some(view! { <circle class=format!("dot {}", line.class) cx=x cy=y r="4" /> })
    };
    let dots = series.iter().filter_map(dot).collect_view();
    Some(view! {
        <line class="cursor" x1=x x2=x y1=frame.top y2=frame.bottom />
        {dots}
    })
}

fn position(dashboard: Dashboard) -> usize {
    let shown = dashboard.shown();
    dashboard.with_points(|points| {
        let at = shown.and_then(|shown| points.iter().position(|point| point.time >= shown.time));
        at.unwrap_or(0)
    })
}

/// The time and the values at the cursor, for screen readers.
fn aloud(dashboard: Dashboard, language: Language, series: &'static [Series], unit: Unit) -> String {
    let (locale, texts) = (language.locale(), language.texts::<StatusTexts>());
    let Some(point) = dashboard.shown() else {
        return texts.no_data.to_owned();
    };
    let values = series.iter().map(|line| {
        let value = (line.value)(&point).map_or_else(|| texts.no_value.to_owned(), |value| unit.show(value, locale));
        format!("{} {value}", (line.name)(texts))
    });
    let time = dashboard.moment(point.time);
    std::iter::once(time).chain(values).collect::<Vec<_>>().join(", ")
}

/// The newest values as a table, which is only rendered while it is open.
#[component]
fn Table(series: &'static [Series], unit: Unit, title: fn(&'static StatusTexts) -> &'static str) -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let details = NodeRef::<Details>::new();
    let is_open = RwSignal::new(false);
    let follow = follow_open(details, is_open);
    let table = move || {
        let texts = language.texts::<StatusTexts>();
        let heads = series
            .iter()
            .map(|line| view! { <th scope="col">{(line.name)(texts)}</th> })
            .collect_view();
        let row = |point: &Point| {
            let cell = |line: &Series| {
                let value = (line.value)(point).unwrap_or(f64::NAN);
                view! { <td>{unit.show(value, language.locale())}</td> }
            };
            view! {
                <tr>
                    <th scope="row">{dashboard.moment(point.time)}</th>
                    {series.iter().map(cell).collect_view()}
                </tr>
            }
        };
        let rows = dashboard.with_points(|points| points.iter().rev().take(ROWS).map(row).collect_view());
        view! {
            <table>
                <caption class="visually-hidden">{title(texts)}</caption>
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
            <summary>{t(|t: &StatusTexts| t.table)}</summary>
            <div class="values" tabindex="0" role="group" aria-label=t(title)>
                {move || is_open.get().then(table)}
            </div>
        </details>
    }
    .into_sync_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_beside_points_are_apart_and_inside() {
        let places = |points: &[f64]| text_places(points, 20.0, 140.0);
        // Far apart: a little above each point.
        assert_eq!(places(&[30.0, 80.0, 130.0]), [26.0, 76.0, 126.0]);
        // Equal: the first is the lowest, and none is below the axis.
        assert_eq!(places(&[148.0, 148.0]), [140.0, 125.0]);
        // Close to the top, in any order.
        for points in [[22.0, 23.0, 24.0], [24.0, 22.0, 23.0]] {
            let mut found = places(&points);
            found.sort_by(f64::total_cmp);
            assert_eq!(found, [20.0, 35.0, 50.0]);
        }
        assert_eq!(places(&[22.0, 90.0, 23.0]), [20.0, 86.0, 35.0]);
        assert!(places(&[]).is_empty());
    }
}
