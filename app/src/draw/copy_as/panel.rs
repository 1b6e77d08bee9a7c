//! The content of the menu.

use leptos::{prelude::*, task::spawn_local};

use super::{picture::File, snippet::Target, texts::CopyTexts};
use crate::{
    browser::clipboard::write_text,
    draw::{report::is_number, state::DrawState},
    i18n::{Language, t},
    sync_view::IntoSyncAny,
};

/// What was copied, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Copied(Target),
    /// There is no file to copy.
    NoFile,
    /// What the browser didn't let the page copy.
    Refused(String),
}

/// A button for each language.
pub(super) fn panel() -> AnyView {
    let language = Language::shared();
    let state = DrawState::shared();
    let outcome = RwSignal::new(None::<Outcome>);
    let is_empty = Memo::new(move |_| state.is_empty());
    let copy = move |target: Target| {
        let Some(file) = File::of(state) else {
            outcome.set(Some(Outcome::NoFile));
            return;
        };
        let route = if state.live.with_untracked(|live| is_number(live.result())) {
            "/api/predict/number"
        } else {
            "/api/predict"
        };
        let origin = window().location().origin().unwrap_or_default();
        let code = target.code(&origin, route, &file, language.texts_untracked());
        spawn_local(async move {
            let result = if write_text(&code).await {
                Outcome::Copied(target)
            } else {
                Outcome::Refused(code)
            };
            outcome.try_set(Some(result));
        });
    };
    let buttons = Target::ALL.map(|target| {
        let label = move || {
            let texts = language.texts::<CopyTexts>();
            if outcome.get() == Some(Outcome::Copied(target)) {
                texts.copied.to_owned()
            } else {
                (texts.copy)(target.name())
            }
        };
        view! {
            <button
                type="button"
                aria-live="polite"
                disabled=move || is_empty.get()
                on:click=move |_| copy(target)
            >
                {label}
            </button>
        }
    });
    let problem = move || {
        let texts = language.texts::<CopyTexts>();
        match outcome.get() {
            _ if is_empty.get() => texts.nothing,
            Some(Outcome::NoFile) => texts.not_kept,
            Some(Outcome::Refused(_)) => texts.by_hand,
            None | Some(Outcome::Copied(_)) => "",
        }
    };
    let by_hand = move || match outcome.get() {
        Some(Outcome::Refused(code)) => Some(view! {
            <textarea readonly rows="4" aria-label=t(|t: &CopyTexts| t.by_hand) prop:value=code />
        }),
        _ => None,
    };
    view! {
        <div class="menu-items">
            {buttons} <p class="small" role="status">
                {problem}
            </p> {by_hand}
        </div>
    }
    .into_sync_any()
}
