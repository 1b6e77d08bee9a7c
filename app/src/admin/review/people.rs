//! Who made the newest corrections, and what became of them: a flood of wrong labels is seen, and dropped at once.

use leptos::prelude::*;

use super::{queue::Queue, texts::ReviewTexts};
use crate::{
    i18n::{Language, percent, t, thousandths},
    sync_view::IntoSyncAny,
};
use api::ReviewPerson;

/// A row for each person.
#[component]
pub fn People(queue: Queue) -> impl IntoView {
    let language = Language::shared();
    let rows = move || {
        queue.people.with(|people| {
            people
                .iter()
                .map(|person| row(queue, person.clone(), language))
                .collect_view()
        })
    };
    view! {
        <section class="review-people" aria-labelledby="people-title">
            <h2 id="people-title">{t(|t: &ReviewTexts| t.people)}</h2>
            <p class="small">{t(|t: &ReviewTexts| t.people_help)}</p>
            <ul>{rows}</ul>
        </section>
    }
    .into_sync_any()
}

fn row(queue: Queue, person: ReviewPerson, language: Language) -> AnyView {
    let texts = language.texts::<ReviewTexts>();
    let decided = person.agreed + person.dropped;
    #[expect(clippy::cast_precision_loss, reason = "at most 10,000")]
    let share = if decided == 0 {
        0.0
    } else {
        person.dropped as f32 / decided as f32
    };
    let share = percent(thousandths(share), language.locale());
    let label = (texts.drop_all_of)(&person.username);
    let name = person.username.clone();
    view! {
        <li>
            <div>
                <button type="button" class="quiet breakable" on:click=move |_| queue.url.change("user", &name)>
                    {person.username}
                </button>
                <p class="small">{(texts.person_counts)(person.waiting, decided, &share)}</p>
            </div>
            <button
                type="button"
                aria-label=label
                disabled=move || person.waiting == 0 || queue.busy.get()
                on:click=move |_| queue.drop_person(person.id)
            >
                {texts.drop_all}
            </button>
        </li>
    }
    .into_sync_any()
}
