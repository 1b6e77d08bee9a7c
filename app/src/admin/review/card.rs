//! The correction that is shown, with a button for each key.

use leptos::{html, prelude::*};

use super::{
    keys,
    queue::{Group, Queue},
    texts::ReviewTexts,
};
use crate::{
    browser::dates,
    i18n::{Language, percent, t, thousandths},
    sync_view::IntoSyncAny,
};
use api::{Label, ReviewAction};

/// Near duplicates whose pictures are shown, so that they take one line.
const MAX_SHOWN: usize = 3;

/// The picture, what is known about it, and the buttons. They stay where they are from one correction to the next.
#[component]
pub fn Card(queue: Queue) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<ReviewTexts>();
    let card = NodeRef::<html::Div>::new();
    let shown = Memo::new(move |_| queue.groups.with(|groups| groups.front().cloned()));
    let is_empty = Memo::new(move |_| shown.with(Option::is_none));
    Effect::new(move |_| {
        if !is_empty.get() && keys::is_focus_free() {
            keys::focus(card);
        }
    });
    // A button that was pressed would be pressed again by the space bar.
    let decide = move |action, label| {
        queue.decide(action, label);
        keys::focus(card);
    };
    let digits = (0..10_u8)
        .filter_map(|digit| Some((digit, Label::of_digit(digit)?)))
        .map(|(digit, label)| {
            view! {
                <button type="button" on:click=move |_| decide(ReviewAction::Agree, Some(label))>
                    {digit}
                </button>
            }
        })
        .collect_view();
    let undo = move |_| {
        queue.undo();
        keys::focus(card);
    };
    view! {
        <div
            class="review-card"
            node_ref=card
            tabindex="0"
            role="group"
            aria-label=t(|t: &ReviewTexts| t.correction)
            data-testid="review-card"
        >
            {move || shown.get().map(|group| facts(&group, language))}
        </div>
        <div class="review-actions">
            <button type="button" class="primary" disabled=move || is_empty.get() on:click=move |_| decide(ReviewAction::Agree, None)>
                {move || shown.with(|group| (texts().agree)(group.as_ref().map(|group| group[0].said)))}
                <kbd>{t(|t: &ReviewTexts| t.space)}</kbd>
            </button>
            <button type="button" disabled=move || is_empty.get() on:click=move |_| decide(ReviewAction::Drop, None)>
                {t(|t: &ReviewTexts| t.drop)} <kbd>"d"</kbd>
            </button>
            <button type="button" disabled=move || !queue.can_undo() on:click=undo>
                {t(|t: &ReviewTexts| t.undo)} <kbd>"u"</kbd>
            </button>
        </div>
        <fieldset class="digits review-keys" disabled=move || is_empty.get()>
            <legend>{t(|t: &ReviewTexts| t.what_is_it)}</legend>
            {digits}
            <button type="button" on:click=move |_| decide(ReviewAction::Agree, Some(Label::NoDigit))>
                {t(|t: &ReviewTexts| t.no_digit)} <kbd>"x"</kbd>
            </button>
        </fieldset>
    }
    .into_sync_any()
}

fn facts(group: &Group, language: Language) -> AnyView {
    let entry = group[0].clone();
    let locale = language.locale();
    let texts = language.texts::<ReviewTexts>();
    let share = |probability: f32| percent(thousandths(probability), locale);
    let read = format!("{}: {}", entry.read, share(entry.probability));
    let today = entry.today.zip(entry.confidence).map_or_else(
        || texts.unread.to_owned(),
        |(label, confidence)| format!("{}: {}", (texts.label)(label), share(confidence)),
    );
    let state = (texts.state)(entry.state, entry.label);
    let decided = entry.decided_at.as_ref().zip(entry.decided_by.as_ref());
    let decided = decided.map(|(at, by)| (texts.decided)(&dates::date_and_time(at, locale), by));
    let others = group[1..]
        .iter()
        .take(MAX_SHOWN)
        .map(|entry| view! { <img src=entry.image.clone() width="28" height="28" alt="" /> })
        .collect_view();
    let count = group.len() - 1;
    let alternative = (texts.picture)(entry.read);
    view! {
        <img class="review-picture" src=entry.image width="280" height="280" alt=alternative />
        <dl class="review-facts">
            <div>
                <dt>{texts.said}</dt>
                <dd class="figure">{(texts.label)(entry.said)}</dd>
            </div>
            <div>
                <dt>{texts.read}</dt>
                <dd>{read}</dd>
            </div>
            <div>
                <dt>{texts.today}</dt>
                <dd>{today}</dd>
            </div>
            <div>
                <dt>{texts.person}</dt>
                <dd class="breakable">{entry.username} ", " {dates::date_and_time(&entry.created_at, locale)}</dd>
            </div>
            <div>
                <dt>{texts.state_title}</dt>
                <dd>{state} " " {decided}</dd>
            </div>
            <div>
                <dt>{texts.near}</dt>
                <dd class="review-near">{(texts.near_count)(count)} {others}</dd>
            </div>
        </dl>
    }
    .into_sync_any()
}
