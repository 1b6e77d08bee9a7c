//! `POST /api/password/forgot`, `POST /api/password/reset/check` and `POST /api/password/reset`.

use chrono::{Duration, Utc};
use reqwest::Response;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::Expr};
use serde_json::json;
use server::store::entities::mail_token;

use crate::support::{
    TestServer,
    log::lines_of,
    mail::{Sink, by_smtp},
    server::{PASSWORD, refused},
};

const NEW: &str = "otra frase larga";

async fn with_sink() -> (TestServer, Sink) {
    let sink = Sink::start().await;
    (TestServer::with(|settings| by_smtp(settings, sink.port)).await, sink)
}

async fn forgot(server: &TestServer, email: &str) -> Response {
    server.post("/api/password/forgot", &json!({ "email": email })).await
}

async fn reset(server: &TestServer, token: &str, password: &str) -> Response {
    let body = json!({ "token": token, "password": password });
    server.post("/api/password/reset", &body).await
}

async fn check(server: &TestServer, token: &str) -> Response {
    server
        .post("/api/password/reset/check", &json!({ "token": token }))
        .await
}

async fn login(server: &TestServer, password: &str) -> u16 {
    let credentials = json!({ "username": "ana", "password": password });
    server.post("/login", &credentials).await.status().as_u16()
}

#[tokio::test]
async fn a_reset_link_works_once_and_ends_every_session() {
    let (server, mut sink) = with_sink().await;
    let token = server.user("ana").await;
    let browser = server.browser("ana").await;
    assert_eq!(forgot(&server, "ANA@example.com").await.status(), 202);
    let mail = sink.next().await;
    assert_eq!(mail.subject, "Cambia tu contraseña de Trazo");
    let link = mail.token(&server, "reset");
    // The request itself changes nothing.
    assert_eq!(
        (server.me(&token).await.status().as_u16(), browser.me().await),
        (200, 200)
    );
    // A weak password is rejected, and the link remains valid.
    refused(reset(&server, &link, "password").await, 400, "password_weak", "msg").await;
    let response = reset(&server, &link, NEW).await;
    assert_eq!(response.status(), 200);
    assert_eq!(
        lines_of(&response),
        ["INFO - Contraseña cambiada para el usuario 'ana'."]
    );
    let notice = sink.next().await;
    assert_eq!(notice.to, ["ana@example.com"]);
    assert_eq!(notice.subject, "La contraseña de tu cuenta de Trazo ha cambiado");
    assert!(!notice.text.contains("http"), "{notice:?}");
    refused(server.me(&token).await, 401, "token_invalid", "msg").await;
    assert_eq!(browser.me().await, 401);
    assert_eq!((login(&server, PASSWORD).await, login(&server, NEW).await), (401, 200));
    refused(
        reset(&server, &link, "una tercera frase").await,
        400,
        "token_invalid",
        "msg",
    )
    .await;
    assert_eq!(login(&server, NEW).await, 200);
    server.all_mail_left().await;
    assert!(sink.arrived().is_empty(), "one notice only");
}

#[tokio::test]
async fn the_response_is_always_the_same_and_only_the_owner_gets_mail() {
    let (server, mut sink) = with_sink().await;
    for name in ["ana", "off"] {
        server.add_user(name).await;
    }
    server.change_row("off", |row| row.disabled = Set(true)).await;
    let mut answers = Vec::new();
    for email in ["nobody@example.com", "off@example.com", "ana@example.com"] {
        let response = forgot(&server, email).await;
        assert_eq!(response.status(), 202);
        answers.push(response.text().await.unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(sink.next().await.to, ["ana@example.com"]);
    server.all_mail_left().await;
    assert!(sink.arrived().is_empty());
}

#[tokio::test]
async fn a_reset_confirms_the_address() {
    let (server, mut sink) = with_sink().await;
    server.register("ana").await;
    let confirm = sink.next().await.token(&server, "confirm");
    // A confirmation token can't set a password.
    refused(reset(&server, &confirm, NEW).await, 400, "token_invalid", "msg").await;
    forgot(&server, "ana@example.com").await;
    let link = sink.next().await.token(&server, "reset");
    assert_eq!(reset(&server, &link, NEW).await.status(), 200);
    assert!(server.row("ana").await.email_confirmed);
}

#[tokio::test]
async fn a_reset_link_expires() {
    let (server, mut sink) = with_sink().await;
    server.add_user("ana").await;
    forgot(&server, "ana@example.com").await;
    let link = sink.next().await.token(&server, "reset");
    mail_token::Entity::update_many()
        .col_expr(
            mail_token::Column::ExpiresAt,
            Expr::value(Utc::now() - Duration::seconds(1)),
        )
        .exec(&server.database().await)
        .await
        .unwrap();
    refused(check(&server, &link).await, 400, "token_expired", "msg").await;
    refused(reset(&server, &link, NEW).await, 400, "token_expired", "msg").await;
    assert_eq!(login(&server, PASSWORD).await, 200);
}

#[tokio::test]
async fn a_link_can_be_checked_without_using_it() {
    let (server, mut sink) = with_sink().await;
    server.register("ana").await;
    let confirm = sink.next().await.token(&server, "confirm");
    forgot(&server, "ana@example.com").await;
    let link = sink.next().await.token(&server, "reset");
    for _ in 0..2 {
        assert_eq!(check(&server, &link).await.status(), 200);
    }
    // Nothing was used or confirmed.
    assert!(!server.row("ana").await.email_confirmed);
    assert_eq!(reset(&server, &link, NEW).await.status(), 200);
    // Used, of another purpose, and never sent.
    for token in [link.as_str(), confirm.as_str(), "x", "\0"] {
        refused(check(&server, token).await, 400, "token_invalid", "msg").await;
    }
    for body in [json!({}), json!({ "token": null }), json!({ "token": "" })] {
        let response = server.post("/api/password/reset/check", &body).await;
        refused(response, 400, "fields_required", "msg").await;
    }
}

#[tokio::test]
async fn a_reset_needs_both_fields() {
    let server = TestServer::start().await;
    for body in [
        json!({}),
        json!({ "token": "x" }),
        json!({ "password": NEW }),
        json!({ "token": null, "password": NEW }),
    ] {
        let response = server.post("/api/password/reset", &body).await;
        refused(response, 400, "fields_required", "msg").await;
    }
    refused(reset(&server, "x", NEW).await, 400, "token_invalid", "msg").await;
}
