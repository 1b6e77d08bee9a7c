//! The admins' review of corrections. The page is loaded lazily: its code is in a file that only this page loads.

#![expect(
    clippy::used_underscore_binding,
    reason = "`lazy_route` passes an argument that the view doesn't need"
)]

use std::collections::VecDeque;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

use super::{card::Card, filters::Filters, keys, people::People, queue::Queue, texts::ReviewTexts};
use crate::{
    browser::{document, fetch::FetchState, style},
    client::ClientError,
    i18n::{Language, t, tag},
    sync_view::IntoSyncAny,
    ui::{error_message::ErrorAlert, pager::Pager, require_access::require_access, texts::SharedTexts, title::title},
};
use api::ReviewCounts;

/// The page's route.
#[derive(Debug)]
pub struct ReviewPage;

#[lazy_route]
impl LazyRoute for ReviewPage {
    fn data() -> Self {
        Self
    }

    fn view(_page: Self) -> AnyView {
        require_access(|| view! { <Review /> }.into_sync_any())
    }
}

/// The page at `/admin/review?state=&label=&user=&sort=&page=`.
#[component]
fn Review() -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<ReviewTexts>();
    Effect::new(|_| style::add_once(include_str!("../../../../style/admin/review.css")));
    let queue = Queue::new();
    document::mark_ready_on_mount();
    let error = RwSignal::new(None);
    Effect::new(move |_| {
        let of_list = match queue.fetch.state.get() {
            FetchState::Failed(error) => Some(error),
            _ => None,
        };
        error.set(queue.error.get().or(of_list));
    });
    let is_loaded = Memo::new(move |_| queue.fetch.state.with(|now| *now != FetchState::Loading));
    let count = move |label: fn(&'static ReviewTexts) -> &'static str, pick: fn(ReviewCounts) -> u64| {
        let number = move || {
            let counts = queue.counts.get();
            counts.map_or_else(|| "–".to_owned(), |counts| (texts().number)(pick(counts)))
        };
        view! {
            <div class="count">
                <dt>{t(label)}</dt>
                <dd class="figure">{number}</dd>
            </div>
        }
    };
    view! {
        <Title text=title(move || format!("{} · Trazo", texts().title)) />
        <section class="page" translate="no" lang=tag()>
            <h1>{t(|t: &ReviewTexts| t.title)}</h1>
            <dl class="counts">
                {count(|t| t.waiting, |counts| counts.waiting)} {count(|t| t.agreed, |counts| counts.agreed)}
                {count(|t| t.dropped, |counts| counts.dropped)}
            </dl>
            <Filters url=queue.url />
            // Its height is that of what is loaded later.
            <div class="users-list" aria-busy=move || queue.fetch.busy.get().to_string()>
                {move || is_loaded.get().then(|| view! { <Loaded queue error /> })}
            </div>
        </section>
    }
    .into_sync_any()
}

/// The queue, and what concerns many corrections.
#[component]
fn Loaded(queue: Queue, error: RwSignal<Option<ClientError>>) -> impl IntoView {
    let language = Language::shared();
    let texts = move || language.texts::<ReviewTexts>();
    let status = move || match queue.groups.with(VecDeque::len) {
        0 if queue.fetch.busy.get() => language.texts::<SharedTexts>().loading.to_owned(),
        0 => texts().empty.to_owned(),
        count => (texts().left)(count),
    };
    let plain = move || queue.counts.get().map_or(0, |counts| counts.plain);
    let pager = move || {
        let page = queue.url.query.with(|(_, page)| *page);
        let previous = (page > 1).then(|| queue.url.of_page(page - 1));
        let next = queue.more.get().then(|| queue.url.of_page(page + 1));
        view! { <Pager previous next first=queue.url.of_page(1) /> }
    };
    view! {
        <div class="review">
            <div class="review-main" tabindex="-1" on:keydown=move |event| keys::on_key_down(queue, &event)>
                <p class="small">{status}</p>
                <Card queue />
                <ErrorAlert error />
                {pager}
                <p class="visually-hidden" role="status">
                    {move || queue.announcement.get()}
                </p>
            </div>
            <div class="review-side">
                <button
                    type="button"
                    disabled=move || plain() == 0 || queue.busy.get()
                    aria-busy=move || queue.busy.get().to_string()
                    on:click=move |_| queue.agree_to_plain()
                >
                    {move || (texts().agree_to_plain)(plain())}
                </button>
                <People queue />
                <section>
                    <h2>{t(|t: &ReviewTexts| t.data_set)}</h2>
                    <p class="small">{t(|t: &ReviewTexts| t.data_set_help)}</p>
                    <p class="review-actions">
                        <a class="button" download href="/api/admin/dataset.tar">
                            "IDX"
                        </a>
                        <a class="button" download href="/api/admin/dataset.tar?format=png">
                            "PNG"
                        </a>
                    </p>
                </section>
            </div>
        </div>
    }
    .into_sync_any()
}
