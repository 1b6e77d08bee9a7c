//! The active alerts.

use leptos::prelude::*;

use super::panel::Panel;
use crate::{
    admin::status::{
        alerts::{ActiveAlert, EVALUATED},
        connection::Connection,
        dashboard::Dashboard,
        texts::StatusTexts,
    },
    i18n::{
        Language,
        quantities::{Unit, duration},
    },
    sync_view::IntoSyncAny,
};
use api::alerts::{Alert, Severity};

/// The list of active alerts, or a note that there is none.
#[component]
pub fn AlertList() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let active = Memo::new(move |_| dashboard.alerts());
    let is_down = Memo::new(move |_| matches!(dashboard.connection(), Connection::Failed(_)));
    let has_seen = Memo::new(move |_| dashboard.history.with(|history| history.last().is_some()));
    let list = move || {
        let texts = language.texts::<StatusTexts>();
        let active = active.get();
        if is_down.get() {
            return view! { <p class="verdict-line">{texts.alerts_unknown}</p> }.into_sync_any();
        }
        if !has_seen.get() {
            return view! { <p class="verdict-line">{texts.no_data}</p> }.into_sync_any();
        }
        if active.is_empty() {
            return view! {
                <p class="verdict-line good">
                    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                        <path d="M5 12l5 5L19 7" />
                    </svg>
                    <span>
                        <strong>{texts.all_well}</strong>
                        <br />
                        <span class="small">{(texts.rules_checked)(EVALUATED.len())}</span>
                    </span>
                </p>
            }
            .into_sync_any();
        }
        let rows = active
            .iter()
            .map(|active| row(active, dashboard, language))
            .collect_view();
        view! { <ul class="alerts" role="list">{rows}</ul> }.into_sync_any()
    };
    view! {
        <Panel id="alerts" title=|t| t.alerts queries=Vec::new()>
            <div aria-live="polite">{list}</div>
        </Panel>
    }
    .into_sync_any()
}

fn row(active: &ActiveAlert, dashboard: Dashboard, language: Language) -> impl IntoView + use<> {
    let ActiveAlert {
        alert,
        since,
        is_firing,
        value,
    } = *active;
    let texts = language.texts::<StatusTexts>();
    let text = (texts.alert)(alert);
    let (class, word) = match (is_firing, alert.rule().severity) {
        (false, _) => ("pending", texts.pending),
        (true, Severity::Page) => ("critical", texts.critical),
        (true, Severity::Ticket) => ("warning", texts.warning),
    };
    let held = move || (language.texts::<StatusTexts>().held)(&duration(dashboard.now.get() - since));
    view! {
        <li class=class data-alert=alert.name()>
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M12 3l10 18H2zM12 10v5M12 18v.5" />
            </svg>
            <div>
                <strong>{text}</strong>
                <p class="small">
                    <span class="alert-word">{word}</span>
                    " · "
                    {value.map(|value| format!("{} · ", unit(alert).show(value, language.locale())))}
                    <span aria-live="off">{held}</span>
                </p>
            </div>
        </li>
    }
}

fn unit(alert: Alert) -> Unit {
    match alert {
        Alert::HighErrorRatio
        | Alert::QueueSaturated
        | Alert::DiskAlmostFull
        | Alert::PredictedDigitsShifted
        | Alert::ConfidenceDropped
        | Alert::CorrectionsRose => Unit::Share,
        Alert::SlowRequests => Unit::Seconds,
        Alert::FailedSignInBurst => Unit::PerSecond,
        Alert::ServiceDown
        | Alert::NoModelReady
        | Alert::MailOutboxStuck
        | Alert::LogLinesLost
        | Alert::PageDisagrees
        | Alert::LimitStorageDown
        | Alert::ModelFallback => Unit::Count,
    }
}
