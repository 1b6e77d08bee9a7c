//! `/api/admin/users…`: the admin's user list.

use std::collections::HashSet;

use api::{Order, Role, User, UserAction, UserCounts, UserSort, Users};
use chrono::{TimeDelta, Utc};
use futures_util::future::join;
use reqwest::{Method, Response};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde::Serialize;
use serde_json::{Value, json};
use server::store::entities::{column, user, user_word};

use crate::support::{
    TestServer,
    accounts::Browser,
    log::lines_of,
    mail::{Sink, by_smtp},
    server::{PASSWORD, refused},
};

async fn list(server: &TestServer, query: &str) -> Users {
    let body = server.get_json(&format!("/api/admin/users?{query}")).await;
    serde_json::from_value(body).unwrap()
}

fn names(users: &Users) -> Vec<&str> {
    users.users.iter().map(|user| user.username.as_str()).collect()
}

/// The names that a query finds, in the order of the numbers, and how many it says there are.
async fn found(server: &TestServer, query: &str) -> (String, u64) {
    let users = list(server, query).await;
    (names(&users).join(" "), users.total)
}

async fn patch(server: &TestServer, token: &str, id: i64, body: &Value) -> Response {
    let request = server.by(token, Method::PATCH, &format!("/api/admin/users/{id}"));
    request.json(body).send().await.unwrap()
}

/// The admin changes an account.
async fn change(server: &TestServer, id: i64, body: Value) -> User {
    let response = patch(server, &server.token, id, &body).await;
    assert_eq!(response.status(), 200, "{body}");
    response.json().await.unwrap()
}

