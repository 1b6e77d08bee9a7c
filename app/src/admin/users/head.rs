//! The head of the list: each column's name sorts by it. It stays while the rows come and go, and so does the focus.

use leptos::prelude::*;

use super::{
    address::Address,
    texts::{UsersTexts, say},
};
use crate::{i18n::Language, sync_view::IntoAnyAtOnce};
use api::{Order, UserSort};

/// The columns in the order in which they stand.
const COLUMNS: [UserSort; 8] = [
    UserSort::Username,
    UserSort::Email,
    UserSort::Role,
    UserSort::EmailConfirmed,
    UserSort::Disabled,
    UserSort::CreatedAt,
    UserSort::LastLoginAt,
    UserSort::Predictions,
];

/// How many columns there are, with that of the actions.
pub const WIDTH: usize = COLUMNS.len() + 1;

/// One line of buttons. The roles are said again because a phone's layout takes them away.
#[component]
pub fn Head(
    /// What is asked for.
    address: Address,
) -> impl IntoView {
    let language = Language::shared();
    let columns = COLUMNS.into_iter().map(|sort| column(address, sort)).collect_view();
    view! {
        <thead role="rowgroup">
            <tr role="row">
                {columns} <th scope="col" role="columnheader">
                    <span class="unseen">{say(language, |t| t.actions)}</span>
                </th>
            </tr>
        </thead>
    }
    .at_once()
}

fn column(address: Address, sort: UserSort) -> AnyView {
    let language = Language::shared();
    let sorted = move || {
        address.list.with(|list| match (list.sort == sort, list.order) {
            (false, _) => None,
            (true, Order::Asc) => Some("ascending"),
            (true, Order::Desc) => Some("descending"),
        })
    };
    view! {
        <th
            scope="col"
            role="columnheader"
            class:number=sort == UserSort::Predictions
            aria-sort=sorted
        >
            <button type="button" class="quiet" on:click=move |_| address.change(|list| list.sorted_by(sort))>
                {move || (UsersTexts::of(language.locale()).column)(sort)}
            </button>
        </th>
    }
    .at_once()
}
