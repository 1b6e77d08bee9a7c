//! `POST /api/confirm/{token}` and `POST /api/confirm/resend`.

use chrono::{Duration, Utc};
use reqwest::Response;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use server::{store::entities::mail_token, util::Clock};

use crate::support::{
    TestServer,
    log::lines_of,
    mail::{Sink, by_smtp},
    server::refused,
};

async fn confirm(server: &TestServer, token: &str) -> Response {
    server
        .client
        .post(server.url(&format!("/api/confirm/{token}")))
        .send()
        .await
        .unwrap()
}

async fn with_sink() -> (TestServer, Sink) {
    let sink = Sink::start().await;
    (TestServer::with(|settings| by_smtp(settings, sink.port)).await, sink)
}

#[tokio::test]
async fn a_confirmation_link_works_once() {
    let (server, mut sink) = with_sink().await;
    server.register("ana").await;
    let token = sink.next().await.token(&server, "confirm");
    assert!(token.len() >= 32, "128 bits at least: {token}");
    // Mail scanners follow links: a GET request must not confirm.
    for path in ["/confirm", "/api/confirm"] {
        server.get(&format!("{path}/{token}")).await;
    }
    assert!(!server.row("ana").await.email_confirmed);
    let response = confirm(&server, &token).await;
    assert_eq!(response.status(), 200);
    assert_eq!(lines_of(&response), ["INFO - Email confirmado para el usuario 'ana'."]);
    let body: Value = response.json().await.unwrap();
    assert_eq!((body.as_object().unwrap().len(), &body["changed"]), (2, &json!(false)));
    assert!(server.row("ana").await.email_confirmed);
    refused(confirm(&server, &token).await, 400, "token_invalid", "msg").await;
}

#[tokio::test]
async fn of_many_concurrent_confirmations_one_succeeds() {
    let (server, mut sink) = with_sink().await;
    server.register("ana").await;
    let token = sink.next().await.token(&server, "confirm");
    let answers = futures_util::future::join_all((0..20).map(|_| confirm(&server, &token))).await;
    let confirmed = answers.iter().filter(|answer| answer.status() == 200).count();
    assert_eq!(confirmed, 1);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer.status().as_u16(), 200 | 400))
    );
}

#[tokio::test]
async fn other_tokens_do_not_confirm() {
    let (server, mut sink) = with_sink().await;
    server.register("ana").await;
    let token = sink.next().await.token(&server, "confirm");
    let mut forged = token.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == '0' { '1' } else { '0' });
    for wrong in [
        forged.as_str(),
        "x",
        "%00",
        "%F0%9F%98%80",
        "..%2F",
        &token.to_uppercase(),
        &"a".repeat(10_000),
    ] {
        refused(confirm(&server, wrong).await, 400, "token_invalid", "msg").await;
    }
    // A reset token can't confirm.
    server
        .post("/api/password/forgot", &json!({ "email": "ana@example.com" }))
        .await;
    let reset = sink.next().await.token(&server, "reset");
    refused(confirm(&server, &reset).await, 400, "token_invalid", "msg").await;
    assert!(!server.row("ana").await.email_confirmed);
    assert_eq!(confirm(&server, &token).await.status(), 200);
}

#[tokio::test]
async fn a_confirmation_token_expires() {
    let (server, mut sink) = with_sink().await;
    let before = Utc::now();
    server.register("ana").await;
    let token = sink.next().await.token(&server, "confirm");
    let database = server.database().await;
    let row = mail_token::Entity::find().one(&database).await.unwrap().unwrap();
    assert_ne!(row.token_hash, token.as_bytes(), "only its hash is kept");
    let life = row.expires_at - before;
    assert!((life - Duration::hours(24)).abs() < Duration::minutes(1), "{life}");
    let mut row = row.into_active_model();
    row.expires_at = Set(Utc::now() - Duration::seconds(1));
    row.update(&database).await.unwrap();
    refused(confirm(&server, &token).await, 400, "token_expired", "msg").await;
    assert!(!server.row("ana").await.email_confirmed);
    // A new token works.
    server
        .post("/api/confirm/resend", &json!({ "email": "ana@example.com" }))
        .await;
    let token = sink.next().await.token(&server, "confirm");
    assert_eq!(confirm(&server, &token).await.status(), 200);
}

#[tokio::test]
async fn a_link_expires_when_its_hours_have_passed() {
    let mut sink = Sink::start().await;
    let clock = Clock::mock();
    let server = TestServer::with_clock(clock.clone(), |settings| by_smtp(settings, sink.port)).await;
    for (name, minutes, status) in [("ana", 24 * 60 - 1, 200), ("eva", 24 * 60 + 1, 400)] {
        server.register(name).await;
        let token = sink.next().await.token(&server, "confirm");
        clock.advance(Duration::minutes(minutes));
        let response = confirm(&server, &token).await;
        if status == 400 {
            refused(response, 400, "token_expired", "msg").await;
        } else {
            assert_eq!(response.status(), status, "{name}");
        }
        assert_eq!(server.row(name).await.email_confirmed, status == 200, "{name}");
    }
}

#[tokio::test]
async fn resending_creates_a_new_token_and_the_response_is_always_the_same() {
    let (server, mut sink) = with_sink().await;
    server.add_user("confirmed").await;
    server.register("ana").await;
    let first = sink.next().await.token(&server, "confirm");
    let mut answers = Vec::new();
    for email in ["nobody@example.com", "confirmed@example.com", "ANA@example.com"] {
        let response = server.post("/api/confirm/resend", &json!({ "email": email })).await;
        assert_eq!(response.status(), 202);
        answers.push(response.text().await.unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let mail = sink.next().await;
    assert_eq!(mail.to, ["ana@example.com"]);
    let second = mail.token(&server, "confirm");
    assert_ne!(first, second);
    assert_eq!(confirm(&server, &second).await.status(), 200);
    // The old token was used with it.
    refused(confirm(&server, &first).await, 400, "token_invalid", "msg").await;
    server.all_mail_left().await;
    assert!(sink.arrived().is_empty(), "nobody else got any");
}

#[tokio::test]
async fn resending_needs_only_an_address() {
    let server = TestServer::start().await;
    for path in ["/api/confirm/resend", "/api/password/forgot"] {
        for (body, code) in [
            (json!({}), "fields_required"),
            (json!({ "email": null }), "fields_required"),
            (json!({ "email": "" }), "fields_required"),
            (json!({ "email": "ana" }), "email_invalid"),
            (
                json!({ "email": "a@example.com\r\nBcc: b@example.com" }),
                "email_invalid",
            ),
            (json!({ "email": 5 }), "request_invalid"),
            (json!([]), "request_invalid"),
        ] {
            refused(server.post(path, &body).await, 400, code, "msg").await;
        }
    }
}

#[tokio::test]
async fn the_account_shows_the_confirmation() {
    let (server, mut sink) = with_sink().await;
    server.register("ana").await;
    let session = server.sign_in("ana").await;
    let before: Value = server.me(&session).await.json().await.unwrap();
    assert_eq!(
        (&before["email_confirmed"], &before["quota"]["unconfirmed_remaining"]),
        (&json!(false), &json!(10))
    );
    let token = sink.next().await.token(&server, "confirm");
    confirm(&server, &token).await;
    let after: Value = server.me(&session).await.json().await.unwrap();
    assert_eq!(
        (&after["email_confirmed"], &after["quota"]["unconfirmed_remaining"]),
        (&json!(true), &Value::Null)
    );
}
