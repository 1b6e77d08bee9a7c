//! How to draw without a pointer, and how to bring a picture.

use leptos::prelude::*;

use crate::{i18n::Language, sync_view::IntoAnyAtOnce};

/// Folded until wanted; the canvas points to it, so a screen reader knows.
#[component]
pub fn Help() -> impl IntoView {
    let language = Language::shared();
    view! {
        <details class="desk-help">
            <summary>{language.say(|t| t.help_title)}</summary>
            <div id="help">
                <dl>
                    {move || {
                        language
                            .texts()
                            .help
                            .iter()
                            .map(|(key, what)| {
                                view! {
                                    <div>
                                        <dt>{*key}</dt>
                                        <dd>{*what}</dd>
                                    </div>
                                }
                            })
                            .collect_view()
                    }}
                </dl>
                <p>{language.say(|t| t.help_files)}</p>
            </div>
        </details>
    }
    .at_once()
}
