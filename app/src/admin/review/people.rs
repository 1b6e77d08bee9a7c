//! Who made the newest corrections, and what became of them: a flood of wrong labels is seen, and dropped at once.

use leptos::{html, prelude::*};

use super::{queue::Queue, texts::ReviewTexts};
use crate::{
    i18n::{Language, percent, t, thousandths},
    sync_view::IntoSyncAny,
    ui::question::Question,
};
use api::ReviewPerson;

/// A row for each person.
#[component]
pub fn People(queue: Queue) -> impl IntoView {
    let language = Language::shared();
    let list = NodeRef::<html::Section>::new();
    let rows = move || {
        queue.people.with(|people| {
            people
                .iter()
                .map(|person| row(queue, person.clone(), language, list))
                .collect_view()
        })
    };
    view! {
        <section node_ref=list tabindex="-1" class="review-people" aria-labelledby="people-title">
            <h2 id="people-title">{t(|t: &ReviewTexts| t.people)}</h2>
            <p class="small">{t(|t: &ReviewTexts| t.people_help)}</p>
            <ul>{rows}</ul>
        </section>
    }
    .into_sync_any()
}

fn row(queue: Queue, person: ReviewPerson, language: Language, list: NodeRef<html::Section>) -> AnyView {
    let texts = language.texts::<ReviewTexts>();
    let decided = person.agreed + person.dropped;
    #[expect(clippy::cast_precision_loss, reason = "at most 10,000")]
    let share = if decided == 0 {
        0.0
    } else {
        person.dropped as f32 / decided as f32
    };
    let share = percent(thousandths(share), language.locale());
    let is_asked = RwSignal::new(false);
    let close = move || {
        is_asked.set(false);
        // The button, which had the focus, is gone.
        if let Some(list) = list.get_untracked() {
            list.focus().ok();
        }
    };
    let ReviewPerson { id, waiting, .. } = person;
    let label = (texts.drop_all_of)(&person.username);
    let question = (texts.drop_question)(waiting, &person.username);
    let action = move || {
        if !is_asked.get() {
            return view! {
                <button
                    type="button"
                    aria-label=label.clone()
                    disabled=move || waiting == 0 || queue.busy.get()
                    on:click=move |_| is_asked.set(true)
                >
                    {texts.drop_all}
                </button>
            }
            .into_sync_any();
        }
        let (label, question) = (label.clone(), question.clone());
        view! {
            <Question
                label=Signal::derive(move || label.clone())
                text=Signal::derive(move || question.clone())
                yes=Signal::stored(texts.drop_all)
                busy=queue.busy
                on_yes=Callback::new(move |()| {
                    close();
                    queue.drop_person(id);
                })
                on_no=Callback::new(move |()| close())
            />
        }
        .into_sync_any()
    };
    let name = person.username.clone();
    view! {
        <li>
            <div>
                <button type="button" class="quiet breakable" on:click=move |_| queue.url.change("user", &name)>
                    {person.username}
                </button>
                <p class="small">{(texts.person_counts)(waiting, decided, &share)}</p>
            </div>
            {action}
        </li>
    }
    .into_sync_any()
}
