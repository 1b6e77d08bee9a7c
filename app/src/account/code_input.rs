//! The field for a code of the second factor.

use leptos::prelude::*;

use super::texts::OwnTexts;
use crate::{
    i18n::t,
    sync_view::IntoSyncAny,
    ui::form::{Field, Input, no_help},
};

/// The field, where it `is_expected`, or once the server has asked for a code. It takes the focus then.
#[component]
pub fn CodeInput(field: Field, #[prop(into)] is_expected: Signal<bool>) -> impl IntoView {
    let is_asked =
        Memo::new(move |was_asked: Option<&bool>| was_asked == Some(&true) || field.error.with(Option::is_some));
    Effect::new(move |_| {
        if field.input.get().is_some() && field.error.with_untracked(Option::is_some) {
            field.focus();
        }
    });
    move || {
        (is_expected.get() || is_asked.get())
            .then(|| view! { <Input field label=t(|t: &OwnTexts| t.code) help=no_help() /> }.into_sync_any())
    }
}
