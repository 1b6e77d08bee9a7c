//! `GET` and `POST /api/keys`, `DELETE /api/keys/{id}`, and what keys are good for.

mod ends;
mod last_use;
mod scopes;
mod secrecy;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{
    TestServer,
    log::lines_of,
    mail::{Sink, by_smtp},
    server::{PASSWORD, refused},
};

pub(crate) const KEYS: &str = "/api/keys";

/// A key that no server has made.
const FORGED: &str = "trazo_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A key with its number.
pub(crate) struct Key {
    pub(crate) key: String,
    pub(crate) id: i64,
}

impl Key {
    /// The start of the key that is shown.
    fn hint(&self) -> &str {
        &self.key[..14]
    }
}

async fn create(server: &TestServer, token: &str, new: &Value) -> Response {
    let request = server.by(token, Method::POST, KEYS).json(new);
    request.send().await.unwrap()
}

/// A key of the user with that access token, whose password is [`PASSWORD`].
pub(crate) async fn make(server: &TestServer, token: &str, scopes: &[&str]) -> Key {
    let new = json!({ "name": "script", "scopes": scopes, "password": PASSWORD });
    let response = create(server, token, &new).await;
    assert_eq!(response.status(), 201);
    let made: Value = response.json().await.unwrap();
    Key {
        key: made["key"].as_str().unwrap().to_owned(),
        id: made["id"].as_i64().unwrap(),
    }
}

/// A user with a key for everything: an access token, and the key.
async fn user_with_key(server: &TestServer, username: &str) -> (String, Key) {
    let token = server.user(username).await;
    let key = make(server, &token, &["predict", "history"]).await;
    (token, key)
}

async fn list(server: &TestServer, token: &str) -> Vec<Value> {
    let response = server.by(token, Method::GET, KEYS).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "no-store");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body.as_object().unwrap().len(), 1);
    body["keys"].as_array().unwrap().clone()
}

async fn revoke(server: &TestServer, token: &str, id: &str) -> Response {
    let request = server.by(token, Method::DELETE, &format!("{KEYS}/{id}"));
    request.send().await.unwrap()
}

/// The response of `GET /api/predictions`, for which the scope `history` is needed.
pub(crate) async fn history(server: &TestServer, key: &str) -> Response {
    let request = server.by(key, Method::GET, "/api/predictions");
    request.send().await.unwrap()
}

pub(crate) async fn status(server: &TestServer, key: &str) -> u16 {
    history(server, key).await.status().as_u16()
}

#[tokio::test]
async fn a_key_is_shown_once_and_listed_without_itself() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    let token = server.user("ana").await;
    let before = Utc::now();
    let new = json!({
        "name": " my <b>script</b> ñ ",
        "scopes": ["history", "predict", "history"],
        "expires_in_days": 30,
        "password": PASSWORD,
    });
    let response = create(&server, &token, &new).await;
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["cache-control"], "no-store");
    let lines = lines_of(&response);
    let made: Value = response.json().await.unwrap();
    let key = made["key"].as_str().unwrap();
    let digits = key.strip_prefix("trazo_").unwrap();
    assert!(
        digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()),
        "{key}"
    );
    let hint = &key[..14];
    let line = format!("INFO - Clave de API '{hint}' creada por el usuario 'ana', para: predict, history.");
    assert!(lines.contains(&line), "{lines:?}");
    let mut listed = made.clone();
    listed.as_object_mut().unwrap().remove("key");
    assert_eq!(listed.as_object().unwrap().len(), 7, "{listed}");
    assert_eq!(listed["name"], "my <b>script</b> ñ");
    assert_eq!(listed["hint"], hint);
    assert_eq!(listed["scopes"], json!(["predict", "history"]));
    assert_eq!(listed["last_used_at"], Value::Null);
    let time = |name: &str| listed[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert!((time("created_at") - before).abs() < TimeDelta::minutes(1));
    assert_eq!(time("expires_at") - time("created_at"), TimeDelta::days(30));

    let second = make(&server, &token, &["predict"]).await;
    let keys = list(&server, &token).await;
    assert_eq!((keys.len(), &keys[1]), (2, &listed));
    assert_eq!(
        (&keys[0]["id"], &keys[0]["expires_at"]),
        (&json!(second.id), &Value::Null)
    );
    // Those of other users aren't listed.
    assert!(list(&server, &server.token).await.is_empty());

    let notice = sink.next().await;
    assert_eq!(notice.to, ["ana@example.com"]);
    assert_eq!(notice.subject, "Tu cuenta de Trazo tiene una clave de API nueva");
    for part in [&notice.text, &notice.html] {
        assert!(!part.contains("http") && !part.contains("trazo_"), "{notice:?}");
    }
}

