//! `/api/me/…`: what users change of their own account.

mod data;
mod delete;
mod email;
mod password;
mod sessions;
mod totp;

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::{
    keys::KEYS,
    support::{
        TestServer,
        mail::{Sink, by_smtp},
        server::refused,
    },
};

/// A password other than that of all accounts in tests.
const NEW: &str = "otra frase larga";

async fn with_sink() -> (TestServer, Sink) {
    let sink = Sink::start().await;
    (TestServer::with(|settings| by_smtp(settings, sink.port)).await, sink)
}

async fn post(server: &TestServer, token: &str, path: &str, body: &Value) -> Response {
    let request = server.by(token, Method::POST, path).json(body);
    request.send().await.unwrap()
}

/// The status of a login.
async fn login(server: &TestServer, username: &str, password: &str) -> u16 {
    let credentials = json!({ "username": username, "password": password });
    server.post("/login", &credentials).await.status().as_u16()
}

/// The status of `GET /api/me`.
async fn me(server: &TestServer, token: &str) -> u16 {
    server.me(token).await.status().as_u16()
}

/// A request from another address, according to a trusted proxy.
fn from(request: RequestBuilder, ip: &str) -> RequestBuilder {
    request.header("x-forwarded-for", ip)
}

/// Every route that asks for the password, with a body whose password is `password`.
fn with_password(password: &str) -> [(&'static str, Value); 6] {
    [
        (
            "/api/me/password",
            json!({ "current_password": password, "password": NEW }),
        ),
        (
            "/api/me/email",
            json!({ "email": "new@example.com", "password": password }),
        ),
        ("/api/me/delete", json!({ "password": password })),
        ("/api/me/totp", json!({ "password": password })),
        ("/api/me/totp/remove", json!({ "password": password })),
        (
            KEYS,
            json!({ "name": "script", "scopes": ["predict"], "password": password }),
        ),
    ]
}

#[tokio::test]
async fn only_the_signed_in_user_is_served() {
    let server = TestServer::start().await;
    for (path, body) in with_password("x") {
        refused(server.post(path, &body).await, 401, "token_missing", "msg").await;
        let response = post(&server, "nonsense", path, &body).await;
        refused(response, 401, "token_invalid", "msg").await;
    }
    refused(server.get("/api/me/sessions").await, 401, "token_missing", "msg").await;
    let request = server.client.delete(server.url("/api/me/sessions/x"));
    refused(request.send().await.unwrap(), 401, "token_missing", "msg").await;
    let response = server.post("/api/me/totp/activate", &json!({ "code": "123456" })).await;
    refused(response, 401, "token_missing", "msg").await;
}

#[tokio::test]
async fn every_change_asks_for_the_password() {
    let server = TestServer::start().await;
    for (path, body) in with_password("wrong password") {
        let response = post(&server, &server.token, path, &body).await;
        let line = format!("WARNING - Contraseña incorrecta del usuario 'admin' en '{path}'.");
        assert_eq!(crate::support::log::lines_of(&response), [line]);
        refused(response, 403, "password_wrong", "msg").await;
    }
    for (path, body) in with_password("") {
        let response = post(&server, &server.token, path, &body).await;
        refused(response, 400, "fields_required", "msg").await;
        let response = post(&server, &server.token, path, &json!({})).await;
        refused(response, 400, "fields_required", "msg").await;
        let response = post(&server, &server.token, path, &json!([])).await;
        refused(response, 400, "request_invalid", "msg").await;
    }
    assert_eq!(me(&server, &server.token).await, 200);
}

#[tokio::test]
async fn guessing_at_the_password_is_throttled_as_at_the_login() {
    for path in 0..6 {
        let server = crate::login::behind_a_proxy().await;
        server.add_admin("eva").await;
        let token = server.sign_in("eva").await;
        let send = async |ip: &str, password: &str| {
            let (path, body) = with_password(password)[path].clone();
            let request = from(server.by(&token, Method::POST, path), ip).json(&body);
            request.send().await.unwrap()
        };
        for _ in 0..5 {
            let response = send("203.0.113.66", "wrong password").await;
            refused(response, 403, "password_wrong", "msg").await;
        }
        for password in ["wrong password", crate::support::server::PASSWORD] {
            let response = send("203.0.113.66", password).await;
            let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=180).contains(&wait), "{wait}");
            refused(response, 429, "rate_limited", "msg").await;
        }
        // The login counts them, too; other addresses and accounts aren't affected.
        for (ip, name, status) in [
            ("203.0.113.66", "eva", 429),
            ("203.0.113.66", "admin", 200),
            ("198.51.100.7", "eva", 200),
        ] {
            let response = crate::login::login_from(&server, ip, name, crate::support::server::PASSWORD).await;
            assert_eq!(response.status(), status, "{ip} {name}");
        }
    }
}
