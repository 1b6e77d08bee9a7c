//! The session that a login replaces.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestServer, accounts::set_cookie, server::PASSWORD};

#[tokio::test]
async fn a_login_ends_the_session_of_the_cookie_that_it_replaces() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    let (old, other) = (server.browser("admin").await, server.browser("admin").await);
    let log_in = async |password: &str| {
        let credentials = json!({ "username": "ana", "password": password });
        let request = old.ask(Method::POST, "/login").header("sec-fetch-site", "same-origin");
        request.json(&credentials).send().await.unwrap()
    };
    assert_eq!(log_in("wrong password").await.status(), 401);
    assert_eq!(old.me().await, 200, "nothing was replaced");
    let response = log_in(PASSWORD).await;
    assert_eq!(response.status(), 200);
    let new = set_cookie(&response).split(';').next().unwrap().to_owned();
    assert_ne!(new, old.cookie);
    // The token of the replaced login ends with its cookie; other sessions stay.
    assert_eq!((old.me().await, other.me().await), (401, 200));
    let request = server.client.get(server.url("/api/me")).header("cookie", new);
    let me: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!((&me["username"], &me["sessions"]), (&json!("ana"), &json!(1)));
    // A cookie that names no session is no obstacle.
    assert_eq!(log_in(PASSWORD).await.status(), 200);
}
