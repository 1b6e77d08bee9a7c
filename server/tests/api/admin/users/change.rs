//! `PATCH /api/admin/users/{id}`.

use api::{Role, User, UserAction};
use reqwest::Method;
use serde_json::json;

use super::{actions, change, list, patch};
use crate::support::{TestServer, log::lines_of, server::refused};

#[tokio::test]
async fn an_invalid_change_has_no_effect() {
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
    // Values that are already set are no change.
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

#[tokio::test]
async fn every_change_is_listed_with_the_user() {
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
    // The newest ten of each user.
    for _ in 0..6 {
        change(&server, id, json!({ "disabled": false })).await;
        change(&server, id, json!({ "disabled": true })).await;
    }
    let users = list(&server, "").await.users;
    let of = |name: &str| users.iter().find(|user| user.username == name).unwrap();
    assert_eq!(actions(of("ana")), ["disabled by admin", "enabled by admin"].repeat(5));
    assert_eq!(actions(of("eva")), ["created by "]);
    assert_eq!(of("admin").changes[0].action, UserAction::Created);
    // Rejected changes are not listed.
    patch(&server, &server.sign_in("eva").await, id, &json!({ "role": "king" })).await;
    assert_eq!(list(&server, "search=ana").await.users[0].changes, of("ana").changes);
}
