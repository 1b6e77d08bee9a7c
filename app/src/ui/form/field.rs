//! A labelled field: label above, help beneath, the error in place of the help.

use leptos::prelude::*;

use super::{Field, Kind};
use crate::{
    account::texts::{AccountTexts, say},
    i18n::{Language, Say},
    sync_view::IntoAnyAtOnce,
    ui::icon::{Glyph, Icon},
};

/// A name or an address.
#[component]
pub fn Input(
    /// Its state.
    field: Field,
    /// What it is called.
    label: Say,
    /// What to know before typing.
    help: Say,
) -> impl IntoView {
    let (kind, autocomplete) = match field.kind {
        Kind::Email => ("email", "email"),
        _ => ("text", "username"),
    };
    let input = view! {
        <input
            node_ref=field.input
            id=field.name
            name=field.name
            type=kind
            autocomplete=autocomplete
            autocapitalize="none"
            spellcheck="false"
            required
            aria-describedby=help_id(field)
            aria-invalid=move || is_wrong(field).then_some("true")
            on:input=move |_| field.wrong.set(None)
        />
    };
    frame(field, label, help, input.at_once())
}

/// A password, which can be looked at.
#[component]
pub fn PasswordInput(
    /// Its state.
    field: Field,
    /// What it is called.
    label: Say,
    /// What to know before typing.
    help: Say,
) -> impl IntoView {
    let language = Language::shared();
    let is_shown = RwSignal::new(false);
    let autocomplete = match field.kind {
        Kind::NewPassword => "new-password",
        _ => "current-password",
    };
    let toggle_label = move || {
        let texts = AccountTexts::of(language.locale());
        if is_shown.get() {
            texts.hide_password
        } else {
            texts.show_password
        }
    };
    let input = view! {
        <input
            node_ref=field.input
            id=field.name
            name=field.name
            type=move || if is_shown.get() { "text" } else { "password" }
            autocomplete=autocomplete
            autocapitalize="none"
            spellcheck="false"
            required
            aria-describedby=help_id(field)
            aria-invalid=move || is_wrong(field).then_some("true")
            on:input=move |_| field.wrong.set(None)
        />
        <button
            type="button"
            class="quiet reveal"
            aria-label=toggle_label
            aria-controls=field.name
            on:click=move |_| is_shown.update(|shown| *shown = !*shown)
        >
            {move || {
                let glyph = if is_shown.get() { Glyph::Hide } else { Glyph::Show };
                view! { <Icon glyph /> }
            }}
        </button>
    };
    frame(field, label, help, input.at_once())
}

fn frame(field: Field, label: Say, help: Say, input: AnyView) -> AnyView {
    let language = Language::shared();
    let below = move || match field.wrong.get() {
        Some(wrong) => AccountTexts::of(language.locale()).wrong(wrong),
        None => help.get(),
    };
    view! {
        <div class="field" class:wrong=move || is_wrong(field)>
            <label for=field.name>{label}</label>
            <div class="field-box">{input}</div>
            <p class="field-help" id=help_id(field) aria-live="polite">
                {below}
            </p>
        </div>
    }
    .at_once()
}

fn is_wrong(field: Field) -> bool {
    field.wrong.with(Option::is_some)
}

fn help_id(field: Field) -> String {
    format!("{}-help", field.name)
}

/// The help of a field that needs none.
pub fn no_help(language: Language) -> Say {
    say(language, |_| "")
}
