//! When keys end.

use chrono::TimeDelta;
use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::{store::entities::api_key, util::Clock};

use super::{create, history, list, make, revoke, status, user_with_key};
use crate::{
    admin::users::change,
    support::{
        TestServer, eventually,
        log::lines_of,
        mail::{Sink, by_smtp},
        server::{PASSWORD, refused},
    },
};

const NEW: &str = "otra frase larga";

#[tokio::test]
async fn a_revoked_key_is_refused_at_once() {
    let server = TestServer::start().await;
    let (token, key) = user_with_key(&server, "ana").await;
    let other = make(&server, &token, &["history"]).await;
    assert_eq!(
        (status(&server, &key.key).await, status(&server, &other.key).await),
        (200, 200)
    );
    let response = revoke(&server, &token, &key.id.to_string()).await;
    assert_eq!(response.status(), 200);
    let line = format!("INFO - Clave de API '{}' revocada por el usuario 'ana'.", key.hint());
    assert_eq!(lines_of(&response), [line]);
    refused(history(&server, &key.key).await, 401, "token_invalid", "msg").await;
    assert_eq!(
        (status(&server, &other.key).await, status(&server, &token).await),
        (200, 200)
    );
    assert_eq!(list(&server, &token).await.len(), 1);
    refused(
        revoke(&server, &token, &key.id.to_string()).await,
        404,
        "not_found",
        "msg",
    )
    .await;
}

#[tokio::test]
async fn keys_of_others_can_not_be_revoked() {
    let server = TestServer::start().await;
    let (token, key) = user_with_key(&server, "ana").await;
    for id in [
        &key.id.to_string(),
        "0",
        "-1",
        "999",
        "x",
        "%00",
        "99999999999999999999",
    ] {
        refused(revoke(&server, &server.token, id).await, 404, "not_found", "msg").await;
    }
    assert_eq!(status(&server, &key.key).await, 200);
    // Nor can a key revoke itself or make others.
    refused(
        revoke(&server, &key.key, &key.id.to_string()).await,
        403,
        "key_forbidden",
        "msg",
    )
    .await;
    let new = json!({ "name": "more", "scopes": ["predict"], "password": PASSWORD });
    refused(create(&server, &key.key, &new).await, 403, "key_forbidden", "msg").await;
    assert_eq!(list(&server, &token).await.len(), 1);
}

#[tokio::test]
async fn an_expired_key_is_refused_and_still_listed() {
    let clock = Clock::mock();
    let server = TestServer::with_clock(clock.clone(), |_| ()).await;
    server.add_user("ana").await;
    let token = server.sign_in("ana").await;
    let new = json!({ "name": "short", "scopes": ["history"], "expires_in_days": 1, "password": PASSWORD });
    let made: Value = create(&server, &token, &new).await.json().await.unwrap();
    let key = made["key"].as_str().unwrap();
    let lasting = make(&server, &token, &["history"]).await.key;
    clock.advance(TimeDelta::days(1) - TimeDelta::minutes(1));
    // Remembered by this request.
    assert_eq!(status(&server, key).await, 200);
    clock.advance(TimeDelta::minutes(2));
    let response = history(&server, key).await;
    let line = "INFO - Acceso denegado en '/api/predictions': la clave de API caducó.";
    assert_eq!(lines_of(&response), [line]);
    refused(response, 401, "token_expired", "msg").await;
    clock.advance(TimeDelta::days(1000));
    assert_eq!(status(&server, &lasting).await, 200);
    let token = server.sign_in("ana").await;
    assert_eq!(list(&server, &token).await.len(), 2);
    assert_eq!(revoke(&server, &token, &made["id"].to_string()).await.status(), 200);
    refused(history(&server, key).await, 401, "token_invalid", "msg").await;
}

#[tokio::test]
async fn keys_of_a_disabled_account_stop_with_the_next_request() {
    let server = TestServer::start().await;
    let (_, key) = user_with_key(&server, "ana").await;
    let id = server.row("ana").await.id;
    assert_eq!(status(&server, &key.key).await, 200);
    change(&server, id, json!({ "disabled": true })).await;
    refused(history(&server, &key.key).await, 401, "token_invalid", "msg").await;
    // Unlike sessions they go on when the account is enabled: their owner would have to replace them in every program.
    change(&server, id, json!({ "disabled": false })).await;
    assert_eq!(status(&server, &key.key).await, 200);
}

#[tokio::test]
async fn keys_are_deleted_with_their_account() {
    let server = TestServer::start().await;
    let (token, key) = user_with_key(&server, "ana").await;
    assert_eq!(status(&server, &key.key).await, 200);
    let delete = server.by(&token, Method::POST, "/api/me/delete");
    let response = delete.json(&json!({ "password": PASSWORD })).send().await.unwrap();
    assert_eq!(response.status(), 200);
    refused(history(&server, &key.key).await, 401, "token_invalid", "msg").await;
    let rows = api_key::Entity::find().count(&server.database().await).await.unwrap();
    assert_eq!(rows, 0);
}

/// A program doesn't have to be told of a new password, nor of a logout.
#[tokio::test]
async fn keys_outlive_a_changed_password_and_every_session() {
    let server = TestServer::start().await;
    let (token, key) = user_with_key(&server, "ana").await;
    let change = json!({ "current_password": PASSWORD, "password": NEW });
    let request = server.by(&token, Method::POST, "/api/me/password").json(&change);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(status(&server, &key.key).await, 200);
    let request = server.by(&token, Method::POST, "/api/logout/everywhere");
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(server.me(&token).await.status(), 401);
    assert_eq!(status(&server, &key.key).await, 200);
}

/// Somebody who knew the password may have made it.
#[tokio::test]
async fn a_password_reset_revokes_every_key() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    let (_, key) = user_with_key(&server, "ana").await;
    sink.next().await;
    assert_eq!(status(&server, &key.key).await, 200);
    let forgot = json!({ "email": "ana@example.com" });
    assert_eq!(server.post("/api/password/forgot", &forgot).await.status(), 202);
    let link = sink.next().await.token(&server, "reset");
    let reset = json!({ "token": link, "password": NEW });
    assert_eq!(server.post("/api/password/reset", &reset).await.status(), 200);
    refused(history(&server, &key.key).await, 401, "token_invalid", "msg").await;
}

/// A key that was used isn't looked up again. (Its row is deleted behind the server's back here.)
#[tokio::test]
async fn a_key_that_was_used_is_remembered() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    let token = server.sign_in("ana").await;
    let database = server.database().await;
    // On Postgres once the server hears of changes by others.
    eventually("a remembered key", async || {
        let [used, unused] = [
            make(&server, &token, &["history"]).await,
            make(&server, &token, &["history"]).await,
        ];
        assert_eq!(status(&server, &used.key).await, 200);
        api_key::Entity::delete_many().exec(&database).await.unwrap();
        assert_eq!(status(&server, &unused.key).await, 401);
        (status(&server, &used.key).await == 200).then_some(())
    })
    .await;
}
