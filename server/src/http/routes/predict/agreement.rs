//! Whether the page reads a picture as the server does.

use api::PageReading;
use tracing::{info, warn};

use crate::metrics::{Agreement, page_compared};

/// Counts whether the page has read what the server answers, if both have the same model, and logs it if not. Does nothing
/// without a reading of the page.
pub(super) fn compare(page: Option<PageReading>, answer: Option<&str>, model: &str) {
    let Some(page) = page else { return };
    let is_same = page.numeral.as_deref() == answer;
    let result = if page.model != model {
        Agreement::Outdated
    } else if is_same {
        Agreement::Agreed
    } else {
        Agreement::Disagreed
    };
    page_compared(result);
    let text = || {
        let said = |numeral: Option<&str>| numeral.map_or_else(|| "nada".to_owned(), |numeral| format!("'{numeral}'"));
        let (read, answered) = (said(page.numeral.as_deref()), said(answer));
        format!(
            "La página y el servidor no coinciden: la página leyó {read} (modelo {}) y el servidor {answered} (modelo \
             {model}).",
            page.model
        )
    };
    match result {
        _ if is_same => {}
        Agreement::Outdated => info!("{}", text()),
        Agreement::Agreed | Agreement::Disagreed => warn!("{}", text()),
    }
}