/// The admin, and five who differ in all that the list shows.
async fn five() -> TestServer {
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

#[tokio::test]
async fn the_list_has_the_contracts_fields() {
    let server = TestServer::start().await;
    let browser = server.browser("admin").await;
    let response = browser.get("/api/admin/users").await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    let body: Value = response.json().await.unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<HashSet<_>>();
    let expected = |keys: &[&str]| keys.iter().map(ToString::to_string).collect::<HashSet<_>>();
    let of_list = ["users", "total", "page", "per_page", "more", "counts"];
    assert_eq!(keys(&body), expected(&of_list));
    let of_user = [
        "id",
        "username",
        "email",
        "role",
        "email_confirmed",
        "disabled",
        "created_at",
        "last_login_at",
        "predictions",
        "changes",
    ];
    assert_eq!(keys(&body["users"][0]), expected(&of_user));
    let admin: User = serde_json::from_value(body["users"][0].clone()).unwrap();
    assert_eq!(
        (admin.username.as_str(), admin.role, admin.predictions),
        ("admin", Role::Admin, 0)
    );
    assert!(admin.last_login_at.is_some() && admin.email_confirmed && !admin.disabled);
    let text = body.to_string();
    assert!(!text.contains("argon2") && !text.contains("password"), "{text}");
}

#[tokio::test]
async fn a_search_goes_by_the_beginnings_of_words() {
    let server = five().await;
    for (search, expected) in [
        ("ana", "ana Anabel Ana.abad zoe_ana2"),
        ("ANA", "ana Anabel Ana.abad zoe_ana2"),
        ("%20ana%20", "ana Anabel Ana.abad zoe_ana2"),
        ("anab", "Anabel"),
        ("ana+aba", "Ana.abad"),
        ("abad.ana", "Ana.abad"),
        ("juan", "juana"),
        ("zoe", "zoe_ana2"),
        ("ana2", "zoe_ana2"),
        ("nobody", ""),
        // Nothing that could be looked for, and no pattern of the database's.
        ("%25", ""),
        ("_", ""),
        ("'", ""),
        ("'%20OR%201=1--", ""),
        ("%00", ""),
        ("%F0%9F%98%80", ""),
    ] {
        let users = list(&server, &format!("search={search}")).await;
        assert_eq!(names(&users).join(" "), expected, "{search}");
        assert_eq!(users.total, users.users.len() as u64, "{search}");
        assert!(!users.more);
    }
    // All have an address of example.com.
    assert_eq!(found(&server, "search=exam").await.1, 7);
    assert_eq!(found(&server, "search=").await.1, 7);
}

#[tokio::test]
async fn filters_hold_together_and_with_a_search() {
    let server = TestServer::start().await;
    let kinds = [
        ("pia", false, false),
        ("pau", true, false),
        ("pol", false, true),
        ("pio", true, true),
    ];
    for (name, is_admin, disabled) in kinds {
        let id = if is_admin {
            server.add_admin(name).await
        } else {
            server.add_user(name).await
        };
        if disabled {
            change(&server, id, json!({ "disabled": true })).await;
        }
    }
    server.register("pep").await;
    for (query, expected) in [
        ("", "admin pia pau pol pio pep"),
        (
            "role=&confirmed=&disabled=&sort=&order=&page=&per_page=",
            "admin pia pau pol pio pep",
        ),
        ("role=user", "pia pol pep"),
        ("role=admin", "admin pau pio"),
        ("confirmed=true", "admin pia pau pol pio"),
        ("confirmed=false", "pep"),
        ("disabled=true", "pol pio"),
        ("disabled=false", "admin pia pau pep"),
        ("role=user&disabled=true", "pol"),
        ("role=admin&disabled=true&confirmed=true", "pio"),
        ("role=admin&confirmed=false", ""),
        ("role=user&confirmed=true&disabled=false", "pia"),
        ("search=p&role=admin", "pau pio"),
        ("search=p&disabled=false&confirmed=true", "pia pau"),
        ("search=pi&role=user", "pia"),
        ("search=pi&role=user&confirmed=false", ""),
    ] {
        let total = expected.split_whitespace().count() as u64;
        assert_eq!(found(&server, query).await, (expected.to_owned(), total), "{query}");
    }
    let counts = list(&server, "search=nobody").await.counts;
    let expected = UserCounts {
        total: 6,
        admins: 3,
        unconfirmed: 1,
        disabled: 2,
    };
    assert_eq!(counts, expected, "of all, whatever the search");
}

/// A value as a query has it.
fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

/// What a column is sorted by; the number decides between equals.
fn key(user: &User, sort: UserSort) -> (String, i64) {
    let key = match sort {
        UserSort::Id => String::new(),
        UserSort::Username => user.username.to_lowercase(),
        UserSort::Email => user.email.to_lowercase(),
        UserSort::Role => serde_json::to_string(&user.role).unwrap(),
        UserSort::EmailConfirmed => user.email_confirmed.to_string(),
        UserSort::Disabled => user.disabled.to_string(),
        UserSort::CreatedAt => user.created_at.clone(),
        // Never is before all times.
        UserSort::LastLoginAt => user.last_login_at.clone().unwrap_or_default(),
        UserSort::Predictions => format!("{:09}", user.predictions),
    };
    (key, user.id)
}

#[tokio::test]
async fn every_column_sorts_from_both_ends() {
    let server = five().await;
    for sort in [
        UserSort::Id,
        UserSort::Username,
        UserSort::Email,
        UserSort::Role,
        UserSort::EmailConfirmed,
        UserSort::Disabled,
        UserSort::CreatedAt,
        UserSort::LastLoginAt,
        UserSort::Predictions,
    ] {
        for search in ["", "example"] {
            for order in [Order::Asc, Order::Desc] {
                let query = format!("search={search}&sort={}&order={}", word(sort), word(order));
                let users = list(&server, &query).await.users;
                let keys: Vec<_> = users.iter().map(|user| key(user, sort)).collect();
                let mut sorted = keys.clone();
                sorted.sort();
                if order == Order::Desc {
                    sorted.reverse();
                }
                assert_eq!(keys, sorted, "{query}");
                assert_eq!(keys.len(), 7);
            }
        }
    }
}

#[tokio::test]
async fn pages_hold_each_user_once() {
    let server = TestServer::start().await;
    for number in 0..24 {
        server.add_user(&format!("user{number:02}")).await;
    }
    // All alike in what they are sorted by, so that only the number keeps the pages apart.
    for query in ["sort=role&order=desc", "search=user&sort=predictions"] {
        let total = if query.contains("search") { 24 } else { 25 };
        let mut seen = HashSet::new();
        for (page, length) in [(1, 10), (2, 10), (3, total - 20), (4, 0), (4_294_967_295, 0)] {
            let users = list(&server, &format!("{query}&page={page}&per_page=10")).await;
            assert_eq!(
                (users.page, users.per_page, users.total),
                (page, 10, total as u64),
                "{query}"
            );
            assert_eq!(users.users.len(), length, "{query}, page {page}");
            seen.extend(users.users.iter().map(|user| user.id));
        }
        assert_eq!(seen.len(), total);
    }
    assert_eq!(list(&server, "").await.users.len(), 20);
    assert_eq!(list(&server, "per_page=100").await.users.len(), 25);
    assert_eq!(names(&list(&server, "per_page=1&page=25").await), ["user23"]);
}

/// A thousand and one more users, with the words they are found by.
async fn a_thousand_and_one(server: &TestServer) {
    let database = server.database().await;
    let rows = |numbers: std::ops::Range<i64>| {
        numbers.map(|number| {
            let (name, email) = (format!("mass{number}"), format!("mass{number}@example.com"));
            user::ActiveModel {
                id: Set(number),
                username: Set(name.clone()),
                username_key: Set(name),
                email: Set(email.clone()),
                email_key: Set(email),
                password_hash: Set(String::new()),
                role: Set(column::Role::User),
                email_confirmed: Set(true),
                disabled: Set(false),
                language: Set("es".to_owned()),
                predictions: Set(0),
                created_at: Set(Utc::now()),
                last_login_at: Set(None),
            }
        })
    };
    let words = |numbers: std::ops::Range<i64>| {
        numbers.map(|number| user_word::ActiveModel {
            word: Set(format!("mass{number}")),
            user_id: Set(number),
        })
    };
    for start in (10_000..11_001).step_by(500) {
        let numbers = start..(start + 500).min(11_001);
        let rows = user::Entity::insert_many(rows(numbers.clone()));
        rows.exec_without_returning(&database).await.unwrap();
        let words = user_word::Entity::insert_many(words(numbers));
        words.exec_without_returning(&database).await.unwrap();
    }
}

#[tokio::test]
async fn a_search_with_too_many_matches_says_so_and_the_file_has_them_all() {
    let server = TestServer::start().await;
    a_thousand_and_one(&server).await;
    let users = list(&server, "search=mass&sort=id&page=50").await;
    assert_eq!((users.total, users.more, users.users.len()), (1000, true, 20));
    let users = list(&server, "search=mass1000").await;
    assert_eq!((users.total, users.more), (10, false), "10000 to 10009");
    let records = csv(&server, "search=mass").await;
    let ids: Vec<i64> = records.iter().map(|record| record[0].parse().unwrap()).collect();
    assert_eq!(ids, (10_000..11_001).collect::<Vec<_>>());
    assert_eq!(csv(&server, "").await.len(), 1002);
}

#[tokio::test]
async fn unknown_values_are_refused() {
    let server = TestServer::start().await;
    for query in [
        "role=king",
        "role=Admin",
        "confirmed=yes",
        "confirmed=1",
        "disabled=si",
        "sort=password_hash",
        "sort=id;drop",
        "order=up",
        "page=0",
        "page=-1",
        "page=x",
        "per_page=x",
        "role=user&role=admin",
    ] {
        for path in ["/api/admin/users", "/api/admin/users.csv"] {
            let request = server.by(&server.token, Method::GET, &format!("{path}?{query}"));
            refused(request.send().await.unwrap(), 400, "request_invalid", "msg").await;
        }
    }
    for query in ["per_page=0", "per_page=101", "per_page=-1"] {
        let request = server.by(&server.token, Method::GET, &format!("/api/admin/users?{query}"));
        refused(request.send().await.unwrap(), 400, "request_invalid", "msg").await;
    }
}

/// Every route that is only for admins, with what none of them takes: who may not ask isn't told so.
const ROUTES: [(Method, &str); 7] = [
    (Method::GET, "/api/admin/users"),
    (Method::GET, "/api/admin/users?page=0"),
    (Method::GET, "/api/admin/users.csv"),
    (Method::PATCH, "/api/admin/users/1"),
    (Method::PATCH, "/api/admin/users/x"),
    (Method::POST, "/api/admin/users/1/resend"),
    (Method::POST, "/api/admin/users/x/resend"),
];

#[tokio::test]
async fn only_admins_are_let_in() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let browser = server.browser("ana").await;
    for (method, path) in ROUTES {
        let visitor = server.client.request(method.clone(), server.url(path));
        refused(visitor.send().await.unwrap(), 401, "token_missing", "msg").await;
        for request in [
            server.by(&token, method.clone(), path),
            browser.ask(method.clone(), path),
        ] {
            refused(request.send().await.unwrap(), 403, "admin_only", "msg").await;
        }
    }
}

