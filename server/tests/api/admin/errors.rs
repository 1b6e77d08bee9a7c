//! `GET /api/admin/errors`.

use api::LogEntries;
use chrono::DateTime;
use reqwest::Method;

use crate::support::{TestServer, server::refused};

#[tokio::test]
async fn an_administrator_sees_the_logged_errors_with_their_request_ids() {
    let server = TestServer::start().await;
    let mut caused = Vec::new();
    for name in ["a.txt", "b.exe"] {
        let response = server.predict(name, "x").await;
        caused.push(response.headers()["x-request-id"].to_str().unwrap().to_owned());
    }
    let answer = server.get_json("/api/admin/errors").await;
    let LogEntries { entries } = serde_json::from_value(answer).unwrap();
    let own: Vec<_> = entries
        .iter()
        .filter(|entry| entry.request_id.as_ref().is_some_and(|id| caused.contains(id)))
        .collect();
    let messages: Vec<_> = own.iter().map(|entry| entry.message.as_str()).collect();
    let message = |name| format!("Predicción fallida: Tipo de archivo no permitido '{name}'.");
    assert_eq!(messages, [message("b.exe"), message("a.txt")], "the newest first");
    for entry in own {
        assert_eq!(entry.level, "WARNING");
        assert!(entry.target.starts_with("server::http::routes::predict"), "{entry:?}");
        assert!(DateTime::parse_from_rfc3339(&entry.time).is_ok(), "{entry:?}");
    }
    assert!(entries.is_sorted_by(|one, next| one.time >= next.time));
}

#[tokio::test]
async fn other_users_do_not() {
    let server = TestServer::start().await;
    let path = "/api/admin/errors";
    refused(server.get(path).await, 401, "token_missing", "msg").await;
    let token = server.user("ana").await;
    let response = server.by(&token, Method::GET, path).send().await.unwrap();
    refused(response, 403, "admin_only", "msg").await;
}
