//! One prediction of the history, which the user can correct.

use leptos::prelude::*;

use super::texts::AccountTexts;
use crate::{
    browser::dates,
    i18n::{Language, percent, thousandths},
    sync_view::IntoSyncAny,
    ui::{corrector::Corrector, texts::CorrectionTexts},
};
use api::PastPrediction;

/// The image, the prediction, its time, and the correction.
#[component]
pub fn HistoryEntry(
    prediction: PastPrediction,
    /// The list's live region.
    announcement: RwSignal<String>,
) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<AccountTexts>();
    let correction = RwSignal::new(prediction.corrected());
    let (id, share) = (prediction.id, thousandths(prediction.probability));
    let is_number = prediction.number.is_some();
    let numeral = prediction.number.unwrap_or_else(|| prediction.digit.to_string());
    let numeral = StoredValue::new(api::on_one_line(&numeral));
    let at = StoredValue::new(prediction.created_at.clone());

    // One label can't correct a number.
    let corrector = (!is_number).then(|| view! { <Corrector id correction announcement /> });
    view! {
        <li class="history-entry">
            <img src=prediction.image width="56" height="56" alt=move || numeral.with_value(|numeral| (texts().picture)(numeral)) />
            <div class="history-facts">
                <p>
                    {move || numeral.with_value(|numeral| (texts().read_as)(numeral, &percent(share, language.locale())))}
                    {" "}
                    {move || correction.get().map(|was| view! { <strong>{(language.texts::<CorrectionTexts>().was)(was)}</strong> })}
                </p>
                <p class="small">
                    <time datetime=prediction.created_at>
                        {move || at.with_value(|at| dates::date_and_time(at, language.locale()))}
                    </time>
                </p>
            </div>
            {corrector}
        </li>
    }
    .into_sync_any()
}