/// The answers of the list to a user's token and to the cookie of their browser, and of their own page to both.
async fn seen(server: &TestServer, token: &str, browser: &Browser<'_>) -> [u16; 4] {
    let mut seen = [0; 4];
    for (number, path) in ["/api/admin/users", "/api/me"].into_iter().enumerate() {
        let by_token = server.by(token, Method::GET, path).send().await.unwrap();
        seen[2 * number] = by_token.status().as_u16();
        seen[2 * number + 1] = browser.get(path).await.status().as_u16();
    }
    seen
}

#[tokio::test]
async fn what_is_changed_holds_at_the_users_next_request() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let browser = server.browser("ana").await;
    let id = server.row("ana").await.id;
    assert_eq!(seen(&server, &token, &browser).await, [403, 403, 200, 200]);
    let user = change(&server, id, json!({ "role": "admin" })).await;
    assert_eq!((user.id, user.role, user.disabled), (id, Role::Admin, false));
    assert_eq!(seen(&server, &token, &browser).await, [200; 4]);
    change(&server, id, json!({ "role": "user" })).await;
    assert_eq!(seen(&server, &token, &browser).await, [403, 403, 200, 200]);
    let user = change(&server, id, json!({ "role": "admin", "disabled": true })).await;
    assert_eq!((user.role, user.disabled), (Role::Admin, true));
    assert_eq!(seen(&server, &token, &browser).await, [401; 4]);
    let credentials = json!({ "username": "ana", "password": PASSWORD });
    refused(
        server.post("/login", &credentials).await,
        403,
        "account_disabled",
        "msg",
    )
    .await;
    change(&server, id, json!({ "disabled": false })).await;
    let token = server.sign_in("ana").await;
    assert_eq!(server.me(&token).await.status(), 200);
    let counts = list(&server, "").await.counts;
    assert_eq!((counts.admins, counts.disabled), (2, 0));
}

