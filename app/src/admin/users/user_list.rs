//! Which accounts the admin's list shows, and how: all of it stands in the page's address, so that a link shows the
//! same list.

use serde::{Serialize, de::DeserializeOwned};

use api::{Order, Role, User, UserCounts, UserPatch, UserSort, access::percent_encode};

/// The page of the list.
pub const PATH: &str = "/admin/users";

/// What the list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserList {
    /// Beginnings of words of name or address.
    pub search: String,
    /// Only this role.
    pub role: Option<Role>,
    /// Only confirmed, or only unconfirmed.
    pub confirmed: Option<bool>,
    /// Only switched off, or only not.
    pub disabled: Option<bool>,
    /// By which column.
    pub sort: UserSort,
    /// From which end.
    pub order: Order,
    /// From 1.
    pub page: u32,
}

impl Default for UserList {
    fn default() -> Self {
        Self {
            search: String::new(),
            role: None,
            confirmed: None,
            disabled: None,
            sort: UserSort::default(),
            order: Order::default(),
            page: 1,
        }
    }
}

/// One thing that the address says, by the name that the server knows it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of `UserList`")]
pub enum Part {
    Search,
    Role,
    Confirmed,
    Disabled,
    Sort,
    Order,
    Page,
}

impl Part {
    /// The page comes last: every other part leads to the first one.
    const ALL: [Self; 7] = [
        Self::Search,
        Self::Role,
        Self::Confirmed,
        Self::Disabled,
        Self::Sort,
        Self::Order,
        Self::Page,
    ];

    /// Its name in a query.
    pub fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Role => "role",
            Self::Confirmed => "confirmed",
            Self::Disabled => "disabled",
            Self::Sort => "sort",
            Self::Order => "order",
            Self::Page => "page",
        }
    }
}

impl UserList {
    /// The list that a query asks for. What makes no sense is as if not given.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        Part::ALL
            .into_iter()
            .fold(Self::default(), |list, part| match value(part.name()) {
                Some(value) => list.with(part, &value),
                None => list,
            })
    }

    /// One part, as it stands in a query.
    pub fn value(&self, part: Part) -> String {
        let truth = |truth: Option<bool>| truth.map(|truth| truth.to_string()).unwrap_or_default();
        match part {
            Part::Search => self.search.clone(),
            Part::Role => self.role.map(word).unwrap_or_default(),
            Part::Confirmed => truth(self.confirmed),
            Part::Disabled => truth(self.disabled),
            Part::Sort => word(self.sort),
            Part::Order => word(self.order),
            Part::Page => self.page.to_string(),
        }
    }

    /// This list with one part changed; at its first page, unless that is what changes.
    #[must_use]
    pub fn with(mut self, part: Part, value: &str) -> Self {
        self.page = 1;
        match part {
            Part::Search => value.trim().clone_into(&mut self.search),
            Part::Role => self.role = meaning(value),
            Part::Confirmed => self.confirmed = value.parse().ok(),
            Part::Disabled => self.disabled = value.parse().ok(),
            Part::Sort => self.sort = meaning(value).unwrap_or_default(),
            Part::Order => self.order = meaning(value).unwrap_or_default(),
            Part::Page => self.page = value.parse().unwrap_or(1).max(1),
        }
        self
    }

    /// This list by another column, or by the same one from the other end.
    #[must_use]
    pub fn sorted_by(self, sort: UserSort) -> Self {
        let order = match (self.sort == sort, self.order) {
            (true, Order::Asc) => Order::Desc,
            _ => Order::Asc,
        };
        Self {
            sort,
            order,
            page: 1,
            ..self
        }
    }

    /// This list without search and filters.
    #[must_use]
    pub fn cleared(self) -> Self {
        Self {
            sort: self.sort,
            order: self.order,
            ..Self::default()
        }
    }

    /// Whether a search or a filter leaves something out.
    pub fn is_narrowed(&self) -> bool {
        !self.search.is_empty() || self.role.is_some() || self.confirmed.is_some() || self.disabled.is_some()
    }

    /// The query that asks for this list, with its `?`; nothing where all is as usual.
    pub fn query(&self) -> String {
        let usual = Self::default();
        let mut query = String::new();
        for part in Part::ALL {
            let value = self.value(part);
            if value != usual.value(part) {
                query.push(if query.is_empty() { '?' } else { '&' });
                query.push_str(part.name());
                query.push('=');
                query.push_str(&percent_encode(&value));
            }
        }
        query
    }

    /// The page that shows this list.
    pub fn address(&self) -> String {
        format!("{PATH}{}", self.query())
    }

    /// The whole of this list as a file.
    pub fn csv(&self) -> String {
        let whole = Self {
            page: 1,
            ..self.clone()
        };
        format!("/api/admin/users.csv{}", whole.query())
    }
}

/// A value of an enum by its name on the wire.
fn meaning<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(word.into()).ok()
}

/// The name on the wire of a value of an enum.
fn word<T: Serialize>(value: T) -> String {
    let value = serde_json::to_value(value).ok();
    value
        .as_ref()
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// What an admin can do to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Make it an admin's.
    Promote,
    /// Make it a user's again.
    Demote,
    /// Switch it off.
    Disable,
    /// Switch it on again.
    Enable,
    /// Send the confirmation once more.
    Resend,
}

