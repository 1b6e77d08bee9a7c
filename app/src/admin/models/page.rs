//! The admins' page about the models. It is loaded lazily: its code is in a file that only this page loads.

#![expect(
    clippy::used_underscore_binding,
    reason = "`lazy_route` passes an argument that the view doesn't need"
)]

use std::cell::Cell;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

use super::{
    comparison::Comparison,
    confirmation::Confirmation,
    row::{Row, action_button},
    state::{LIVE_ID, ModelAction, ModelsState, Step},
    texts::ModelsTexts,
    upload::Upload,
};
use crate::{
    browser::{dates, document, fetch::FetchState, style},
    i18n::{Language, t, tag},
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorMessage, require_access::require_access, texts::SharedTexts, title::title},
};
use api::Models;

/// The page's route.
#[derive(Debug)]
pub struct ModelsPage;

#[lazy_route]
impl LazyRoute for ModelsPage {
    fn data() -> Self {
        Self
    }

    fn view(_page: Self) -> AnyView {
        require_access(|| view! { <ModelList /> }.into_sync_any())
    }
}

/// The page at `/admin/models`.
#[component]
fn ModelList() -> impl IntoView {
    let language = Language::shared();
    Effect::new(|_| add_styles());
    let state = ModelsState::new();
    document::mark_ready_on_mount();
    let is_loaded = Memo::new(move |_| state.models.with(Option::is_some));
    let failure = move || match state.fetch.state.get() {
        FetchState::Failed(error) => Some(view! {
            <ErrorMessage error />
            <button type="button" on:click=move |_| state.fetch.refetch()>
                {t(|t: &SharedTexts| t.retry)}
            </button>
        }),
        _ => None,
    };
    view! {
        <Title text=title(move || format!("{} · Trazo", language.texts::<ModelsTexts>().title)) />
        <section class="page" translate="no" lang=tag()>
            <h1>{t(|t: &ModelsTexts| t.title)}</h1>
            <p class="small">{t(|t: &ModelsTexts| t.help)}</p>
            // Its height is that of what is loaded later.
            <div class="users-list tall" aria-busy=move || state.fetch.busy.get().to_string()>
                <div role="alert">{failure}</div>
                {move || is_loaded.get().then(|| view! { <Loaded state /> })}
                <p class="visually-hidden" role="status">
                    {move || state.announcement.get()}
                </p>
            </div>
        </section>
    }
    .into_sync_any()
}

/// Which model answers, the upload, all models, and the comparison.
#[component]
fn Loaded(state: ModelsState) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<ModelsTexts>();
    let live = Memo::new(move |_| {
        let version = |models: &Option<Models>| models.as_ref().map(|models| models.live.clone());
        state.models.with(version).unwrap_or_default()
    });
    let previous = Memo::new(move |_| state.models.with(|models| models.as_ref()?.previous.clone()));
    let since = move || {
        state.models.with(|models| {
            let model = models
                .as_ref()?
                .models
                .iter()
                .find(|model| model.version == live.get())?;
            let at = dates::date_and_time(model.live_since.as_ref()?, language.locale());
            Some((texts().since)(&at, model.live_by.as_deref().unwrap_or("-")))
        })
    };
    let back = move || {
        previous.get().map(|version| {
            let step = Step {
                action: ModelAction::GoBack,
                version,
            };
            action_button(state, step, false)
        })
    };
    let concerns = Callback::new(|step: Step| !step.is_in_list());
    let rows = move || {
        let models = state.models.get()?;
        let (live, previous) = (models.live, models.previous);
        let rows = models.models.into_iter().map(|model| {
            let is_live = model.version == live;
            let is_previous = previous.as_ref() == Some(&model.version);
            view! { <Row state model is_live is_previous /> }
        });
        Some(rows.collect_view().into_sync_any())
    };
    let room = move || {
        state.models.with(|models| {
            let models = models.as_ref()?;
            let uploaded = models.models.iter().filter(|model| !model.shipped).count();
            Some((texts().room)(uploaded, models.max_models))
        })
    };
    view! {
        <section class="models-section" aria-labelledby="live-title">
            <h2 id="live-title">{t(|t: &ModelsTexts| t.answers_now)}</h2>
            <p id=LIVE_ID class="figure breakable" tabindex="-1">
                {move || live.get()}
            </p>
            <p class="small">{move || since().unwrap_or_else(|| texts().always.to_owned())}</p>
            <div class="models-actions">{back}</div>
            <Confirmation state concerns />
        </section>
        <Upload state />
        <section class="models-section" aria-labelledby="all-title">
            <h2 id="all-title">{t(|t: &ModelsTexts| t.all)}</h2>
            <p class="small">{room}</p>
            <ul class="models">{rows}</ul>
        </section>
        <Comparison state />
    }
    .into_sync_any()
}

/// Once for each document.
fn add_styles() {
    thread_local! {
        static ARE_ADDED: Cell<bool> = const { Cell::new(false) };
    }
    if !ARE_ADDED.get() {
        let added = style::add(include_str!("../../../../style/admin/models.css"));
        ARE_ADDED.set(added.is_some());
    }
}
