//! Every word of the interface, in Spanish (the default) and English.
//!
//! A typed table of our own: a text missing in one language doesn't compile, and it costs no code in the page
//! (docs/adr/0005-texts.md).

mod en;
mod es;
mod numbers;
mod problems;
pub mod quantities;
mod texts;

pub use api::{LOCALE_COOKIE, Locale};
pub use numbers::{milliseconds, percent, thousandths};
pub use texts::{ProblemText, Texts};

use leptos::prelude::*;

/// The visitor's language, shared by the whole interface.
#[derive(Clone, Copy)]
pub struct Language(RwSignal<Locale>);

impl Language {
    /// Share `locale` with every component below.
    pub fn provide(locale: Locale) -> Self {
        let language = Self(RwSignal::new(locale));
        provide_context(language);
        language
    }

    /// The language shared by [`Language::provide`]; Spanish where none was.
    pub fn shared() -> Self {
        use_context().unwrap_or_else(|| Self::provide(Locale::default()))
    }

    /// The language now; a reader of it is run again when it changes.
    pub fn locale(self) -> Locale {
        self.0.get()
    }

    /// Change to `locale`.
    pub fn set(self, locale: Locale) {
        self.0.set(locale);
    }

    /// The texts now; a reader of them is run again when the language changes.
    pub fn texts(self) -> &'static Texts {
        texts(self.locale())
    }

    /// A text that follows the language: `{language.say(|t| t.undo)}`.
    pub fn say(self, pick: impl Fn(&'static Texts) -> &'static str + Copy + Send + Sync + 'static) -> Say {
        Signal::derive(move || pick(self.texts()))
    }
}

/// The texts in `locale`.
pub fn texts(locale: Locale) -> &'static Texts {
    match locale {
        Locale::Es => &es::ES,
        Locale::En => &en::EN,
    }
}

/// A text that follows the language.
pub type Say = Signal<&'static str>;
