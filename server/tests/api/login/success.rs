//! Successful logins.

use argon2::{Argon2, Params, PasswordHasher};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use super::login;
use crate::support::{
    TestServer,
    accounts::set_cookie,
    log::lines_of,
    server::{PASSWORD, refused},
};

#[tokio::test]
async fn a_login_returns_a_token_and_a_cookie() {
    let server = TestServer::start().await;
    let id = server.add_user("Ñandú").await;
    for (path, name) in [("/login", "Ñandú"), ("/api/login", "ñANDÚ")] {
        let response = server
            .post(path, &json!({ "username": name, "password": PASSWORD }))
            .await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(response.headers().get("strict-transport-security").is_none());
        assert_eq!(
            lines_of(&response),
            ["INFO - Usuario 'Ñandú' inició sesión exitosamente."]
        );
        let cookie = set_cookie(&response);
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        let mut attributes: Vec<_> = attributes.split("; ").collect();
        attributes.sort_unstable();
        assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax"]);
        assert!(
            pair.strip_prefix("trazo_session=")
                .is_some_and(|token| token.len() == 64),
            "{pair}"
        );
        let body: Value = response.json().await.unwrap();
        assert_eq!(body.as_object().unwrap().len(), 1);
        let token = body["access_token"].as_str().unwrap();
        let parts: Vec<_> = token.split('.').collect();
        let part = |number: usize| -> Value {
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(parts[number]).unwrap()).unwrap()
        };
        assert_eq!(part(0)["alg"], "HS256");
        let claims = part(1);
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!("trazo"), &json!("trazo")));
        assert_eq!(claims["sub"], id.to_string());
        assert!(claims["sid"].as_str().is_some_and(|sid| sid.len() == 32));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
        let me: Value = server.me(token).await.json().await.unwrap();
        assert_eq!(
            (&me["id"], &me["username"], &me["role"]),
            (&json!(id), &json!("Ñandú"), &json!("user"))
        );
    }
    assert!(server.row("Ñandú").await.last_login_at.is_some());
}

#[tokio::test]
async fn behind_tls_the_cookie_has_the_host_prefix() {
    let server = TestServer::with(|settings| settings.mail.public_url = Some("https://trazo.example.com".into())).await;
    let response = login(&server, "admin", PASSWORD).await;
    let always = "max-age=31536000; includeSubDomains";
    assert_eq!(response.headers()["strict-transport-security"], always);
    let cookie = set_cookie(&response);
    assert!(cookie.starts_with("__Host-trazo_session="), "{cookie}");
    assert!(
        cookie.contains("; Secure") && cookie.contains("; Path=/") && !cookie.contains("Domain"),
        "{cookie}"
    );
    let browser = server.browser("admin").await;
    assert_eq!(browser.me().await, 200);
    // A cookie without the prefix could have been set over plain HTTP, and is ignored.
    let plain = browser.cookie.trim_start_matches("__Host-");
    let request = server.client.get(server.url("/api/me")).header("cookie", plain);
    refused(request.send().await.unwrap(), 401, "token_missing", "msg").await;
    assert_eq!(server.get("/").await.headers()["strict-transport-security"], always);
}

#[tokio::test]
async fn a_weaker_hash_is_replaced_at_login() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    let weak = Argon2::from(Params::new(8192, 1, 1, None).unwrap());
    let hash = weak.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
    server
        .change_row("ana", |row| row.password_hash = Set(hash.clone()))
        .await;
    assert_eq!(login(&server, "ana", "wrong password").await.status(), 401);
    assert_eq!(
        server.row("ana").await.password_hash,
        hash,
        "only who knows the password changes it"
    );
    assert_eq!(login(&server, "ana", PASSWORD).await.status(), 200);
    let rehashed = server.row("ana").await.password_hash;
    assert!(rehashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{rehashed}");
    assert_eq!(login(&server, "ana", PASSWORD).await.status(), 200);
    assert_eq!(server.row("ana").await.password_hash, rehashed, "once is enough");
}
