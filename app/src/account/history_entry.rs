//! One prediction of the history, which the user can correct.

use leptos::{html, prelude::*, task::spawn_local};

use super::texts::AccountTexts;
use crate::{
    browser::{dates, fetch::redirect_if_signed_out},
    client::{self, ClientError},
    i18n::{Language, percent, t, thousandths},
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorMessage, texts::SharedTexts},
};
use api::PastPrediction;

/// The image, the prediction, its time, and the correction.
#[component]
pub fn HistoryEntry(
    prediction: PastPrediction,
    /// The list's live region.
    announcement: RwSignal<String>,
) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<AccountTexts>();
    let correction = RwSignal::new(prediction.correction);
    let is_open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ClientError>);
    let opener = NodeRef::<html::Button>::new();
    let (id, share) = (prediction.id, thousandths(prediction.probability));
    let is_number = prediction.number.is_some();
    let numeral = prediction.number.unwrap_or_else(|| prediction.digit.to_string());
    let numeral = StoredValue::new(api::on_one_line(&numeral));
    let at = StoredValue::new(prediction.created_at.clone());

    let choose = move |digit: u8| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = client::correct(id, digit).await;
            busy.set(false);
            match answer {
                Ok(_) => {
                    correction.set(Some(digit));
                    is_open.set(false);
                    announcement.set((language.texts_untracked::<AccountTexts>().saved)(digit));
                    if let Some(opener) = opener.get_untracked() {
                        opener.focus().ok();
                    }
                }
                Err(cause) => {
                    redirect_if_signed_out(&cause);
                    error.set(Some(cause));
                }
            }
        });
    };
    let digits = move || {
        (0..10_u8)
            .map(|choice| {
                view! {
                    <button
                        type="button"
                        aria-pressed=move || (correction.get() == Some(choice)).to_string()
                        on:click=move |_| choose(choice)
                    >
                        {choice}
                    </button>
                }
            })
            .collect_view()
    };
    // One digit can't correct a number.
    let correct = (!is_number).then(|| {
        view! {
            <button
                node_ref=opener
                type="button"
                class="quiet"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                {move || if is_open.get() { language.texts::<SharedTexts>().cancel } else { texts().correct }}
            </button>
        }
    });
    view! {
        <li class="history-entry">
            <img src=prediction.image width="56" height="56" alt=move || numeral.with_value(|numeral| (texts().picture)(numeral)) />
            <div class="history-facts">
                <p>
                    {move || numeral.with_value(|numeral| (texts().read_as)(numeral, &percent(share, language.locale())))}
                    {" "}
                    {move || correction.get().map(|was| view! { <strong>{(texts().was)(was)}</strong> })}
                </p>
                <p class="small">
                    <time datetime=prediction.created_at>
                        {move || at.with_value(|at| dates::date_and_time(at, language.locale()))}
                    </time>
                </p>
            </div>
            {correct}
            {move || {
                is_open
                    .get()
                    .then(|| {
                        view! {
                            <fieldset class="digits" aria-busy=move || busy.get().to_string()>
                                <legend>{t(|t: &AccountTexts| t.which_digit)}</legend>
                                {digits()}
                            </fieldset>
                        }
                    })
            }}
            <div role="alert">{move || error.get().map(|error| view! { <ErrorMessage error /> })}</div>
        </li>
    }
    .into_sync_any()
}
