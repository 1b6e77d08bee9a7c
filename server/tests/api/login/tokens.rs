//! Which access tokens are accepted.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use server::settings::Secret;

use super::KEY;
use crate::support::{TestServer, server::refused};

#[tokio::test]
async fn only_valid_tokens_of_this_server_are_accepted() {
    let server = TestServer::with(|settings| settings.accounts.jwt_secret_key = Some(Secret::new(KEY))).await;
    let token = server.user("ana").await;
    let payload = token.split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let signed = |algorithm, key: &str, changes: Value| {
        let mut claims = claims.clone();
        claims
            .as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        encode(
            &Header::new(algorithm),
            &claims,
            &EncodingKey::from_secret(key.as_bytes()),
        )
        .unwrap()
    };
    let ours = |changes| signed(Algorithm::HS256, KEY, changes);
    assert_eq!(server.me(&ours(json!({}))).await.status(), 200, "the test forges well");
    let second_ago = Utc::now().timestamp() - 1;
    refused(
        server.me(&ours(json!({ "exp": second_ago }))).await,
        401,
        "token_expired",
        "msg",
    )
    .await;
    let admin = server.row("admin").await.id.to_string();
    for forged in [
        signed(Algorithm::HS256, "another key, another key, another", json!({})),
        signed(Algorithm::HS512, KEY, json!({})),
        format!(
            "{}.{payload}.",
            BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#)
        ),
        // The id of another user in a valid session.
        ours(json!({ "sub": admin })),
        ours(json!({ "sid": "0".repeat(32) })),
        ours(json!({ "iss": "other" })),
        ours(json!({ "aud": "other" })),
        "x".to_owned(),
        "x".repeat(20_000),
    ] {
        refused(server.me(&forged).await, 401, "token_invalid", "msg").await;
    }
    for (header, code) in [
        ("Bearer", "token_invalid"),
        ("Bearer ", "token_invalid"),
        // Other schemes are those of a proxy.
        ("", "token_missing"),
        ("Basic YWRtaW46YWRtaW5wYXNzd29yZA==", "token_missing"),
        (&token, "token_missing"),
    ] {
        let request = server.client.get(server.url("/api/me")).header("authorization", header);
        refused(request.send().await.unwrap(), 401, code, "msg").await;
    }
    refused(server.get("/api/me").await, 401, "token_missing", "msg").await;
    let request = server
        .client
        .get(server.url("/api/me"))
        .header("authorization", format!("bearer {token}"));
    assert_eq!(
        request.send().await.unwrap().status(),
        200,
        "the scheme is named in any case"
    );
}

#[tokio::test]
async fn a_token_of_another_server_is_rejected() {
    let (one, other) = (TestServer::start().await, TestServer::start().await);
    refused(other.me(&one.token).await, 401, "token_invalid", "msg").await;
}
