//! Who may use the user list, and what a change means for the session of the changed user.

use api::Role;
use futures_util::future::join;
use reqwest::Method;
use serde_json::json;

use super::{change, list, patch};
use server::store::entities::column;

use crate::support::{
    TestServer,
    accounts::Browser,
    server::{PASSWORD, refused},
};

/// Every route for administrators, also with invalid parameters, which must not change the error.
const ROUTES: [(Method, &str); 24] = [
    (Method::GET, "/api/admin/users"),
    (Method::GET, "/api/admin/users?page=0"),
    (Method::GET, "/api/admin/users.csv"),
    (Method::PATCH, "/api/admin/users/1"),
    (Method::PATCH, "/api/admin/users/x"),
    (Method::POST, "/api/admin/users/1/resend"),
    (Method::POST, "/api/admin/users/x/resend"),
    (Method::GET, "/api/admin/review"),
    (Method::GET, "/api/admin/review?per_page=0"),
    (Method::POST, "/api/admin/review"),
    (Method::POST, "/api/admin/review/plain"),
    (Method::POST, "/api/admin/review/people/1/drop"),
    (Method::GET, "/api/admin/corrected"),
    (Method::GET, "/api/admin/dataset.tar"),
    (Method::GET, "/api/admin/dataset.tar?format=zip"),
    (Method::GET, "/api/admin/metrics/history"),
    (Method::GET, "/api/admin/metrics/service?range=hour"),
    (Method::GET, "/api/admin/metrics/service?range=year"),
    (Method::GET, "/api/admin/models"),
    (Method::POST, "/api/admin/models"),
    (Method::DELETE, "/api/admin/models/x"),
    (Method::POST, "/api/admin/models/x/live"),
    (Method::POST, "/api/admin/models/x/evaluation"),
    (Method::GET, "/api/admin/models/x/evaluation"),
];

#[tokio::test]
async fn only_administrators_have_access() {
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

/// The statuses of the user list and of `/api/me`, each for the token and for the cookie.
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
async fn a_change_applies_to_the_next_request_of_the_user() {
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
async fn the_last_administrator_can_not_be_removed() {
    let server = TestServer::start().await;
    let admin = server.row("admin").await.id;
    let eva = server.add_admin("eva").await;
    change(&server, eva, json!({ "disabled": true })).await;
    for body in [
        json!({ "role": "user" }),
        json!({ "disabled": true }),
        json!({ "role": "user", "disabled": true }),
    ] {
        // A disabled administrator doesn't count.
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
async fn two_administrators_can_not_remove_each_other_concurrently() {
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
        // The second request is rejected because one remains, or because its user has just lost the role or the session.
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
