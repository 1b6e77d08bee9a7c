//! The list's state in the URL.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use super::list_query::ListQuery;

/// The list that the URL asks for, and the way to change it; copies share it.
#[derive(Clone, Copy)]
pub struct ListUrl {
    /// The list that the URL asks for.
    pub query: Memo<ListQuery>,
    navigate: Callback<(ListQuery, bool)>,
}

impl ListUrl {
    /// The current URL.
    pub fn current() -> Self {
        let params = use_query_map();
        let navigate = use_navigate();
        Self {
            query: Memo::new(move |_| ListQuery::from_params(|name| params.with(|params| params.get(name)))),
            navigate: Callback::new(move |(query, replace): (ListQuery, bool)| {
                let options = NavigateOptions {
                    replace,
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&query.url(), options);
            }),
        }
    }

    /// Navigates to the changed list, with a new entry in the browser's history.
    pub fn change(self, change: impl FnOnce(ListQuery) -> ListQuery) {
        self.navigate.run((change(self.query.get_untracked()), false));
    }

    /// Navigates to the changed list, replacing the entry in the browser's history: for changes while typing.
    pub fn replace(self, change: impl FnOnce(ListQuery) -> ListQuery) {
        self.navigate.run((change(self.query.get_untracked()), true));
    }
}
