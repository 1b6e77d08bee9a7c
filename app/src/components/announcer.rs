//! What a screen reader is told: the reading once the pen rests, everything else at once.

use std::time::Duration;

use leptos::{leptos_dom::helpers::debounce, prelude::*};

use crate::{
    certainty::Certainty,
    desk::{Asked, Desk, Live},
    i18n::{Language, percent},
};

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
        if let Asked::Answered { prediction, .. } = desk.asked.get() {
            let percent = percent(prediction.probabilidad, language.locale());
            desk.said
                .set((language.texts().server_aloud)(prediction.prediccion, &percent));
        }
    });
    Effect::new(move |_| {
        if let Some(name) = desk
            .upload
            .with(|upload| upload.as_ref().map(|upload| upload.name.clone()))
        {
            desk.said.set((language.texts().showing)(&name));
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
                &percent(probability, locale),
            )
        }
        Live::Blank => texts.blank_help.to_owned(),
        Live::Failed => texts.load_failed.to_owned(),
        Live::Loading | Live::Waiting => String::new(),
    })
}