#[tokio::test]
async fn a_change_that_makes_no_sense_changes_nothing() {
    let server = TestServer::start().await;
    let id = server.add_user("ana").await;
    for body in [
        json!({ "role": "king" }),
        json!({ "role": 1 }),
        json!({ "disabled": "true" }),
        json!({ "disabled": 1 }),
        json!({ "username": "eva" }),
        json!({ "role": "admin", "email_confirmed": true }),
        json!([]),
        json!(null),
    ] {
        let response = patch(&server, &server.token, id, &body).await;
        refused(response, 400, "request_invalid", "msg").await;
    }
    for id in [0, -1, 999] {
        let response = patch(&server, &server.token, id, &json!({ "disabled": true })).await;
        refused(response, 404, "not_found", "msg").await;
    }
    for id in ["x", "1.5", "9223372036854775808"] {
        let request = server.by(&server.token, Method::PATCH, &format!("/api/admin/users/{id}"));
        let response = request.json(&json!({ "disabled": true })).send().await.unwrap();
        refused(response, 404, "not_found", "msg").await;
    }
    // What is so already is no change.
    for body in [
        json!({}),
        json!({ "role": "user" }),
        json!({ "role": null, "disabled": false }),
    ] {
        let user = change(&server, id, body).await;
        assert_eq!((user.role, user.disabled), (Role::User, false));
        assert_eq!(actions(&user), ["created by "]);
    }
}

/// What was done to a user, newest first.
fn actions(user: &User) -> Vec<String> {
    let times = user.changes.iter().map(|change| change.at.as_str());
    assert!(times.is_sorted_by(|one, next| one >= next), "{:?}", user.changes);
    user.changes
        .iter()
        .map(|change| format!("{} by {}", word(change.action), change.by))
        .collect()
}

