//! A key is in the answer that made it, and nowhere else.

use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::json;
use server::store::entities::api_key;
use sha2::{Digest, Sha256};

use super::{FORGED, KEYS, history, make};
use crate::support::{
    TestServer, log,
    pictures::numbered_png,
    server::{PASSWORD, refused},
};

#[tokio::test]
async fn the_database_has_only_the_hash() {
    let server = TestServer::start().await;
    let key = make(&server, &server.token, &["history"]).await;
    let rows = api_key::Entity::find().all(&server.database().await).await.unwrap();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(row.key_hash, Sha256::digest(key.key.as_bytes()).to_vec());
    assert_eq!(
        (row.id, row.hint.as_str(), row.scopes.as_str()),
        (key.id, key.hint(), "history")
    );
    // What is stored gives no access.
    let hash = hex::encode(&row.key_hash);
    for stolen in [row.hint.clone(), hash.clone(), format!("trazo_{hash}")] {
        refused(history(&server, &stolen).await, 401, "token_invalid", "msg").await;
    }
}

/// Not even where it was put by mistake. The way in is a field of each line, by the key's first characters.
#[tokio::test]
async fn no_key_is_in_the_log_or_the_metrics() {
    let server = TestServer::start().await;
    let key = make(&server, &server.token, &["predict"]).await;
    let response = server
        .upload_by(&key.key, "a.png", numbered_png(1))
        .send()
        .await
        .unwrap();
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(response.status(), 200);
    let line = log::line_with("Predicción realizada").await;
    let fields = format!(" request_id={id} key={}", key.hint());
    assert!(line.ends_with(&fields), "{line}");
    refused(history(&server, &key.key).await, 403, "key_forbidden", "msg").await;
    let line = log::line_with("la clave de API del usuario").await;
    let message = "WARNING - Acceso denegado en '/api/predictions': la clave de API del usuario 'admin' no lo permite.";
    assert!(
        line.contains(message) && line.ends_with(&format!("key={}", key.hint())),
        "{line}"
    );
    // A session has no such field.
    let response = server.predict("a.png", numbered_png(2)).await;
    assert_eq!(log::lines_of(&response).len(), 1);

    for secret in [&key.key, FORGED] {
        history(&server, secret).await;
        let wrong = json!({ "username": secret, "password": "wrong password" });
        refused(server.post("/login", &wrong).await, 401, "bad_credentials", "msg").await;
        let request = server.upload(&format!("{secret}.txt"), b"x".as_slice());
        assert_eq!(request.send().await.unwrap().status(), 400);
        // Too long for the name of another key.
        let named = json!({ "name": secret, "scopes": ["predict"], "password": PASSWORD });
        let request = server.by(&server.token, Method::POST, KEYS).json(&named);
        refused(request.send().await.unwrap(), 400, "request_invalid", "msg").await;
    }
    let written = log::text();
    let masked = format!("'{}***.txt'", key.hint());
    assert!(written.contains(&masked), "{masked}");
    let metrics = server.get("/metrics").await.text().await.unwrap();
    let errors = server.get_json("/api/admin/errors").await.to_string();
    for text in [&written, &metrics, &errors] {
        for secret in [&key.key, FORGED] {
            // As it is, and without its prefix.
            for form in [secret, &secret["trazo_".len()..], &secret[..20]] {
                let found = text.lines().find(|line| line.contains(form));
                assert_eq!(found, None, "{form}");
            }
        }
    }
    assert!(metrics.contains("endpoint=\"/api/keys\"") && !metrics.contains("trazo_"));
}
