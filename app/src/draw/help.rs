//! What is needed less often: the grid, copying as code, and help on the keyboard and on image files.

use leptos::prelude::*;

use super::{copy_as::CopyAs, grid::GridButton, texts::DrawTexts};
use crate::{
    i18n::{Language, t},
    sync_view::IntoSyncAny,
};

/// The help is collapsed. The canvas refers to it with `aria-describedby`.
#[component]
pub fn Help() -> impl IntoView {
    let language = Language::shared();
    view! {
        <div class="draw-help">
            <div class="other-ways">
                <GridButton />
                <CopyAs />
            </div>
            <details>
                <summary>{t(|t: &DrawTexts| t.help_title)}</summary>
                <div id="help">
                    <dl>
                        {move || {
                            language.texts::<DrawTexts>()
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
                    <p>{t(|t: &DrawTexts| t.help_files)}</p>
                </div>
            </details>
        </div>
    }
    .into_sync_any()
}
