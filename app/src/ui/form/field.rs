//! A labelled input, with help or an error beneath.

use leptos::prelude::*;

use super::Field;
use crate::{
    i18n::{Language, Text},
    sync_view::IntoSyncAny,
    ui::{
        icon::{Glyph, Icon},
        texts::SharedTexts,
    },
};

/// A text input: for anything but passwords.
#[component]
pub fn Input(
    field: Field,
    label: Text,
    /// What to know before typing.
    help: Text,
) -> impl IntoView {
    let input = input(field, move || field.kind.input_type());
    frame(field, label, help, input)
}

/// A password input, with a button that shows the password.
#[component]
pub fn PasswordInput(
    field: Field,
    label: Text,
    /// What to know before typing.
    help: Text,
) -> impl IntoView {
    let language = Language::shared();
    let is_shown = RwSignal::new(false);
    let input = input(field, move || if is_shown.get() { "text" } else { "password" });
    let toggle_label = move || {
        let texts = language.texts::<SharedTexts>();
        if is_shown.get() {
            texts.hide_password
        } else {
            texts.show_password
        }
    };
    let content = view! {
        {input}
        <button
            type="button"
            class="quiet reveal"
            aria-label=toggle_label
            aria-controls=field.id
            on:click=move |_| is_shown.update(|shown| *shown = !*shown)
        >
            {move || {
                let glyph = if is_shown.get() { Glyph::Hide } else { Glyph::Show };
                view! { <Icon glyph /> }
            }}
        </button>
    };
    frame(field, label, help, content.into_sync_any())
}

fn input(field: Field, input_type: impl Fn() -> &'static str + Send + 'static) -> AnyView {
    view! {
        <input
            node_ref=field.input
            id=field.id
            name=field.name
            type=input_type
            value=field.typed.get_value()
            autocomplete=field.kind.autocomplete()
            inputmode=field.kind.input_mode()
            autocapitalize="none"
            spellcheck="false"
            required
            aria-describedby=help_id(field)
            aria-invalid=move || has_error(field).then_some("true")
            on:input=move |_| field.error.set(None)
        />
    }
    .into_sync_any()
}

fn frame(field: Field, label: Text, help: Text, content: AnyView) -> AnyView {
    let language = Language::shared();
    let below = move || match field.error.get() {
        Some(error) => language.texts::<SharedTexts>().field_error(field.kind, error),
        None => help.get(),
    };
    view! {
        <div class="field" class:wrong=move || has_error(field)>
            <label for=field.id>{label}</label>
            <div class="field-box">{content}</div>
            <p class="field-help" id=help_id(field) aria-live="polite">
                {below}
            </p>
        </div>
    }
    .into_sync_any()
}

fn has_error(field: Field) -> bool {
    field.error.with(Option::is_some)
}

fn help_id(field: Field) -> String {
    format!("{}-help", field.id)
}

/// The help of a field that needs none.
pub fn no_help() -> Text {
    Text::stored("")
}
