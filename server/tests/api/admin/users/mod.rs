//! `/api/admin/users…`: the user list of administrators.

mod access;
mod change;
mod export;
mod list;
mod pages;
mod resend;

use api::{User, UserSort, Users};
use chrono::{TimeDelta, Utc};
use reqwest::{Method, Response};
use sea_orm::ActiveValue::Set;
use serde::Serialize;
use serde_json::Value;

use server::store::entities::{column, user};

use crate::support::TestServer;

/// Every order of the list.
pub(crate) const SORTS: [UserSort; 9] = [
    UserSort::Id,
    UserSort::Username,
    UserSort::Email,
    UserSort::Role,
    UserSort::EmailConfirmed,
    UserSort::Disabled,
    UserSort::CreatedAt,
    UserSort::LastLoginAt,
    UserSort::Predictions,
];

pub(crate) async fn list(server: &TestServer, query: &str) -> Users {
    let body = server.get_json(&format!("/api/admin/users?{query}")).await;
    serde_json::from_value(body).unwrap()
}

pub(crate) fn names(users: &Users) -> Vec<&str> {
    users.users.iter().map(|user| user.username.as_str()).collect()
}

/// The usernames that a query finds, and its total.
pub(crate) async fn found(server: &TestServer, query: &str) -> (String, u64) {
    let users = list(server, query).await;
    (names(&users).join(" "), users.total)
}

pub(crate) async fn patch(server: &TestServer, token: &str, id: i64, body: &Value) -> Response {
    let request = server.by(token, Method::PATCH, &format!("/api/admin/users/{id}"));
    request.json(body).send().await.unwrap()
}

/// Changes an account as the administrator.
pub(crate) async fn change(server: &TestServer, id: i64, body: Value) -> User {
    let response = patch(server, &server.token, id, &body).await;
    assert_eq!(response.status(), 200, "{body}");
    response.json().await.unwrap()
}

/// The administrator and users that differ in all columns.
pub(crate) async fn five() -> TestServer {
    let server = TestServer::start().await;
    for name in ["ana", "Anabel", "juana", "Ana.abad", "zoe_ana2"] {
        server.add_user(name).await;
    }
    server.add_admin("eva").await;
    let change = async |name: &str, confirmed, disabled, email: &str, predictions| {
        let (email, key) = (email.to_owned(), email.to_lowercase());
        let last = Utc::now() - TimeDelta::hours(predictions);
        server
            .change_row(name, |row| {
                row.email_confirmed = Set(confirmed);
                row.disabled = Set(disabled);
                row.email = Set(email);
                row.email_key = Set(key);
                row.predictions = Set(predictions);
                row.created_at = Set(last);
                row.last_login_at = Set((predictions != 5).then_some(last));
            })
            .await;
    };
    change("ana", true, false, "w@example.com", 3).await;
    change("Anabel", false, false, "Y@example.com", 5).await;
    change("juana", true, true, "v@example.com", 1).await;
    change("Ana.abad", false, true, "z@example.com", 3).await;
    change("eva", true, true, "x@example.com", 2).await;
    server
}

/// The row of a user without search words. Some values are shared by many.
pub(crate) fn row(number: i64) -> user::ActiveModel {
    let (name, email) = (format!("mass{number}"), format!("mass{number}@example.com"));
    let at = Utc::now() - TimeDelta::hours(number % 7);
    user::ActiveModel {
        id: Set(number),
        username: Set(name.clone()),
        username_key: Set(name),
        email: Set(email.clone()),
        email_key: Set(email),
        password_hash: Set(String::new()),
        role: Set(column::Role::User),
        email_confirmed: Set(true),
        disabled: Set(number % 2 == 0),
        language: Set("es".to_owned()),
        predictions: Set(number % 5),
        created_at: Set(at),
        last_login_at: Set((number % 3 > 0).then_some(at)),
    }
}

/// A value as a query parameter.
pub(crate) fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

/// The rows of the export.
pub(crate) async fn csv(server: &TestServer, query: &str) -> Vec<csv::StringRecord> {
    let request = server.by(&server.token, Method::GET, &format!("/api/admin/users.csv?{query}"));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        response.headers()["content-disposition"],
        "attachment; filename=\"usuarios.csv\""
    );
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let bytes = response.bytes().await.unwrap();
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").expect("a byte order mark")).unwrap();
    let head = "id,username,email,role,email_confirmed,disabled,created_at,last_login_at,predictions\r\n";
    assert!(text.starts_with(head), "{text}");
    assert!(text.ends_with("\r\n") && !text.contains('\u{feff}'), "{text}");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(Result::unwrap).collect()
}

/// The changes of a user, newest first.
pub(crate) fn actions(user: &User) -> Vec<String> {
    let times = user.changes.iter().map(|change| change.at.as_str());
    assert!(times.is_sorted_by(|one, next| one >= next), "{:?}", user.changes);
    user.changes
        .iter()
        .map(|change| format!("{} by {}", word(change.action), change.by))
        .collect()
}
