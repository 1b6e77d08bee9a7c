//! What the user says that an image shows, where the server has read something else.

use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};

use super::{
    error_message::ErrorMessage,
    texts::{CorrectionTexts, SharedTexts},
};
use crate::{
    browser::navigation,
    client::{self, ApiResult, ClientError},
    i18n::{Language, t},
    session::Session,
    sync_view::IntoSyncAny,
};
use api::{Label, PastPrediction, access::sign_in_for};

/// The state of a correction; copies share it.
#[derive(Clone, Copy)]
struct CorrectionState {
    id: i64,
    correction: RwSignal<Option<Label>>,
    announcement: RwSignal<String>,
    language: Language,
    session: Session,
    is_open: RwSignal<bool>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ClientError>>,
    button: NodeRef<html::Button>,
}

impl CorrectionState {
    fn toggle(self) {
        self.error.set(None);
        if self.correction.get_untracked().is_some() {
            self.send(None);
        } else {
            self.is_open.update(|open| *open = !*open);
        }
    }

    fn close(self) {
        self.is_open.set(false);
        if let Some(button) = self.button.get_untracked() {
            button.focus().ok();
        }
    }

    /// Sends what the image shows; `None` takes back what was said.
    fn send(self, said: Option<Label>) {
        if self.busy.get_untracked() {
            return;
        }
        if !self.session.is_signed_in() {
            self.error.set(Some(ClientError::SIGN_IN));
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer: ApiResult<PastPrediction> = match said {
                Some(label) => client::correct(self.id, label).await,
                None => client::take_back(self.id).await,
            };
            // What it belongs to is gone if the page was left, or the server was asked again.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    let texts = self.language.texts_untracked::<CorrectionTexts>();
                    let done = said.map_or_else(|| texts.taken_back.to_owned(), texts.saved);
                    self.correction.set(said);
                    self.announcement.set(done);
                    self.close();
                }
                Err(cause) => self.error.set(Some(cause)),
            }
        });
    }

    fn on_key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let key = event.key();
        let digit = key.parse().ok().filter(|_| key.len() == 1).and_then(Label::of_digit);
        match (digit, key.as_str()) {
            (Some(label), _) => self.send(Some(label)),
            (None, "x" | "X") => self.send(Some(Label::NoDigit)),
            (None, "Escape") => self.close(),
            _ => return,
        }
        event.prevent_default();
    }
}

/// A button that opens ten keys and one for no digit, and takes back what was said.
#[component]
pub fn Corrector(
    /// The number of the prediction.
    id: i64,
    /// What the user says.
    correction: RwSignal<Option<Label>>,
    /// A live region.
    announcement: RwSignal<String>,
    /// Whether it shows what was said, and its keys lie over what follows.
    #[prop(optional)]
    is_apart: bool,
) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<CorrectionTexts>();
    let state = CorrectionState {
        id,
        correction,
        announcement,
        language,
        session: Session::shared(),
        is_open: RwSignal::new(false),
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
        button: NodeRef::new(),
    };
    let is_corrected = move || correction.get().is_some();
    let label = move || match (is_corrected(), state.is_open.get()) {
        (true, _) => texts().undo,
        (false, true) => language.texts::<SharedTexts>().cancel,
        (false, false) => texts().open,
    };
    let button = view! {
        <button
            node_ref=state.button
            type="button"
            class="quiet"
            aria-busy=move || state.busy.get().to_string()
            aria-expanded=move || (!is_corrected()).then(|| state.is_open.get().to_string())
            on:click=move |_| state.toggle()
        >
            {label}
        </button>
    };
    let keys = move || state.is_open.get().then(|| view! { <Keys state /> });
    let alert = view! { <div role="alert">{move || state.error.get().map(|error| problem(error, language))}</div> };
    if !is_apart {
        return view! {
            {button}
            {keys}
            {alert}
        }
        .into_sync_any();
    }
    let said = move || {
        correction
            .get()
            .map(|label| view! { <strong>{(texts().was)(label)}</strong> })
    };
    let is_empty = move || !state.is_open.get() && state.error.with(Option::is_none);
    view! {
        <div class="corrector">
            {said}
            {button}
            <div class="corrector-panel" hidden=is_empty>
                {keys}
                {alert}
            </div>
        </div>
    }
    .into_sync_any()
}

/// The keys. The digit can be typed, too.
#[component]
fn Keys(state: CorrectionState) -> impl IntoView {
    let group = NodeRef::<html::Fieldset>::new();
    Effect::new(move |_| {
        if let Some(group) = group.get() {
            group.focus().ok();
        }
    });
    let digits = Label::ALL
        .into_iter()
        .filter_map(|label| Some((label, label.digit()?)))
        .map(|(label, digit)| {
            view! {
                <button type="button" on:click=move |_| state.send(Some(label))>
                    {digit}
                </button>
            }
        })
        .collect_view();
    view! {
        <fieldset
            node_ref=group
            class="digits"
            tabindex="-1"
            aria-busy=move || state.busy.get().to_string()
            on:keydown=move |event| state.on_key(&event)
        >
            <legend>{t(|t: &CorrectionTexts| t.which_digit)}</legend>
            {digits}
            <button type="button" on:click=move |_| state.send(Some(Label::NoDigit))>
                {t(|t: &CorrectionTexts| t.not_a_digit)}
            </button>
        </fieldset>
    }
    .into_sync_any()
}

/// Why nothing was sent, or what the server answered.
fn problem(error: ClientError, language: Language) -> AnyView {
    if !error.is_signed_out() {
        return view! { <ErrorMessage error /> }.into_sync_any();
    }
    view! {
        <p class="error-message">
            {move || language.texts::<CorrectionTexts>().sign_in_why}
            " "
            <a href=sign_in_for(&navigation::current_path())>{move || language.texts::<CorrectionTexts>().sign_in}</a>
        </p>
    }
    .into_sync_any()
}
