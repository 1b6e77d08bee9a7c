//! One thing that was read, and the user's word on what it was.

use leptos::{html, prelude::*, task::spawn_local};

use super::texts::{AccountTexts, say};
use crate::{
    browser::{dates, fetch::leave_if_signed_out},
    client::{self, Refusal},
    i18n::{Language, percent, thousandths},
    sync_view::IntoAnyAtOnce,
    ui::error_message::Told,
};
use api::PastPrediction;

/// The picture, what was read, when, and the correction.
#[component]
pub fn Past(
    /// What was read.
    past: PastPrediction,
    /// What a screen reader is to say at once.
    said: RwSignal<String>,
) -> impl IntoView {
    let language = Language::shared();
    let texts = move || AccountTexts::of(language.locale());
    let correction = RwSignal::new(past.correction);
    let is_open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<Refusal>);
    let opener = NodeRef::<html::Button>::new();
    let (id, digit, share) = (past.id, past.digit, thousandths(past.probability));
    let at = StoredValue::new(past.created_at.clone());

    let choose = move |digit: u8| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refusal.set(None);
        spawn_local(async move {
            let answer = client::correct(id, digit).await;
            busy.set(false);
            match answer {
                Ok(_) => {
                    correction.set(Some(digit));
                    is_open.set(false);
                    said.set((AccountTexts::of(untrack(move || language.locale())).saved)(digit));
                    if let Some(opener) = opener.get_untracked() {
                        opener.focus().ok();
                    }
                }
                Err(why) => {
                    leave_if_signed_out(&why);
                    refusal.set(Some(why));
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
    view! {
        <li class="past">
            <img src=past.image width="56" height="56" alt=move || (texts().picture)(digit) />
            <div class="past-facts">
                <p>
                    {move || (texts().read_as)(digit, &percent(share, language.locale()))} {" "}
                    {move || correction.get().map(|was| view! { <strong>{(texts().was)(was)}</strong> })}
                </p>
                <p class="small">
                    <time datetime=past.created_at>
                        {move || at.with_value(|at| dates::date_and_time(at, language.locale()))}
                    </time>
                </p>
            </div>
            <button
                node_ref=opener
                type="button"
                class="quiet"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                {move || if is_open.get() { texts().cancel } else { texts().correct }}
            </button>
            {move || {
                is_open
                    .get()
                    .then(|| {
                        view! {
                            <fieldset class="digits" aria-busy=move || busy.get().to_string()>
                                <legend>{say(language, |t| t.which_digit)}</legend>
                                {digits()}
                            </fieldset>
                        }
                    })
            }}
            <div role="alert">{move || refusal.get().map(|refusal| view! { <Told refusal /> })}</div>
        </li>
    }
    .at_once()
}