impl Act {
    /// What can be done to `user` as it is.
    pub fn open_to(user: &User) -> Vec<Self> {
        let role = match user.role {
            Role::User => Self::Promote,
            Role::Admin => Self::Demote,
        };
        let switch = if user.disabled { Self::Enable } else { Self::Disable };
        let resend = (!user.email_confirmed).then_some(Self::Resend);
        resend.into_iter().chain([role, switch]).collect()
    }

    /// Whether it takes something from somebody, and so is asked about first.
    pub fn takes_away(self) -> bool {
        matches!(self, Self::Demote | Self::Disable)
    }

    /// What changes in the account; nothing where only a mail is sent.
    pub fn patch(self) -> Option<UserPatch> {
        let (role, disabled) = match self {
            Self::Promote => (Some(Role::Admin), None),
            Self::Demote => (Some(Role::User), None),
            Self::Disable => (None, Some(true)),
            Self::Enable => (None, Some(false)),
            Self::Resend => return None,
        };
        Some(UserPatch { role, disabled })
    }
}

/// The counts once `before` has become `after`.
#[must_use]
pub fn recount(counts: UserCounts, before: &User, after: &User) -> UserCounts {
    let moved = |count: u64, was: bool, is: bool| (count + u64::from(is)).saturating_sub(u64::from(was));
    let is_admin = |user: &User| user.role == Role::Admin;
    UserCounts {
        total: counts.total,
        admins: moved(counts.admins, is_admin(before), is_admin(after)),
        unconfirmed: moved(counts.unconfirmed, !before.email_confirmed, !after.email_confirmed),
        disabled: moved(counts.disabled, before.disabled, after.disabled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> UserList {
        UserList::read(|name| {
            let pair = pairs.iter().find(|(key, _)| *key == name);
            pair.map(|(_, value)| (*value).to_owned())
        })
    }

    fn user() -> User {
        User {
            id: 7,
            username: "ana".to_owned(),
            email: "ana@example.com".to_owned(),
            role: Role::User,
            email_confirmed: false,
            disabled: false,
            created_at: "2026-11-24T10:00:00Z".to_owned(),
            last_login_at: None,
            predictions: 0,
            changes: Vec::new(),
        }
    }

    #[test]
    fn the_usual_list_has_the_short_address() {
        assert_eq!(UserList::default().address(), "/admin/users");
        assert_eq!(UserList::default().csv(), "/api/admin/users.csv");
        assert_eq!(read(&[]), UserList::default());
    }

    #[test]
    fn the_address_says_everything_and_is_read_back() {
        let pairs = [
            ("search", "ana lópez&"),
            ("role", "admin"),
            ("confirmed", "false"),
            ("disabled", "true"),
            ("sort", "last_login_at"),
            ("order", "desc"),
            ("page", "3"),
        ];
        let list = read(&pairs);
        assert_eq!(
            list.query(),
            "?search=ana%20l%C3%B3pez%26&role=admin&confirmed=false&disabled=true&sort=last_login_at&order=desc&page=3"
        );
        for (part, (name, value)) in Part::ALL.into_iter().zip(pairs) {
            assert_eq!((part.name(), list.value(part).as_str()), (name, value));
        }
        assert!(!list.csv().contains("page="));
    }

    #[test]
    fn what_makes_no_sense_is_as_if_not_given() {
        let nonsense = [
            ("role", "king"),
            ("confirmed", ""),
            ("disabled", "si"),
            ("sort", "password"),
            ("order", "up"),
            ("page", "-1"),
        ];
        assert_eq!(read(&nonsense), UserList::default());
        assert_eq!(read(&[("page", "0")]).page, 1);
    }

    #[test]
    fn every_change_leads_to_the_first_page() {
        let list = read(&[("page", "4"), ("sort", "email"), ("search", "ana")]);
        assert_eq!(list.clone().with(Part::Role, "user").page, 1);
        assert_eq!(list.clone().sorted_by(UserSort::Email).page, 1);
        assert_eq!(list.clone().with(Part::Page, "5").page, 5);
        let cleared = list.cleared();
        assert!(cleared.page == 1 && cleared.sort == UserSort::Email && !cleared.is_narrowed());
    }

    #[test]
    fn a_column_pressed_again_turns_around() {
        let by_name = UserList::default().sorted_by(UserSort::Username);
        assert_eq!((by_name.sort, by_name.order), (UserSort::Username, Order::Asc));
        let turned = by_name.sorted_by(UserSort::Username);
        assert_eq!(turned.order, Order::Desc);
        assert_eq!(turned.clone().sorted_by(UserSort::Username).order, Order::Asc);
        assert_eq!(turned.sorted_by(UserSort::Email).order, Order::Asc);
    }

    #[test]
    fn only_what_changes_something_is_offered() {
        assert_eq!(Act::open_to(&user()), [Act::Resend, Act::Promote, Act::Disable]);
        let admin = User {
            role: Role::Admin,
            email_confirmed: true,
            disabled: true,
            ..user()
        };
        assert_eq!(Act::open_to(&admin), [Act::Demote, Act::Enable]);
    }

    #[test]
    fn the_counts_follow_a_change() {
        let counts = UserCounts {
            total: 9,
            admins: 1,
            unconfirmed: 2,
            disabled: 0,
        };
        let after = User {
            role: Role::Admin,
            disabled: true,
            ..user()
        };
        let now = recount(counts, &user(), &after);
        assert_eq!((now.total, now.admins, now.unconfirmed, now.disabled), (9, 2, 2, 1));
        assert_eq!(recount(now, &after, &user()), counts);
    }
}
