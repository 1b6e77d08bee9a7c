//! What the user has given, as a file, and taking it back.

use leptos::{html, prelude::*, task::spawn_local};

use crate::{
    account::texts::OwnTexts,
    browser::fetch::redirect_if_signed_out,
    client::{self, ClientError},
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorAlert, question::Question},
};

/// What is taken back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Corrections,
    /// The history with the corrections.
    All,
}

/// Downloads the data, and takes back all corrections or all data.
#[component]
pub fn OwnData(
    /// Is notified when the history has changed.
    changed: Trigger,
) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<OwnTexts>();
    let asked = RwSignal::new(None::<Part>);
    let busy = RwSignal::new(false);
    let done = RwSignal::new(None::<Part>);
    let error = RwSignal::new(None::<ClientError>);
    let panel = NodeRef::<html::Section>::new();
    let ask = move |part| {
        done.set(None);
        error.set(None);
        asked.set(Some(part));
    };
    let close = move || {
        asked.set(None);
        // The button, which had the focus, is gone.
        if let Some(panel) = panel.get_untracked() {
            panel.focus().ok();
        }
    };
    let take_back = move |part| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = match part {
                Part::Corrections => client::take_back_all().await,
                Part::All => client::delete_data().await,
            };
            // The page may have been left.
            if busy.try_set(false).is_some() {
                return;
            }
            close();
            match answer {
                Ok(()) => {
                    done.set(Some(part));
                    changed.notify();
                }
                Err(cause) => {
                    redirect_if_signed_out(&cause);
                    error.set(Some(cause));
                }
            }
        });
    };
    let label = move |part| match part {
        Part::Corrections => texts().take_back,
        Part::All => texts().delete_data,
    };
    let text = move |part| match part {
        Part::Corrections => texts().take_back_question,
        Part::All => texts().delete_data_question,
    };
    let yes = move |part| if busy.get() { texts().taking_back } else { label(part) };
    let question = move || {
        asked.get().map(|part| {
            view! {
                <Question
                    label=Signal::derive(move || label(part).to_owned())
                    text=Signal::derive(move || text(part).to_owned())
                    yes=Signal::derive(move || yes(part))
                    busy
                    on_yes=Callback::new(move |()| take_back(part))
                    on_no=Callback::new(move |()| close())
                />
            }
        })
    };
    let outcome = move || {
        done.get().map(|part| match part {
            Part::Corrections => texts().taken_back,
            Part::All => texts().data_deleted,
        })
    };
    view! {
        <section node_ref=panel tabindex="-1" class="account-panel" aria-labelledby="data-title">
            <h2 id="data-title">{t(|t: &OwnTexts| t.data_title)}</h2>
            <p>{t(|t: &OwnTexts| t.data_lead)}</p>
            <a class="button" download href="/api/me/data">
                {t(|t: &OwnTexts| t.download_data)}
            </a>
            <button type="button" on:click=move |_| ask(Part::Corrections)>
                {move || label(Part::Corrections)}
            </button>
            <button type="button" on:click=move |_| ask(Part::All)>
                {move || label(Part::All)}
            </button>
            <div class="outcome">
                {question} <p class="done" role="status">
                    {outcome}
                </p> <ErrorAlert error />
            </div>
        </section>
    }
    .into_sync_any()
}
