//! `POST /api/me/email`, and the confirmation of the new address.

use reqwest::{Method, Response};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::{store::entities::mail_token, util::Clock};

use super::{login, me, post, with_sink};
use crate::support::{
    TestServer, log,
    log::lines_of,
    mail::{Sink, by_smtp},
    server::{PASSWORD, refused},
};

const ROUTE: &str = "/api/me/email";

async fn change(server: &TestServer, token: &str, email: &str) -> Response {
    let body = json!({ "email": email, "password": PASSWORD });
    post(server, token, ROUTE, &body).await
}

async fn confirm(server: &TestServer, token: &str) -> Response {
    server.post(&format!("/api/confirm/{token}"), &json!({})).await
}

#[tokio::test]
async fn an_address_changes_when_the_new_one_is_confirmed() {
    let (server, mut sink) = with_sink().await;
    let token = server.user("ana").await;
    let browser = server.browser("ana").await;
    let before: Value = browser.get("/api/me").await.json().await.unwrap();
    assert_eq!(before["email"], "ana@example.com");
    let response = change(&server, &token, "Pérez@otra.example.org").await;
    assert_eq!(response.status(), 202);
    assert_eq!(
        lines_of(&response),
        ["INFO - Cambio de email a 'Pérez@otra.example.org' pedido por el usuario 'ana'."]
    );
    let mail = sink.next().await;
    assert_eq!(mail.to, ["Pérez@otra.example.org"]);
    assert_eq!(mail.subject, "Confirma tu nueva dirección de correo");
    let link = mail.token(&server, "confirm");
    assert_eq!(server.row("ana").await.email, "ana@example.com", "not yet");
    assert_eq!((me(&server, &token).await, browser.me().await), (200, 200));

    let request = browser.ask(Method::POST, &format!("/api/confirm/{link}"));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(
        lines_of(&response),
        ["INFO - Email cambiado a 'Pérez@otra.example.org' por el usuario 'ana'."]
    );
    let body: Value = response.json().await.unwrap();
    assert_eq!((body.as_object().unwrap().len(), &body["changed"]), (2, &json!(true)));
    // The session in which it was confirmed goes on, with the new address; the others end.
    let after: Value = browser.get("/api/me").await.json().await.unwrap();
    assert_eq!(after["email"], "Pérez@otra.example.org");
    assert_eq!(me(&server, &token).await, 401);
    let notice = sink.next().await;
    assert_eq!(notice.to, ["ana@example.com"]);
    assert_eq!(notice.subject, "La dirección de tu cuenta de Trazo ha cambiado");
    assert!(
        !notice.text.contains("http") && !notice.text.contains("Pérez"),
        "{notice:?}"
    );
    for (address, status) in [("pérez@OTRA.example.org", 200), ("ana@example.com", 401)] {
        assert_eq!(login(&server, address, PASSWORD).await, status, "{address}");
    }
    for (search, total) in [("perez", 1), ("otra.example", 1), ("ana", 1), ("ana+com", 0)] {
        let list = server.get_json(&format!("/api/admin/users?search={search}")).await;
        assert_eq!(list["total"], total, "{search}");
    }
    refused(confirm(&server, &link).await, 400, "token_invalid", "msg").await;
    // The former address is free.
    let new = json!({ "username": "eva", "email": "ana@example.com", "password": PASSWORD });
    assert_eq!(server.post("/register", &new).await.status(), 201);
}

#[tokio::test]
async fn confirming_it_elsewhere_ends_every_session() {
    let (server, mut sink) = with_sink().await;
    let token = server.user("ana").await;
    let browser = server.browser("ana").await;
    change(&server, &token, "new@example.com").await;
    let link = sink.next().await.token(&server, "confirm");
    // Neither anonymously nor as somebody else.
    let other = server.browser("admin").await;
    let request = other.ask(Method::POST, &format!("/api/confirm/{link}"));
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!((me(&server, &token).await, browser.me().await), (401, 401));
    assert_eq!(other.me().await, 200);
}

#[tokio::test]
async fn an_unconfirmed_account_is_confirmed_with_its_new_address() {
    let (server, mut sink) = with_sink().await;
    server.register("ana").await;
    let first = sink.next().await.token(&server, "confirm");
    let token = server.sign_in("ana").await;
    change(&server, &token, "new@example.com").await;
    let link = sink.next().await.token(&server, "confirm");
    assert_eq!(confirm(&server, &link).await.status(), 200);
    let row = server.row("ana").await;
    assert!(row.email_confirmed && row.email == "new@example.com");
    let counts = server.get_json("/api/admin/users").await["counts"].clone();
    assert_eq!((&counts["total"], &counts["unconfirmed"]), (&json!(2), &json!(0)));
    // A link that was sent to the former address is no longer valid.
    refused(confirm(&server, &first).await, 400, "token_invalid", "msg").await;
    let left = mail_token::Entity::find().count(&server.database().await).await;
    assert_eq!(left.unwrap(), 0);
}

#[tokio::test]
async fn a_password_link_to_the_former_address_is_invalid() {
    let (server, mut sink) = with_sink().await;
    let token = server.user("ana").await;
    let forgot = json!({ "email": "ana@example.com" });
    server.post("/api/password/forgot", &forgot).await;
    let reset = sink.next().await.token(&server, "reset");
    change(&server, &token, "new@example.com").await;
    let link = sink.next().await.token(&server, "confirm");
    assert_eq!(confirm(&server, &link).await.status(), 200);
    let body = json!({ "token": reset, "password": "otra frase larga" });
    let response = server.post("/api/password/reset", &body).await;
    refused(response, 400, "token_invalid", "msg").await;
}

