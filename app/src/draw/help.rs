//! Help on drawing with the keyboard and on image files.

use leptos::prelude::*;

use crate::{i18n::Language, sync_view::IntoSyncAny};

/// Collapsed. The canvas refers to it with `aria-describedby`.
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
    .into_sync_any()
}
