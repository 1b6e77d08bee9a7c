//! The page at `/model`. It is loaded lazily: its code is in a file that only this page loads.

#![expect(
    clippy::used_underscore_binding,
    reason = "`lazy_route` passes an argument that the view doesn't need"
)]

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

use super::{reliability::ReliabilityDiagram, texts::ModelTexts};
use crate::{
    browser::{
        document,
        fetch::{Fetch, FetchState},
    },
    client,
    i18n::{Language, percent_in_full, quantities::Unit, t},
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorMessage, title::title},
};
use api::{ErrorCode, ModelCard};

/// The page's route.
#[derive(Debug)]
pub struct ModelPage;

#[lazy_route]
impl LazyRoute for ModelPage {
    fn data() -> Self {
        Self
    }

    fn view(_page: Self) -> AnyView {
        view! { <Model /> }.into_any()
    }
}

#[component]
fn Model() -> impl IntoView {
    let language = Language::shared();
    let card = Fetch::new(|| Box::pin(client::model()));
    document::mark_ready_on_mount();
    let content = move || match card.state.get() {
        FetchState::Loading => view! { <p>"…"</p> }.into_sync_any(),
        // It was uploaded without one.
        FetchState::Failed(error) if error.code() == Some(ErrorCode::NotFound) => {
            view! { <p>{t(|t: &ModelTexts| t.no_card)}</p> }.into_sync_any()
        }
        FetchState::Failed(error) => view! { <ErrorMessage error /> }.into_sync_any(),
        FetchState::Ready(card) => view! { <Card card /> }.into_sync_any(),
    };
    view! {
        <Title text=title(move || format!("{} · Trazo", language.texts::<ModelTexts>().title)) />
        <section class="page model">
            <h1>{t(|t: &ModelTexts| t.title)}</h1>
            <p class="intro">{t(|t: &ModelTexts| t.intro)}</p>
            <div class="model-card">{content}</div>
        </section>
    }
    .into_sync_any()
}

/// The figures of a card.
#[component]
fn Card(card: ModelCard) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<ModelTexts>();
    let share = move |share: f64| move || percent_in_full(share, language.locale());
    let count = move |number: u32| Unit::Count.show(number.into(), language.locale());
    let ModelCard { test, kinds, .. } = card;
    let (errors, digits) = (test.errors, test.digits);
    let figures = [
        (t(|t: &ModelTexts| t.accuracy), test.accuracy),
        (t(|t: &ModelTexts| t.turned_away), card.test_turned_away),
        (t(|t: &ModelTexts| t.calibration), test.calibration_error),
        (
            t(|t: &ModelTexts| t.mixture_calibration),
            card.mixture_calibration_error,
        ),
    ];
    let figures = figures.map(|(name, value)| {
        view! {
            <div class="count">
                <dt>{name}</dt>
                <dd class="figure">{share(value)}</dd>
            </div>
        }
    });
    let by_digit = test.recall.iter().map(|(digit, &recall)| {
        view! {
            <tr>
                <th scope="row">{digit.clone()}</th>
                <td>{share(recall)}</td>
            </tr>
        }
    });
    let by_digit = by_digit.collect_view();
    let by_kind = kinds.into_iter().map(|(kind, figures)| {
        view! {
            <tr>
                <th scope="row">{move || (texts().kind)(&kind).to_owned()}</th>
                <td>{move || count(figures.images)}</td>
                <td>{move || figures.accuracy.map_or_else(|| "–".to_owned(), |right| percent_in_full(right, language.locale()))}</td>
                <td>{share(figures.turned_away)}</td>
            </tr>
        }
    });
    let by_kind = by_kind.collect_view();
    let (model, date) = (card.model, card.date);
    let (weights, bytes, epochs) = (card.parameters / 1000, card.bytes / 1000, card.epochs);
    let operations = (card.multiply_adds + 500_000) / 1_000_000;
    view! {
        <p>
            <strong>{model}</strong>
            ", "
            {date}
            ". "
            {move || (texts().size)(weights, bytes, operations, epochs)}
        </p>
        <h2>{t(|t: &ModelTexts| t.on_test_digits)}</h2>
        <dl class="counts">{figures.into_iter().collect_view()}</dl>
        <p>{move || (texts().misread)(errors, &count(digits))}</p>
        <div class="model-tables">
            <section>
                <h2 id="by-digit">{t(|t: &ModelTexts| t.by_digit)}</h2>
                <table class="model-table" aria-labelledby="by-digit">
                    <thead>
                        <tr>
                            <th scope="col">{t(|t: &ModelTexts| t.digit)}</th>
                            <th scope="col">{t(|t: &ModelTexts| t.right)}</th>
                        </tr>
                    </thead>
                    <tbody>{by_digit}</tbody>
                </table>
            </section>
            <section>
                <h2 id="reliability">{t(|t: &ModelTexts| t.reliability)}</h2>
                <ReliabilityDiagram bins=test.reliability />
                <p class="small">{t(|t: &ModelTexts| t.reliability_help)}</p>
            </section>
        </div>
        <h2 id="by-kind">{t(|t: &ModelTexts| t.by_kind)}</h2>
        <p>{t(|t: &ModelTexts| t.by_kind_help)}</p>
        <table class="model-table" aria-labelledby="by-kind">
            <thead>
                <tr>
                    <th scope="col">{t(|t: &ModelTexts| t.kind_column)}</th>
                    <th scope="col">{t(|t: &ModelTexts| t.images)}</th>
                    <th scope="col">{t(|t: &ModelTexts| t.right)}</th>
                    <th scope="col">{t(|t: &ModelTexts| t.turned_away)}</th>
                </tr>
            </thead>
            <tbody>{by_kind}</tbody>
        </table>
        <h2>{t(|t: &ModelTexts| t.limits)}</h2>
        <p>{t(|t: &ModelTexts| t.limits_help)}</p>
        <p>
            <a href="/api/model" rel="external">{t(|t: &ModelTexts| t.whole_card)}</a>
        </p>
    }
    .into_sync_any()
}
