//! The visitor's language as a signal, and the texts that follow it.

use leptos::prelude::*;

use super::{Locale, TextTable};

/// A text that follows the language.
pub type Text = Signal<&'static str>;

/// A text of table `T` that follows the language: `t(|t: &DrawTexts| t.undo)`.
///
/// For components; where there is no reactive owner (after an `await`), keep a [`Language`] instead.
pub fn t<T: TextTable>(pick: fn(&'static T) -> &'static str) -> Text {
    let language = Language::shared();
    Signal::derive(move || pick(language.texts()))
}

/// The tag of the language, for `lang` on an element with `translate="no"`: a translator changes the document's, and leaves
/// that element as it is.
///
/// Elements whose texts change have both. A translator puts nodes of its own in place of the texts, and what is written into
/// the replaced ones isn't seen.
pub fn tag() -> Text {
    let language = Language::shared();
    Signal::derive(move || language.locale().tag())
}

/// The visitor's language, shared by the whole interface.
#[derive(Clone, Copy)]
pub struct Language(RwSignal<Locale>);

impl Language {
    /// Shares `locale` with every component below.
    pub fn provide(locale: Locale) -> Self {
        let language = Self(RwSignal::new(locale));
        provide_context(language);
        language
    }

    /// The language shared by [`Language::provide`]; Spanish if there is none.
    pub fn shared() -> Self {
        use_context().unwrap_or_else(|| Self::provide(Locale::default()))
    }

    /// The current language; subscribes the caller.
    pub fn locale(self) -> Locale {
        self.0.get()
    }

    /// Changes to `locale`.
    pub fn set(self, locale: Locale) {
        self.0.set(locale);
    }

    /// The table in the current language; subscribes the caller.
    pub fn texts<T: TextTable>(self) -> &'static T {
        T::of(self.0.get())
    }

    /// The table in the current language, without subscribing.
    pub fn texts_untracked<T: TextTable>(self) -> &'static T {
        T::of(self.0.get_untracked())
    }
}