#[tokio::test]
async fn every_change_stands_on_the_users_row() {
    let server = TestServer::start().await;
    let id = server.add_user("ana").await;
    server.add_admin("eva").await;
    let eva = server.sign_in("eva").await;
    change(&server, id, json!({ "role": "admin" })).await;
    let response = patch(&server, &eva, id, &json!({ "role": "user", "disabled": true })).await;
    let line = "INFO - Administrador 'eva' cambió la cuenta 'ana': ";
    assert!(lines_of(&response)[0].starts_with(line));
    let user: User = response.json().await.unwrap();
    let expected = ["disabled by eva", "demoted by eva", "promoted by admin", "created by "];
    assert_eq!(actions(&user), expected);
    let users = list(&server, "search=ana").await.users;
    assert_eq!(users, [user], "the list says what the answer said");
    // The newest ten, and each user's own.
    for _ in 0..6 {
        change(&server, id, json!({ "disabled": false })).await;
        change(&server, id, json!({ "disabled": true })).await;
    }
    let users = list(&server, "").await.users;
    let of = |name: &str| users.iter().find(|user| user.username == name).unwrap();
    assert_eq!(actions(of("ana")), ["disabled by admin", "enabled by admin"].repeat(5));
    assert_eq!(actions(of("eva")), ["created by "]);
    assert_eq!(of("admin").changes[0].action, UserAction::Created);
    // Refused changes are none.
    patch(&server, &server.sign_in("eva").await, id, &json!({ "role": "king" })).await;
    assert_eq!(list(&server, "search=ana").await.users[0].changes, of("ana").changes);
}

#[tokio::test]
async fn the_last_admin_stays() {
    let server = TestServer::start().await;
    let admin = server.row("admin").await.id;
    let eva = server.add_admin("eva").await;
    change(&server, eva, json!({ "disabled": true })).await;
    for body in [
        json!({ "role": "user" }),
        json!({ "disabled": true }),
        json!({ "role": "user", "disabled": true }),
    ] {
        // An admin who can't sign in is no help.
        let response = patch(&server, &server.token, admin, &body).await;
        refused(response, 409, "last_admin", "msg").await;
    }
    assert_eq!(list(&server, "role=admin&disabled=false").await.total, 1);
    let row = server.row("admin").await;
    assert!(row.role == column::Role::Admin && !row.disabled);
    change(&server, eva, json!({ "disabled": false })).await;
    assert_eq!(change(&server, admin, json!({ "role": "user" })).await.role, Role::User);
    assert_eq!(server.row("eva").await.role, column::Role::Admin);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_who_remove_each_other_at_once_one_stays() {
    let server = TestServer::start().await;
    let ids = [server.row("admin").await.id, server.add_admin("eva").await];
    let store = server.store().await;
    for round in 0..10 {
        let tokens = [server.sign_in("admin").await, server.sign_in("eva").await];
        let body = [json!({ "role": "user" }), json!({ "disabled": true })][round % 2].clone();
        let (one, other) = join(
            patch(&server, &tokens[0], ids[1], &body),
            patch(&server, &tokens[1], ids[0], &body),
        )
        .await;
        let mut statuses = [one.status().as_u16(), other.status().as_u16()];
        statuses.sort_unstable();
        // The second is refused as the last, or as none or nobody any more.
        assert!(
            statuses[0] == 200 && [401, 403, 409].contains(&statuses[1]),
            "{statuses:?}"
        );
        let mut left = 0;
        for (name, id) in ["admin", "eva"].into_iter().zip(ids) {
            let row = server.row(name).await;
            left += i32::from(row.role == column::Role::Admin && !row.disabled);
            let again = serde_json::from_value(json!({ "role": "admin", "disabled": false })).unwrap();
            store.change_user(id, again, "test").await.unwrap();
        }
        assert_eq!(left, 1);
    }
}

#[tokio::test]
async fn the_confirmation_is_sent_once_more() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    server.register("ana").await;
    let first = sink.next().await;
    assert_eq!(first.to, ["ana@example.com"]);
    let id = server.row("ana").await.id;
    let resend = async |id: &str| {
        let path = format!("/api/admin/users/{id}/resend");
        server.by(&server.token, Method::POST, &path).send().await.unwrap()
    };
    assert_eq!(resend(&id.to_string()).await.status(), 202);
    let mail = sink.next().await;
    assert_eq!(
        (mail.to.as_slice(), &mail.subject),
        (["ana@example.com".to_owned()].as_slice(), &first.subject)
    );
    let user = list(&server, "search=ana").await.users.remove(0);
    assert_eq!(actions(&user), ["confirmation_resent by admin"]);
    let token = mail.token(&server, "confirm");
    let response = server.post(&format!("/api/confirm/{token}"), &json!({})).await;
    assert_eq!(response.status(), 200);
    // Confirmed, there is nothing to be sent.
    assert_eq!(resend(&id.to_string()).await.status(), 202);
    for id in ["0", "-1", "999", "x"] {
        refused(resend(id).await, 404, "not_found", "msg").await;
    }
    server.all_mail_left().await;
    assert!(sink.arrived().is_empty());
    let user = list(&server, "search=ana").await.users.remove(0);
    assert_eq!(user.changes.len(), 1);
}