#[tokio::test]
async fn a_reset_cancels_a_change_of_the_address() {
    let (server, mut sink) = with_sink().await;
    let token = server.user("ana").await;
    change(&server, &token, "eve@example.com").await;
    let link = sink.next().await.token(&server, "confirm");
    let forgot = json!({ "email": "ana@example.com" });
    server.post("/api/password/forgot", &forgot).await;
    let reset = sink.next().await.token(&server, "reset");
    let body = json!({ "token": reset, "password": "otra frase larga" });
    assert_eq!(server.post("/api/password/reset", &body).await.status(), 200);
    refused(confirm(&server, &link).await, 400, "token_invalid", "msg").await;
    assert_eq!(server.row("ana").await.email, "ana@example.com");
}

#[tokio::test]
async fn a_new_request_replaces_the_earlier_one() {
    let (server, mut sink) = with_sink().await;
    let token = server.user("ana").await;
    change(&server, &token, "first@example.com").await;
    let first = sink.next().await.token(&server, "confirm");
    change(&server, &token, "second@example.com").await;
    let second = sink.next().await.token(&server, "confirm");
    refused(confirm(&server, &first).await, 400, "token_invalid", "msg").await;
    assert_eq!(confirm(&server, &second).await.status(), 200);
    assert_eq!(server.row("ana").await.email, "second@example.com");
}

#[tokio::test]
async fn a_link_expires() {
    let mut sink = Sink::start().await;
    let clock = Clock::mock();
    let server = TestServer::with_clock(clock.clone(), |settings| by_smtp(settings, sink.port)).await;
    let token = server.user("ana").await;
    change(&server, &token, "new@example.com").await;
    let link = sink.next().await.token(&server, "confirm");
    clock.advance(chrono::Duration::hours(25));
    refused(confirm(&server, &link).await, 400, "token_expired", "msg").await;
    assert_eq!(server.row("ana").await.email, "ana@example.com");
}

#[tokio::test]
async fn an_address_follows_the_rules_of_registration() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    server.add_user("eva").await;
    for email in [
        "ana",
        "ana@gmail",
        "ana\0@example.com",
        "a@example.com\r\nBcc: b@example.com",
    ] {
        refused(change(&server, &token, email).await, 400, "email_invalid", "msg").await;
    }
    for email in ["eva@example.com", "EVA@example.com"] {
        refused(change(&server, &token, email).await, 409, "email_taken", "msg").await;
    }
    let response = post(&server, &token, ROUTE, &json!({ "password": PASSWORD })).await;
    refused(response, 400, "fields_required", "msg").await;
    // Whose address it is isn't told to somebody without the password.
    let body = json!({ "email": "eva@example.com", "password": "wrong password" });
    let response = post(&server, &token, ROUTE, &body).await;
    refused(response, 403, "password_wrong", "msg").await;
    server.all_mail_left().await;
}

#[tokio::test]
async fn an_address_that_the_mail_server_can_not_take_is_refused() {
    let sink = Sink::start_ascii().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    log::line_with("El servidor de correo no admite SMTPUTF8").await;
    let token = server.user("ana").await;
    let response = change(&server, &token, "ñandú@example.com").await;
    refused(response, 400, "email_undeliverable", "msg").await;
}

#[tokio::test]
async fn the_own_address_can_be_written_in_another_way() {
    let (server, mut sink) = with_sink().await;
    let token = server.user("ana").await;
    assert_eq!(change(&server, &token, "Ana@example.com").await.status(), 202);
    let link = sink.next().await.token(&server, "confirm");
    assert_eq!(confirm(&server, &link).await.status(), 200);
    assert_eq!(server.row("ana").await.email, "Ana@example.com");
}

#[tokio::test]
async fn an_address_that_is_taken_meanwhile_is_refused() {
    let (server, mut sink) = with_sink().await;
    let token = server.user("ana").await;
    change(&server, &token, "eva@example.com").await;
    let link = sink.next().await.token(&server, "confirm");
    assert_eq!(server.register("eva").await.status(), 201);
    refused(confirm(&server, &link).await, 409, "email_taken", "msg").await;
    assert_eq!(server.row("ana").await.email, "ana@example.com");
    assert_eq!(me(&server, &token).await, 200, "nothing has changed");
}

#[tokio::test]
async fn an_account_gets_few_emails() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| {
        by_smtp(settings, sink.port);
        settings.limits.ratelimit_enabled = true;
    })
    .await;
    let token = server.user("ana").await;
    server.add_user("eva").await;
    // Addresses that are taken count, too: few can be asked for.
    for number in 0..5 {
        let (email, status) = [("eva@example.com", 409), ("new@example.com", 202)][number % 2];
        assert_eq!(change(&server, &token, email).await.status(), status);
        if status == 202 {
            assert_eq!(sink.next().await.to, ["new@example.com"]);
        }
    }
    let response = change(&server, &token, "new@example.com").await;
    let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=720).contains(&wait), "{wait}");
    refused(response, 429, "rate_limited", "msg").await;
    server.all_mail_left().await;
    assert!(sink.arrived().is_empty());
}
