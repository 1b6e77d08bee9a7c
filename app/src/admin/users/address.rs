//! What the page's address asks for, and going to another one.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use super::user_list::UserList;

/// The list's state in the address; copies share it.
#[derive(Clone, Copy)]
pub struct Address {
    /// What it asks for.
    pub list: Memo<UserList>,
    go: Callback<(UserList, bool)>,
}

impl Address {
    /// The address of this page.
    pub fn here() -> Self {
        let query = use_query_map();
        let navigate = use_navigate();
        Self {
            list: Memo::new(move |_| UserList::read(|name| query.with(|query| query.get(name)))),
            go: Callback::new(move |(list, replace): (UserList, bool)| {
                let options = NavigateOptions {
                    replace,
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&list.address(), options);
            }),
        }
    }

    /// Go to where the list is as `change` makes it; "back" leads to this one.
    pub fn change(self, change: impl FnOnce(UserList) -> UserList) {
        self.go.run((change(self.list.get_untracked()), false));
    }

    /// The same in this one's place, for what changes with every letter.
    pub fn change_in_place(self, change: impl FnOnce(UserList) -> UserList) {
        self.go.run((change(self.list.get_untracked()), true));
    }
}
