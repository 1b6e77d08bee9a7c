//! Which accounts the list shows, and in which order. The page's URL contains all of it, so that a link shows the same
//! list.

use serde::{Serialize, de::DeserializeOwned};

use api::{Order, UserListQuery, UserSort, access::percent_encode};

/// The path of the page.
pub const PATH: &str = "/admin/users";

/// One page of the list: the query of the API and the page's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// Search, filters and order.
    pub users: UserListQuery,
    /// The API's `cursor` of the page; empty for the first.
    pub cursor: String,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self::first_page(UserListQuery::default())
    }
}

/// A parameter of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryParam {
    Search,
    Role,
    Confirmed,
    Disabled,
    Sort,
    Order,
    Cursor,
}

impl QueryParam {
    /// In the order of a URL. The cursor is last because setting any other parameter leads to the first page.
    const ALL: [Self; 7] = [
        Self::Search,
        Self::Role,
        Self::Confirmed,
        Self::Disabled,
        Self::Sort,
        Self::Order,
        Self::Cursor,
    ];

    /// The parameter's name, as the API has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Role => "role",
            Self::Confirmed => "confirmed",
            Self::Disabled => "disabled",
            Self::Sort => "sort",
            Self::Order => "order",
            Self::Cursor => "cursor",
        }
    }
}

impl ListQuery {
    fn first_page(users: UserListQuery) -> Self {
        Self {
            users,
            cursor: String::new(),
        }
    }

    /// From the parameters of a URL; an invalid value counts as missing.
    pub fn from_params(value: impl Fn(&str) -> Option<String>) -> Self {
        QueryParam::ALL
            .into_iter()
            .fold(Self::default(), |list, param| match value(param.name()) {
                Some(value) => list.with(param, &value),
                None => list,
            })
    }

    /// The value of a parameter, as in a URL.
    pub fn value(&self, param: QueryParam) -> String {
        let users = &self.users;
        match param {
            QueryParam::Search => users.search.clone(),
            QueryParam::Role => users.role.map(as_param).unwrap_or_default(),
            QueryParam::Confirmed => users.confirmed.map(as_param).unwrap_or_default(),
            QueryParam::Disabled => users.disabled.map(as_param).unwrap_or_default(),
            QueryParam::Sort => as_param(users.sort),
            QueryParam::Order => as_param(users.order),
            QueryParam::Cursor => self.cursor.clone(),
        }
    }

    /// This list with one parameter changed; its first page unless that is the parameter.
    #[must_use]
    pub fn with(mut self, param: QueryParam, value: &str) -> Self {
        self.cursor.clear();
        let users = &mut self.users;
        match param {
            QueryParam::Search => value.trim().clone_into(&mut users.search),
            QueryParam::Role => users.role = from_param(value),
            QueryParam::Confirmed => users.confirmed = value.parse().ok(),
            QueryParam::Disabled => users.disabled = value.parse().ok(),
            QueryParam::Sort => users.sort = from_param(value).unwrap_or_default(),
            QueryParam::Order => users.order = from_param(value).unwrap_or_default(),
            QueryParam::Cursor => value.clone_into(&mut self.cursor),
        }
        self
    }

    /// This list sorted by `sort`; in the other direction if it was sorted by it already.
    #[must_use]
    pub fn sorted_by(self, sort: UserSort) -> Self {
        let order = match (self.users.sort == sort, self.users.order) {
            (true, Order::Asc) => Order::Desc,
            _ => Order::Asc,
        };
        Self::first_page(UserListQuery {
            sort,
            order,
            ..self.users
        })
    }

    /// This list without search and filters.
    #[must_use]
    pub fn cleared(self) -> Self {
        Self::first_page(UserListQuery {
            sort: self.users.sort,
            order: self.users.order,
            ..UserListQuery::default()
        })
    }

    /// The first page of this list.
    #[must_use]
    pub fn first(self) -> Self {
        Self::first_page(self.users)
    }

    /// The query string with its `?`, without the parameters that have their default; empty if all have.
    pub fn query_string(&self) -> String {
        let default = Self::default();
        let mut query = String::new();
        for param in QueryParam::ALL {
            let value = self.value(param);
            if value != default.value(param) {
                query.push(if query.is_empty() { '?' } else { '&' });
                query.push_str(param.name());
                query.push('=');
                query.push_str(&percent_encode(&value));
            }
        }
        query
    }

    /// The URL of the page that shows this list.
    pub fn url(&self) -> String {
        format!("{PATH}{}", self.query_string())
    }

    /// The URL of all pages of this list as CSV.
    pub fn csv_url(&self) -> String {
        format!("/api/admin/users.csv{}", self.clone().first().query_string())
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
        Ok(value) => value.to_string(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> ListQuery {
        ListQuery::from_params(|name| {
            let pair = pairs.iter().find(|(key, _)| *key == name);
            pair.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_default_list_has_no_query() {
        assert_eq!(ListQuery::default().url(), "/admin/users");
        assert_eq!(ListQuery::default().csv_url(), "/api/admin/users.csv");
        assert_eq!(read(&[]), ListQuery::default());
    }

    #[test]
    fn the_query_contains_everything_and_is_read_back() {
        let pairs = [
            ("search", "ana lópez&"),
            ("role", "admin"),
            ("confirmed", "false"),
            ("disabled", "true"),
            ("sort", "last_login_at"),
            ("order", "desc"),
            ("cursor", "eyJhIjoxfQ"),
        ];
        let list = read(&pairs);
        assert_eq!(
            list.query_string(),
            "?search=ana%20l%C3%B3pez%26&role=admin&confirmed=false&disabled=true&sort=last_login_at&order=desc&cursor=eyJhIjoxfQ"
        );
        for (param, (name, value)) in QueryParam::ALL.into_iter().zip(pairs) {
            assert_eq!((param.name(), list.value(param).as_str()), (name, value));
        }
        assert!(!list.csv_url().contains("cursor="));
        assert!(!list.first().url().contains("cursor="));
    }

    #[test]
    fn an_invalid_value_counts_as_missing() {
        let nonsense = [
            ("role", "king"),
            ("confirmed", ""),
            ("disabled", "si"),
            ("sort", "password"),
            ("order", "up"),
            ("page", "3"),
        ];
        assert_eq!(read(&nonsense), ListQuery::default());
    }

    #[test]
    fn every_change_leads_to_the_first_page() {
        let list = read(&[("cursor", "here"), ("sort", "email"), ("search", "ana")]);
        assert_eq!(list.clone().with(QueryParam::Role, "user").cursor, "");
        assert_eq!(list.clone().sorted_by(UserSort::Email).cursor, "");
        assert_eq!(list.clone().with(QueryParam::Cursor, "there").cursor, "there");
        let cleared = list.cleared();
        let by_email = UserListQuery {
            sort: UserSort::Email,
            ..UserListQuery::default()
        };
        assert_eq!((cleared.cursor, cleared.users), (String::new(), by_email));
    }

    #[test]
    fn sorting_by_the_same_column_reverses_the_order() {
        let by_name = ListQuery::default().sorted_by(UserSort::Username);
        assert_eq!(
            (by_name.users.sort, by_name.users.order),
            (UserSort::Username, Order::Asc)
        );
        let turned = by_name.sorted_by(UserSort::Username);
        assert_eq!(turned.users.order, Order::Desc);
        assert_eq!(turned.clone().sorted_by(UserSort::Username).users.order, Order::Asc);
        assert_eq!(turned.sorted_by(UserSort::Email).users.order, Order::Asc);
    }
}