#[tokio::test]
async fn an_invalid_key_is_not_made() {
    let server = TestServer::start().await;
    let new = |change: Value| {
        let mut new = json!({ "name": "script", "scopes": ["predict"], "password": PASSWORD });
        for (field, value) in change.as_object().unwrap() {
            new[field] = value.clone();
        }
        new
    };
    for (change, code) in [
        (json!({ "name": "" }), "fields_required"),
        (json!({ "name": "  " }), "fields_required"),
        (json!({ "name": null }), "fields_required"),
        (json!({ "scopes": [] }), "fields_required"),
        (json!({ "scopes": null }), "fields_required"),
        (json!({ "password": "" }), "fields_required"),
        (json!({ "name": "a".repeat(65) }), "request_invalid"),
        (json!({ "name": "a\nb" }), "request_invalid"),
        (json!({ "name": "a\u{0}b" }), "request_invalid"),
        (json!({ "scopes": ["admin"] }), "request_invalid"),
        (json!({ "scopes": "predict" }), "request_invalid"),
        (json!({ "expires_in_days": 0 }), "request_invalid"),
        (json!({ "expires_in_days": 3651 }), "request_invalid"),
        (json!({ "expires_in_days": -1 }), "request_invalid"),
        (json!({ "expires_in_days": "30" }), "request_invalid"),
    ] {
        let response = create(&server, &server.token, &new(change)).await;
        refused(response, 400, code, "msg").await;
    }
    assert!(list(&server, &server.token).await.is_empty());
    for change in [
        json!({ "name": "ñ".repeat(64), "expires_in_days": 3650 }),
        json!({ "expires_in_days": null }),
    ] {
        let response = create(&server, &server.token, &new(change)).await;
        assert_eq!(response.status(), 201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_at_most_twenty_keys_also_at_the_same_time() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let new = json!({ "name": "script", "scopes": ["predict"], "password": PASSWORD });
    let answers = join_all((0..30).map(|_| create(&server, &token, &new))).await;
    let count = |status: u16| answers.iter().filter(|answer| answer.status() == status).count();
    // Some may meet the limit of the hasher's queue.
    assert!(
        count(201) <= 20 && count(201) + count(409) + count(503) == 30,
        "{answers:?}"
    );
    for _ in count(201)..20 {
        make(&server, &token, &["predict"]).await;
    }
    refused(create(&server, &token, &new).await, 409, "too_many_keys", "msg").await;
    let keys = list(&server, &token).await;
    assert_eq!(keys.len(), 20);
    // Other accounts aren't affected, and a revoked key makes room.
    make(&server, &server.token, &["predict"]).await;
    assert_eq!(revoke(&server, &token, &keys[7]["id"].to_string()).await.status(), 200);
    make(&server, &token, &["predict"]).await;
    refused(create(&server, &token, &new).await, 409, "too_many_keys", "msg").await;
}

#[tokio::test]
async fn an_admin_sees_how_many_keys_an_account_has() {
    let server = TestServer::start().await;
    let (token, _) = user_with_key(&server, "ana").await;
    make(&server, &token, &["predict"]).await;
    server.user("eva").await;
    let users = server.get_json("/api/admin/users").await;
    for (name, keys) in [("ana", 2), ("eva", 0), ("admin", 0)] {
        let user = users["users"]
            .as_array()
            .unwrap()
            .iter()
            .find(|user| user["username"] == name);
        assert_eq!(user.unwrap()["keys"], keys, "{name}");
    }
    let path = format!("/api/admin/users/{}", server.row("ana").await.id);
    let request = server.by(&server.token, Method::PATCH, &path).json(&json!({}));
    let user: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(user["keys"], 2);
}
