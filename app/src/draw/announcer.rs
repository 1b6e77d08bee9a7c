//! Announcements to screen readers: predictions once the pen rests, everything else immediately.

use std::time::Duration;

use leptos::{leptos_dom::helpers::debounce, prelude::*};

use super::{
    description::Description,
    state::{DrawState, LivePrediction, LocalResult, ServerRequest},
    texts::DrawTexts,
};
use crate::{
    i18n::{Language, TextTable, percent, thousandths},
    ui::texts::FrameTexts,
};

/// The pen rests after this long without a change.
const REST_DELAY: Duration = Duration::from_millis(800);

/// A polite live region, visually hidden.
#[component]
pub fn Announcer() -> impl IntoView {
    let state = DrawState::shared();
    let language = Language::shared();
    Effect::new({
        let announced = StoredValue::new(String::new());
        let mut announce_at_rest = debounce(REST_DELAY, move |()| {
            let text = describe(state, language);
            // Once, also where the reading stays the same while the drawing goes on.
            let last = announced.get_value();
            if last != text {
                // Without a reading, what was said of the last one goes, so that the same one is read out again.
                if !text.is_empty() || state.announcement.with_untracked(|said| *said == last) {
                    state.announcement.set(text.clone());
                }
                announced.set_value(text);
            }
        });
        move |_| {
            // The pen moves with each change of the drawing. Some readings come later.
            state.drawing.track();
            state.live.track();
            announce_at_rest(());
        }
    });
    Effect::new(move |_| {
        let answered = state.request.with(|request| match request {
            ServerRequest::Done { answer, .. } => Some((answer.numeral.clone(), answer.probability)),
            // Only what changes is read out, and the next answer may be the same.
            ServerRequest::Pending { .. } => {
                state.announcement.set(String::new());
                None
            }
            _ => None,
        });
        if let Some((numeral, probability)) = answered {
            // Not repeated when the language changes.
            let locale = untrack(move || language.locale());
            let texts = DrawTexts::of(locale);
            state.announcement.set(numeral.map_or_else(
                || texts.server_not_a_digit.to_owned(),
                |numeral| (texts.server_aloud)(&numeral, &percent(thousandths(probability), locale)),
            ));
        }
    });
    Effect::new(move |_| {
        let name = state
            .image
            .with(|image| image.as_ref().map(|image| image.file_name.clone()));
        if let Some(name) = name {
            let texts = language.texts_untracked::<DrawTexts>();
            state.announcement.set((texts.showing)(&name));
        }
    });
    view! {
        <p class="visually-hidden" role="status">
            {move || state.announcement.get()}
        </p>
    }
}

/// The local reading. Not repeated when the language changes.
fn describe(state: DrawState, language: Language) -> String {
    let (texts, locale) = untrack(move || (language.texts::<DrawTexts>(), language.locale()));
    state.live.with_untracked(|live| match live {
        LivePrediction::Ready(LocalResult { reading, .. }) => Description::aloud(reading, texts, locale),
        LivePrediction::Blank => texts.blank_help.to_owned(),
        LivePrediction::Altered => texts.altered_help.to_owned(),
        LivePrediction::Failed => language.texts_untracked::<FrameTexts>().load_failed.to_owned(),
        LivePrediction::Loading | LivePrediction::Empty => String::new(),
    })
}
