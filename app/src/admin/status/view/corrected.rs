//! How many answers users have corrected, by day and model.

use leptos::prelude::*;

use super::panel::Panel;
use crate::{
    admin::status::{
        dashboard::{self, Dashboard},
        texts::StatusTexts,
    },
    i18n::{Language, Locale, TextTable, quantities::Unit, t},
    sync_view::IntoSyncAny,
};
use api::CorrectedDay;

/// The panel with the table, which scrolls, so that nothing moves when it comes.
#[component]
pub fn Corrected() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let body = move || {
        let locale = language.locale();
        let texts = StatusTexts::of(locale);
        let note = |text: &'static str| view! { <tr><td class="none" colspan="5">{text}</td></tr> }.into_sync_any();
        dashboard.corrected.with(|corrected| match corrected {
            dashboard::Corrected::Waiting => note(texts.no_data),
            dashboard::Corrected::Failed => note(texts.log_failed),
            dashboard::Corrected::Days(days) if days.is_empty() => note(texts.no_answers),
            dashboard::Corrected::Days(days) => days.iter().map(|day| row(day, locale)).collect_view().into_sync_any(),
        })
    };
    let days = view! { <span class="small">{t(|t: &StatusTexts| t.corrected_days)}</span> };
    view! {
        <Panel id="corrected" title=|t| t.corrected queries=Vec::new() aside=days.into_sync_any()>
            <div
                class="table-frame corrected"
                role="group"
                tabindex="0"
                aria-label=t(|t: &StatusTexts| t.corrected)
            >
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{t(|t: &StatusTexts| t.day)}</th>
                            <th scope="col">{t(|t: &StatusTexts| t.model)}</th>
                            <th scope="col">{t(|t: &StatusTexts| t.answers)}</th>
                            <th scope="col">{t(|t: &StatusTexts| t.corrected_answers)}</th>
                            <th scope="col">{t(|t: &StatusTexts| t.corrected_share)}</th>
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
        </Panel>
    }
    .into_sync_any()
}

#[expect(clippy::cast_precision_loss, reason = "the server counts 100,000 answers at most")]
fn row(day: &CorrectedDay, locale: Locale) -> impl IntoView + use<> {
    let (answers, corrected) = (day.answers as f64, day.corrected as f64);
    view! {
        <tr>
            <th scope="row">{day.day.clone()}</th>
            <td>{day.model.clone()}</td>
            <td>{Unit::Count.show(answers, locale)}</td>
            <td>{Unit::Count.show(corrected, locale)}</td>
            <td data-value=(corrected / answers).to_string()>{Unit::Share.show(corrected / answers, locale)}</td>
        </tr>
    }
}
