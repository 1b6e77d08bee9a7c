//! Which corrections the page shows. Its URL contains all of it.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use serde::{Serialize, de::DeserializeOwned};

use api::{ReviewQuery, ReviewScope, access::percent_encode};

/// The path of the page.
const PATH: &str = "/admin/review";

/// The parameters of the URL, in their order.
const PARAMETERS: [&str; 4] = ["state", "label", "user", "sort"];

/// The corrections that the URL asks for, and the way to change that; copies share it.
#[derive(Clone, Copy)]
pub struct QueueUrl {
    /// Filters and order, and the page from 1.
    pub query: Memo<(ReviewQuery, u32)>,
    navigate: Callback<String>,
}

impl QueueUrl {
    /// The current URL.
    pub fn current() -> Self {
        let params = use_query_map();
        let navigate = use_navigate();
        let query = move || {
            params.with(|params| {
                let query = PARAMETERS.into_iter().fold(ReviewQuery::default(), |query, name| {
                    with(query, name, &params.get(name).unwrap_or_default())
                });
                let page = params.get("page").and_then(|page| page.parse().ok());
                (query, page.unwrap_or(1).max(1))
            })
        };
        Self {
            query: Memo::new(move |_| query()),
            navigate: Callback::new(move |url: String| {
                let options = NavigateOptions {
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&url, options);
            }),
        }
    }

    /// Navigates to the first page with another value of a parameter.
    pub fn change(self, name: &str, value: &str) {
        let query = self.query.with_untracked(|(query, _)| with(query.clone(), name, value));
        self.navigate.run(format!("{PATH}{}", query_string(&query, 1)));
    }

    /// The query string of the API, which is that of the page.
    pub fn api_query(self) -> String {
        self.query.with(|(query, page)| query_string(query, *page))
    }

    /// The URL of a page of the same corrections.
    pub fn of_page(self, page: u32) -> String {
        self.query
            .with(|(query, _)| format!("{PATH}{}", query_string(query, page)))
    }

    /// The filters, for what is decided about many corrections.
    pub fn scope(self) -> ReviewScope {
        self.query.with_untracked(|(query, _)| ReviewScope {
            label: query.label,
            user: query.user.clone(),
        })
    }
}

/// The value of a parameter, as in a URL.
pub fn value(query: &ReviewQuery, name: &str) -> String {
    match name {
        "state" => as_param(query.state),
        "label" => query.label.map(as_param).unwrap_or_default(),
        "user" => query.user.clone(),
        _ => as_param(query.sort),
    }
}

/// The query with another value of a parameter; an invalid one counts as missing.
fn with(mut query: ReviewQuery, name: &str, value: &str) -> ReviewQuery {
    match name {
        "state" => query.state = from_param(value).unwrap_or_default(),
        "label" => query.label = from_param(value),
        "user" => value.trim().clone_into(&mut query.user),
        _ => query.sort = from_param(value).unwrap_or_default(),
    }
    query
}

/// With its `?`, without what has its default; empty if all has.
fn query_string(query: &ReviewQuery, page: u32) -> String {
    let default = ReviewQuery::default();
    let mut parts: Vec<String> = PARAMETERS
        .into_iter()
        .filter(|name| value(query, name) != value(&default, name))
        .map(|name| format!("{name}={}", percent_encode(&value(query, name))))
        .collect();
    if page > 1 {
        parts.push(format!("page={page}"));
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!("?{}", parts.join("&"))
    }
}

/// A value from its JSON name.
fn from_param<T: DeserializeOwned>(value: &str) -> Option<T> {
    serde_json::from_value(value.into()).ok()
}

/// The JSON name of a value.
fn as_param<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use api::{Label, ReviewSort, ReviewState};

    use super::*;

    #[test]
    fn a_query_contains_only_what_differs_from_the_default_and_is_read_back() {
        assert_eq!(query_string(&ReviewQuery::default(), 1), "");
        let query = ReviewQuery {
            state: ReviewState::Dropped,
            label: Some(Label::NoDigit),
            user: "ana lópez".to_owned(),
            sort: ReviewSort::Doubt,
        };
        assert_eq!(
            query_string(&query, 3),
            "?state=dropped&label=none&user=ana%20l%C3%B3pez&sort=doubt&page=3"
        );
        let read = PARAMETERS.into_iter().fold(ReviewQuery::default(), |read, name| {
            with(read, name, &value(&query, name))
        });
        assert_eq!(read, query);
        let nonsense = PARAMETERS
            .into_iter()
            .filter(|name| *name != "user")
            .fold(ReviewQuery::default(), |read, name| with(read, name, "nonsense"));
        assert_eq!(nonsense, ReviewQuery::default());
    }
}
