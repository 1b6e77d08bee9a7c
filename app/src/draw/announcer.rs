//! What a screen reader is told: the reading once the pen rests, everything else at once.

use std::time::Duration;

use leptos::{leptos_dom::helpers::debounce, prelude::*};

use super::{
    certainty::Certainty,
    state::{Asked, Desk, Live},
};
use crate::i18n::{Language, percent, thousandths};

/// The pen rests when nothing changed for so long.
const REST: Duration = Duration::from_millis(800);

/// A polite live region, unseen.
#[component]
pub fn Announcer() -> impl IntoView {
    let desk = Desk::shared();
    let language = Language::shared();
    Effect::new({
        let mut say_at_rest = debounce(REST, move |text: String| desk.said.set(text));
        move |before: Option<String>| {
            let text = reading(desk, language);
            if before.is_some_and(|before| before != text) && !text.is_empty() {
                say_at_rest(text.clone());
            }
            text
        }
    });
    Effect::new(move |_| {
        let answered = desk.asked.with(|asked| match asked {
            Asked::Answered { prediction, .. } => Some((prediction.digit, prediction.probability)),
            _ => None,
        });
        if let Some((digit, probability)) = answered {
            // Said once, in the language of the moment.
            let locale = untrack(move || language.locale());
            desk.said.set((crate::i18n::texts(locale).server_aloud)(
                digit,
                &percent(thousandths(probability), locale),
            ));
        }
    });
    Effect::new(move |_| {
        let name = desk
            .upload
            .with(|upload| upload.as_ref().map(|upload| upload.name.clone()));
        if let Some(name) = name {
            let texts = untrack(move || language.texts());
            desk.said.set((texts.showing)(&name));
        }
    });
    view! {
        <p class="unseen" role="status">
            {move || desk.said.get()}
        </p>
    }
}

fn reading(desk: Desk, language: Language) -> String {
    let (texts, locale) = (language.texts(), language.locale());
    desk.live.with(|live| match live {
        Live::Read(glance) => {
            let probability = glance.reading.probability();
            (texts.read_aloud)(
                glance.reading.digit(),
                (texts.certainty)(Certainty::of(probability)),
                &percent(thousandths(probability), locale),
            )
        }
        Live::Blank => texts.blank_help.to_owned(),
        Live::Failed => texts.load_failed.to_owned(),
        Live::Loading | Live::Waiting => String::new(),
    })
}
