//! `POST /api/me/password`.

use futures_util::future::join;
use reqwest::{Method, Response};
use serde_json::json;

use super::{NEW, login, me, post, with_sink};
use crate::support::{
    TestServer,
    log::lines_of,
    server::{PASSWORD, refused},
};

const ROUTE: &str = "/api/me/password";

async fn change(server: &TestServer, token: &str, current: &str, password: &str) -> Response {
    let body = json!({ "current_password": current, "password": password });
    post(server, token, ROUTE, &body).await
}

#[tokio::test]
async fn a_password_is_changed_and_every_other_session_ends() {
    let (server, mut sink) = with_sink().await;
    let token = server.user("ana").await;
    let (other, browser) = (server.sign_in("ana").await, server.browser("ana").await);
    for session in [&token, &other] {
        assert_eq!(me(&server, session).await, 200);
    }
    assert_eq!(browser.me().await, 200);
    let response = change(&server, &token, PASSWORD, NEW).await;
    assert_eq!(response.status(), 200);
    assert_eq!(
        lines_of(&response),
        ["INFO - Contraseña cambiada por el usuario 'ana'."]
    );
    assert_eq!(
        (
            me(&server, &token).await,
            me(&server, &other).await,
            browser.me().await
        ),
        (200, 401, 401)
    );
    assert_eq!(
        (login(&server, "ana", PASSWORD).await, login(&server, "ana", NEW).await),
        (401, 200)
    );
    let notice = sink.next().await;
    assert_eq!(notice.to, ["ana@example.com"]);
    assert_eq!(notice.subject, "La contraseña de tu cuenta de Trazo ha cambiado");
    assert!(notice.text.starts_with("Hola ana,") && notice.html.contains("<p>Hola ana,</p>"));
    assert!(
        !notice.text.contains("http") && !notice.html.contains("href"),
        "{notice:?}"
    );
    assert_eq!(me(&server, &server.token).await, 200, "other users aren't affected");
}

#[tokio::test]
async fn the_session_of_a_cookie_goes_on_as_well() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let browser = server.browser("ana").await;
    let body = json!({ "current_password": PASSWORD, "password": NEW });
    let response = browser.ask(Method::POST, ROUTE).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!((browser.me().await, me(&server, &token).await), (200, 401));
}

#[tokio::test]
async fn a_new_password_follows_the_rules_of_registration() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    for password in ["corta", "password", "trazo-2026", &"x".repeat(129)] {
        let response = change(&server, &token, PASSWORD, password).await;
        refused(response, 400, "password_weak", "msg").await;
    }
    for body in [
        json!({ "current_password": PASSWORD }),
        json!({ "password": NEW }),
        json!({ "current_password": PASSWORD, "password": null }),
    ] {
        let response = post(&server, &token, ROUTE, &body).await;
        refused(response, 400, "fields_required", "msg").await;
    }
    assert_eq!(login(&server, "ana", PASSWORD).await, 200);
}

#[tokio::test]
async fn links_that_were_sent_before_are_invalid() {
    let (server, mut sink) = with_sink().await;
    let token = server.user("ana").await;
    let forgot = json!({ "email": "ana@example.com" });
    server.post("/api/password/forgot", &forgot).await;
    let reset = sink.next().await.token(&server, "reset");
    let to_eve = json!({ "email": "eve@example.com", "password": PASSWORD });
    assert_eq!(post(&server, &token, "/api/me/email", &to_eve).await.status(), 202);
    let confirm = sink.next().await.token(&server, "confirm");
    assert_eq!(change(&server, &token, PASSWORD, NEW).await.status(), 200);
    let body = json!({ "token": reset, "password": "una tercera frase" });
    let response = server.post("/api/password/reset", &body).await;
    refused(response, 400, "token_invalid", "msg").await;
    let response = server.post(&format!("/api/confirm/{confirm}"), &json!({})).await;
    refused(response, 400, "token_invalid", "msg").await;
    assert_eq!(server.row("ana").await.email, "ana@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_at_once_one_succeeds() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let third = "una tercera frase";
    let (one, other) = join(
        change(&server, &token, PASSWORD, NEW),
        change(&server, &token, PASSWORD, third),
    )
    .await;
    let statuses = [one.status().as_u16(), other.status().as_u16()];
    assert!(statuses == [200, 403] || statuses == [403, 200], "{statuses:?}");
    let right = if statuses[0] == 200 { NEW } else { third };
    assert_eq!(login(&server, "ana", right).await, 200);
}
