//! What the list is narrowed by: a search as one types, and three choices.

use std::time::Duration;

use leptos::{ev, html, leptos_dom::helpers::debounce, prelude::*};

use super::{
    address::Address,
    texts as users,
    user_list::{PATH, Part},
};
use crate::{
    i18n::{Language, Say},
    sync_view::IntoAnyAtOnce,
};
use api::Role;

/// Nothing is asked before the keys rest for so long.
const REST: Duration = Duration::from_millis(250);

/// The form; before the program is there it loads the page anew, and works all the same.
#[component]
pub fn Filters(
    /// What is asked for.
    address: Address,
) -> impl IntoView {
    let language = Language::shared();
    let say = move |pick: fn(&'static users::UsersTexts) -> &'static str| users::say(language, pick);
    let role = move |role: Role| Say::derive(move || (users::UsersTexts::of(language.locale()).of_role)(role));
    let submit = move |event: ev::SubmitEvent| event.prevent_default();
    view! {
        <form class="filters" role="search" method="get" action=PATH autocomplete="off" on:submit=submit>
            <Search address />
            {choice(
                address,
                Part::Role,
                say(|t| t.role),
                [("", say(|t| t.any)), ("user", role(Role::User)), ("admin", role(Role::Admin))],
            )}
            {choice(
                address,
                Part::Confirmed,
                say(|t| t.confirmation),
                [("", say(|t| t.any)), ("true", say(|t| t.is_confirmed)), ("false", say(|t| t.is_unconfirmed))],
            )}
            {choice(
                address,
                Part::Disabled,
                say(|t| t.state),
                [("", say(|t| t.any)), ("false", say(|t| t.is_enabled)), ("true", say(|t| t.is_disabled))],
            )}
        </form>
    }
    .at_once()
}

#[component]
fn Search(address: Address) -> impl IntoView {
    let language = Language::shared();
    let input = NodeRef::<html::Input>::new();
    let said = move || address.list.with(|list| list.search.clone());
    // What was searched for from here: the address says so too a moment later, when more may be typed already.
    let asked = StoredValue::new(untrack(said));
    let search = move || {
        let Some(input) = input.try_get_untracked().flatten() else {
            return;
        };
        let typed = input.value().trim().to_owned();
        if typed != untrack(said) {
            asked.set_value(typed.clone());
            address.change_in_place(|list| list.with(Part::Search, &typed));
        }
    };
    let mut search_at_rest = debounce(REST, move |()| search());
    // What was typed before the program came.
    Effect::new(move |_| search());
    // Another address (back, a cleared filter) brings its own words.
    Effect::new(move |_| {
        let search = said();
        if asked.get_value() != search {
            asked.set_value(search.clone());
            if let Some(input) = input.get_untracked() {
                input.set_value(&search);
            }
        }
    });
    view! {
        <div class="field">
            <label for="search">{users::say(language, |t| t.search)}</label>
            <input
                node_ref=input
                id="search"
                name=Part::Search.name()
                type="search"
                value=untrack(said)
                placeholder=users::say(language, |t| t.search_help)
                autocapitalize="none"
                spellcheck="false"
                on:input=move |_| search_at_rest(())
                on:change=move |_| search()
            />
        </div>
    }
    .at_once()
}

fn choice(address: Address, part: Part, label: Say, options: [(&'static str, Say); 3]) -> AnyView {
    let chosen = Memo::new(move |_| address.list.with(|list| list.value(part)));
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
            <label for=part.name()>{label}</label>
            <select
                id=part.name()
                name=part.name()
                prop:value=move || chosen.get()
                on:change=move |event| {
                    let value = event_target_value(&event);
                    address.change(|list| list.with(part, &value));
                }
            >
                {options}
            </select>
        </div>
    }
    .at_once()
}
