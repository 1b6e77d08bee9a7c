//! The header of the table: clicking a column's name sorts by it. It is not part of the rows, so that it keeps the focus
//! when they change.

use leptos::prelude::*;

use super::{list_url::ListUrl, texts::UsersTexts};
use crate::{
    i18n::{Language, t},
    sync_view::IntoSyncAny,
};
use api::{Order, UserSort};

/// The columns, in order.
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

/// The number of columns, including the actions.
pub const COLUMN_COUNT: usize = COLUMNS.len() + 1;

/// A row of buttons. The roles are explicit because the layout for phones removes the implicit ones.
#[component]
pub fn TableHeader(
    /// The list's state.
    url: ListUrl,
) -> impl IntoView {
    let columns = COLUMNS.into_iter().map(|sort| column(url, sort)).collect_view();
    view! {
        <thead role="rowgroup">
            <tr role="row">
                {columns} <th scope="col" role="columnheader">
                    <span class="visually-hidden">{t(|t: &UsersTexts| t.actions)}</span>
                </th>
            </tr>
        </thead>
    }
    .into_sync_any()
}

fn column(url: ListUrl, sort: UserSort) -> AnyView {
    let language = Language::shared();
    let sorted = move || {
        url.query
            .with(|list| match (list.users.sort == sort, list.users.order) {
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
            <button type="button" class="quiet" on:click=move |_| url.change(|list| list.sorted_by(sort))>
                {move || (language.texts::<UsersTexts>().column)(sort)}
            </button>
        </th>
    }
    .into_sync_any()
}
