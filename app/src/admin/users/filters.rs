//! Search and filters of the list.

use std::time::Duration;

use leptos::{ev, html, leptos_dom::helpers::debounce, prelude::*};

use super::{
    list_query::{PATH, QueryParam},
    list_url::ListUrl,
    texts::UsersTexts,
};
use crate::{
    i18n::{Language, Text, t},
    sync_view::IntoSyncAny,
};
use api::Role;

/// The search starts when nothing was typed for this time.
const SEARCH_DELAY: Duration = Duration::from_millis(250);

/// The form. Before hydration, submitting it loads the page with the query.
#[component]
pub fn Filters(
    /// The list's state.
    url: ListUrl,
) -> impl IntoView {
    let language = Language::shared();
    let role = move |role: Role| Text::derive(move || (language.texts::<UsersTexts>().of_role)(role));
    let submit = move |event: ev::SubmitEvent| event.prevent_default();
    view! {
        <form class="filters" role="search" method="get" action=PATH autocomplete="off" on:submit=submit>
            <Search url />
            {choice(
                url,
                QueryParam::Role,
                t(|t: &UsersTexts| t.role),
                [("", t(|t: &UsersTexts| t.any)), ("user", role(Role::User)), ("admin", role(Role::Admin))],
            )}
            {choice(
                url,
                QueryParam::Confirmed,
                t(|t: &UsersTexts| t.confirmation),
                [("", t(|t: &UsersTexts| t.any)), ("true", t(|t: &UsersTexts| t.is_confirmed)), ("false", t(|t: &UsersTexts| t.is_unconfirmed))],
            )}
            {choice(
                url,
                QueryParam::Disabled,
                t(|t: &UsersTexts| t.state),
                [("", t(|t: &UsersTexts| t.any)), ("false", t(|t: &UsersTexts| t.is_enabled)), ("true", t(|t: &UsersTexts| t.is_disabled))],
            )}
        </form>
    }
    .into_sync_any()
}

#[component]
fn Search(url: ListUrl) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let in_url = move || url.query.with(|list| list.users.search.clone());
    // The last search from this input. The URL follows a moment later, when more may have been typed.
    let searched = StoredValue::new(untrack(in_url));
    let search = move || {
        let Some(input) = input.try_get_untracked().flatten() else {
            return;
        };
        let typed = input.value().trim().to_owned();
        if typed != untrack(in_url) {
            searched.set_value(typed.clone());
            url.replace(|list| list.with(QueryParam::Search, &typed));
        }
    };
    let mut search_later = debounce(SEARCH_DELAY, move |()| search());
    // Search for what was typed before hydration.
    Effect::new(move |_| search());
    // Show the search of another URL (back, cleared filters).
    Effect::new(move |_| {
        let search = in_url();
        if searched.get_value() != search {
            searched.set_value(search.clone());
            if let Some(input) = input.get_untracked() {
                input.set_value(&search);
            }
        }
    });
    view! {
        <div class="field">
            <label for="search">{t(|t: &UsersTexts| t.search)}</label>
            <input
                node_ref=input
                id="search"
                name=QueryParam::Search.name()
                type="search"
                value=untrack(in_url)
                placeholder=t(|t: &UsersTexts| t.search_help)
                autocapitalize="none"
                spellcheck="false"
                on:input=move |_| search_later(())
                on:change=move |_| search()
            />
        </div>
    }
    .into_sync_any()
}

fn choice(url: ListUrl, param: QueryParam, label: Text, options: [(&'static str, Text); 3]) -> AnyView {
    let chosen = Memo::new(move |_| url.query.with(|list| list.value(param)));
    let first = chosen.get_untracked();
    let options = options
        .into_iter()
        .map(|(value, label)| {
            view! {
                <option value=value selected=value == first>
                    {label}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=param.name()>{label}</label>
            <select
                id=param.name()
                name=param.name()
                prop:value=move || chosen.get()
                on:change=move |event| {
                    let value = event_target_value(&event);
                    url.change(|list| list.with(param, &value));
                }
            >
                {options}
            </select>
        </div>
    }
    .into_sync_any()
}
