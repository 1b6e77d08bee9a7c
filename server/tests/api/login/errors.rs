//! Errors, which must not reveal whether an account exists.

use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::login;
use crate::support::{
    TestServer,
    log::lines_of,
    server::{PASSWORD, refused},
};

#[tokio::test]
async fn missing_fields() {
    let server = TestServer::start().await;
    for body in [
        json!({}),
        json!({ "username": "ana" }),
        json!({ "password": "x" }),
        json!({ "username": null, "password": "x" }),
    ] {
        let response = server.post("/login", &body).await;
        let name = body["username"].as_str().unwrap_or_default();
        let line = format!("WARNING - Inicio de sesión fallido para el username '{name}'.");
        assert_eq!(lines_of(&response), [line]);
        let text = refused(response, 400, "fields_required", "msg").await;
        assert_eq!(text, "Username and password required");
    }
    for body in [
        json!([]),
        json!({ "username": 5, "password": "x" }),
        json!({ "username": ["ana"], "password": "x" }),
    ] {
        refused(server.post("/login", &body).await, 400, "request_invalid", "msg").await;
    }
}

#[tokio::test]
async fn unknown_names_and_wrong_passwords_have_the_same_response() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    server.add_user("off").await;
    server.change_row("off", |row| row.disabled = Set(true)).await;
    let mut answers = Vec::new();
    for (name, password) in [
        ("ana", "wrong password"),
        ("nobody", "wrong password"),
        ("off", "wrong password"),
        ("ana@example.com", "wrong password"),
        ("off@example.com", "wrong password"),
        ("nobody@example.com", "wrong password"),
        // Text in Postgres can't contain NUL.
        ("an\0a", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        (&"x".repeat(100_000), PASSWORD),
        ("ana", &"x".repeat(100_000)),
    ] {
        let response = login(&server, name, password).await;
        let lines = lines_of(&response);
        assert!(lines.len() == 1 && lines[0].starts_with("WARNING - Inicio de sesión fallido para el username '"));
        assert!(response.headers().get("set-cookie").is_none());
        let mut headers: Vec<_> = response
            .headers()
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date"))
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        headers.sort_unstable();
        assert_eq!(response.status(), 401);
        answers.push((headers, response.text().await.unwrap()));
    }
    assert_eq!(
        answers[0].1,
        r#"{"code":"bad_credentials","msg":"Bad username or password"}"#
    );
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn only_the_correct_password_reveals_a_disabled_account() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    server.change_row("ana", |row| row.disabled = Set(true)).await;
    let response = login(&server, "ana", PASSWORD).await;
    assert!(response.headers().get("set-cookie").is_none());
    assert_eq!(
        lines_of(&response),
        ["WARNING - Inicio de sesión fallido para el username 'ana'."]
    );
    refused(response, 403, "account_disabled", "msg").await;
    refused(
        login(&server, "ana", "wrong password").await,
        401,
        "bad_credentials",
        "msg",
    )
    .await;
}
