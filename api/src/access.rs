//! Access to pages: checked by the server before it renders a page, and by the page before it loads data.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Me, Role};

/// The visitors that may see a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// All visitors.
    Anyone,
    /// Signed-in users.
    User,
    /// Admins.
    Admin,
}

/// Why a visitor may not see a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessError {
    /// The visitor is not signed in.
    SignIn,
    /// The user is not an admin.
    AdminOnly,
}

/// The access that the page at `path` requires. The query is ignored.
pub fn required(path: &str) -> Access {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let within = |folder: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if within("/admin") {
        Access::Admin
    } else if within("/account") {
        Access::User
    } else {
        Access::Anyone
    }
}

/// Whether `me` has `access`.
pub fn check(access: Access, me: Option<&Me>) -> Result<(), AccessError> {
    match (access, me) {
        (Access::Anyone, _) | (Access::User, Some(_)) => Ok(()),
        (Access::Admin, Some(me)) if me.role == Role::Admin => Ok(()),
        (Access::Admin, Some(_)) => Err(AccessError::AdminOnly),
        (Access::User | Access::Admin, None) => Err(AccessError::SignIn),
    }
}

/// The target after a login: `next` if it is a path of this site, else the drawing page.
pub fn safe_next(next: &str) -> &str {
    let next = local_path(next);
    // Returning to the login page would loop.
    if next.split('?').next() == Some("/login") {
        "/"
    } else {
        next
    }
}

/// `path` if it is one of this site, else the drawing page.
///
/// Browsers read `//host` and `/\host` as other hosts, and strip tabs and newlines from URLs first.
pub fn local_path(path: &str) -> &str {
    let is_local =
        path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.chars().any(char::is_control);
    if is_local { path } else { "/" }
}

/// The login page with `path` as its target.
pub fn sign_in_for(path: &str) -> String {
    with_next("/login", path)
}

/// `page` with `?next=path`, or without it if the target is the drawing page.
pub fn with_next(page: &str, path: &str) -> String {
    match safe_next(path) {
        "/" => page.to_owned(),
        next => format!("{page}?next={}", percent_encode(next)),
    }
}

/// The characters that [`percent_encode`] leaves as they are: RFC 3986's unreserved ones, and `/`.
const UNESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// Percent-encodes `text` as the value of a query parameter or as a path segment without `/`.
pub fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, UNESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_requires_its_access() {
        for path in [
            "/",
            "/login",
            "/register",
            "/confirm/abc",
            "/forgot",
            "/reset/abc",
            "/accounts",
            "/administration",
        ] {
            assert_eq!(required(path), Access::Anyone, "{path}");
        }
        assert_eq!(required("/account"), Access::User);
        assert_eq!(required("/account?page=2"), Access::User);
        for path in [
            "/admin",
            "/admin/users",
            "/admin/users?search=ana",
            "/admin/status",
            "/admin/",
        ] {
            assert_eq!(required(path), Access::Admin, "{path}");
        }
    }

    #[test]
    fn only_local_paths_are_targets() {
        for path in ["/", "/account", "/admin/users?search=a%20b&page=2", "/loginx"] {
            assert_eq!(safe_next(path), path);
        }
        for foreign in [
            "",
            "account",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "\n//evil.example",
            "/a\\b",
            "/login",
            "/login?next=/login",
        ] {
            assert_eq!(safe_next(foreign), "/", "{foreign:?}");
            let is_login = foreign.starts_with("/login");
            assert_eq!(local_path(foreign), if is_login { foreign } else { "/" });
        }
    }

    #[test]
    fn the_target_is_percent_encoded() {
        assert_eq!(sign_in_for("/"), "/login");
        assert_eq!(
            sign_in_for("/admin/users?search=a&b"),
            "/login?next=/admin/users%3Fsearch%3Da%26b"
        );
        assert_eq!(percent_encode("ñ +"), "%C3%B1%20%2B");
    }
}
