//! What is wrong now: the alert rules' conditions, as the page sees them.

use leptos::prelude::*;

use super::panel::Panel;
use crate::{
    admin::status::{
        alarms::{Active, Alarm, Severity},
        connection::Connection,
        dashboard::Dashboard,
        texts::StatusTexts,
    },
    i18n::{
        Language,
        quantities::{Unit, duration},
    },
    sync_view::IntoAnyAtOnce,
};

/// The list of what holds, or that nothing does.
#[component]
pub fn AlarmList() -> impl IntoView {
    let language = Language::shared();
    let dashboard = Dashboard::shared();
    let active = Memo::new(move |_| dashboard.watch.with(|watch| watch.alarms().active().to_vec()));
    let is_down = Memo::new(move |_| matches!(dashboard.connection(), Connection::Failed(_)));
    let has_seen = Memo::new(move |_| dashboard.watch.with(|watch| watch.last().is_some()));
    let list = move || {
        let texts = StatusTexts::of(language.locale());
        let active = active.get();
        if is_down.get() {
            return view! { <p class="verdict-line">{texts.alarms_unknown}</p> }.at_once();
        }
        if !has_seen.get() {
            return view! { <p class="verdict-line">{texts.no_data}</p> }.at_once();
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
                        <span class="small">{(texts.rules_checked)(Alarm::ALL.len())}</span>
                    </span>
                </p>
            }
            .at_once();
        }
        let rows = active
            .iter()
            .map(|active| row(active, dashboard, language))
            .collect_view();
        view! { <ul class="alarms" role="list">{rows}</ul> }.at_once()
    };
    view! {
        <Panel id="alarms" title=|t| t.alarms queries=Vec::new()>
            <div aria-live="polite">{list}</div>
        </Panel>
    }
    .at_once()
}

fn row(active: &Active, dashboard: Dashboard, language: Language) -> impl IntoView + use<> {
    let Active {
        alarm,
        since,
        is_firing,
        value,
    } = *active;
    let texts = StatusTexts::of(language.locale());
    let text = (texts.alarm)(alarm);
    let (class, word) = match (is_firing, alarm.severity()) {
        (false, _) => ("pending", texts.pending),
        (true, Severity::Critical) => ("critical", texts.critical),
        (true, Severity::Warning) => ("warning", texts.warning),
    };
    let held = move || (StatusTexts::of(language.locale()).held)(&duration(dashboard.now.get() - since));
    view! {
        <li class=class data-alarm=format!("{alarm:?}")>
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M12 3l10 18H2zM12 10v5M12 18v.5" />
            </svg>
            <div>
                <strong>{text}</strong>
                <p class="small">
                    <span class="alarm-word">{word}</span>
                    " · "
                    {unit(alarm).show(value, language.locale())}
                    " · "
                    <span aria-live="off">{held}</span>
                </p>
            </div>
        </li>
    }
}

fn unit(alarm: Alarm) -> Unit {
    match alarm {
        Alarm::HighErrorRatio | Alarm::QueueSaturated | Alarm::DiskAlmostFull => Unit::Share,
        Alarm::SlowRequests => Unit::Seconds,
        Alarm::FailedSignInBurst => Unit::PerSecond,
        Alarm::NoModelReady | Alarm::MailOutboxStuck | Alarm::LogLinesLost => Unit::Count,
    }
}
