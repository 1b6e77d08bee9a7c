//! The panel under the server's answer.

use leptos::prelude::*;

use crate::{
    browser::style,
    draw::state::{DrawState, ServerRequest},
    i18n::t,
    session::Session,
    sync_view::IntoSyncAny,
    ui::{corrector::Corrector, texts::CorrectionTexts},
};

/// The keys for the last answer, or why an account helps.
pub fn view(state: DrawState) -> AnyView {
    style::add_once(include_str!("../../../../style/draw/correction.css"));
    let session = Session::shared();
    let answered = Memo::new(move |_| {
        state.request.with(|request| match request {
            ServerRequest::Done { answer, .. } => answer.id,
            _ => None,
        })
    });
    let is_refused = Memo::new(move |_| {
        let has_failed = state
            .request
            .with(|request| matches!(request, ServerRequest::Failed(_)));
        has_failed && session.me().is_none()
    });
    let keys = move || {
        answered.get().map(|id| {
            let correction = RwSignal::new(None);
            view! { <Corrector id correction announcement=state.announcement is_apart=true /> }
        })
    };
    let reason = move || {
        is_refused
            .get()
            .then(|| view! { <p class="small">{t(|t: &CorrectionTexts| t.sign_in_why)}</p> })
    };
    view! {
        {keys}
        {reason}
    }
    .into_sync_any()
}