/// The rows of the file.
async fn csv(server: &TestServer, query: &str) -> Vec<csv::StringRecord> {
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
    let text = response.text().await.unwrap();
    let head = "id,username,email,role,email_confirmed,disabled,created_at,last_login_at,predictions\r\n";
    assert!(text.starts_with(head), "{text}");
    assert!(text.ends_with("\r\n"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(Result::unwrap).collect()
}

#[tokio::test]
async fn the_file_has_the_lists_users() {
    let server = five().await;
    for query in [
        "",
        "search=ana",
        "role=user&disabled=true",
        "confirmed=false",
        "search=ana&disabled=false",
        "search=_",
    ] {
        let users = list(&server, &format!("{query}&per_page=100")).await.users;
        let rows = csv(&server, query).await;
        let expected: Vec<_> = users
            .iter()
            .map(|user| {
                vec![
                    user.id.to_string(),
                    user.username.clone(),
                    user.email.clone(),
                    word(user.role),
                    user.email_confirmed.to_string(),
                    user.disabled.to_string(),
                    user.created_at.clone(),
                    user.last_login_at.clone().unwrap_or_default(),
                    user.predictions.to_string(),
                ]
            })
            .collect();
        let found: Vec<Vec<_>> = rows
            .iter()
            .map(|row| row.iter().map(ToOwned::to_owned).collect())
            .collect();
        assert_eq!(found, expected, "{query}");
    }
    // Whole, whatever page the list shows.
    assert_eq!(csv(&server, "page=2&per_page=1").await.len(), 7);
}

#[tokio::test]
async fn no_cell_of_the_file_is_a_formula() {
    let server = TestServer::start().await;
    for (name, email) in [
        ("-a1", "=1+1@example.com"),
        ("-cmd", "+1@example.com"),
        ("-ana", "-1@example.com"),
        ("ana", "\"=a,b\"@example.com"),
    ] {
        let new = json!({ "username": name, "email": email, "password": PASSWORD });
        assert_eq!(server.post("/api/register", &new).await.status(), 201, "{email}");
    }
    let id = server.add_user("old").await;
    // As no form takes them, but an import might.
    for (name, as_before) in [("=cmd|' /C calc'!A0", "old"), ("@SUM(1+1)", "=cmd|' /C calc'!A0")] {
        server
            .change_row(as_before, |row| {
                row.username = Set(name.to_owned());
                row.email = Set(format!("{name}@example.com"));
            })
            .await;
        let rows = csv(&server, "").await;
        let row = rows.iter().find(|row| row[0] == id.to_string()).unwrap();
        assert_eq!(
            (&row[1], &row[2]),
            (format!("'{name}").as_str(), format!("'{name}@example.com").as_str())
        );
    }
    let rows = csv(&server, "").await;
    let cells: Vec<_> = rows.iter().flat_map(|row| row.iter()).collect();
    assert!(
        !cells
            .iter()
            .any(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r'])),
        "{cells:?}"
    );
    for expected in [
        "'-cmd",
        "'-ana",
        "'=1+1@example.com",
        "'+1@example.com",
        "'-1@example.com",
        "\"=a,b\"@example.com",
    ] {
        assert!(cells.contains(&expected), "{expected} in {cells:?}");
    }
}
