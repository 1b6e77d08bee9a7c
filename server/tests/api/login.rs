//! `POST /login`.

use std::time::{Duration, Instant};

use argon2::{Argon2, Params, PasswordHasher};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::Utc;
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Response;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use server::settings::Secret;

use crate::support::{
    TestServer,
    accounts::set_cookie,
    log::lines_of,
    server::{PASSWORD, refused},
};

const KEY: &str = "0123456789abcdef0123456789abcdef";

async fn login(server: &TestServer, username: &str, password: &str) -> Response {
    server
        .post("/login", &json!({ "username": username, "password": password }))
        .await
}

/// A login from another address, according to a trusted proxy.
async fn login_from(server: &TestServer, ip: &str, username: &str, password: &str) -> Response {
    let request = server.client.post(server.url("/login")).header("x-forwarded-for", ip);
    let body = json!({ "username": username, "password": password });
    request.json(&body).send().await.unwrap()
}

async fn behind_a_proxy() -> TestServer {
    TestServer::with(|settings| {
        settings.limits.ratelimit_enabled = true;
        settings.limits.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await
}

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
        assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Strict"]);
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
    assert_eq!(response.headers()["strict-transport-security"], "max-age=31536000");
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
    assert_eq!(
        server.get("/").await.headers()["strict-transport-security"],
        "max-age=31536000"
    );
}

#[tokio::test]
async fn missing_fields() {
    let server = TestServer::start().await;
    for body in [
        json!({}),
        json!({ "username": "ana" }),
        json!({ "password": "x" }),
        json!({ "username": null, "password": "x" }),
    ] {
        let response = server.post("/login", &body).await;
        let name = body["username"].as_str().unwrap_or_default();
        let line = format!("WARNING - Inicio de sesión fallido para el username '{name}'.");
        assert_eq!(lines_of(&response), [line]);
        let text = refused(response, 400, "fields_required", "msg").await;
        assert_eq!(text, "Username and password required");
    }
    for body in [
        json!([]),
        json!({ "username": 5, "password": "x" }),
        json!({ "username": ["ana"], "password": "x" }),
    ] {
        refused(server.post("/login", &body).await, 400, "request_invalid", "msg").await;
    }
}

#[tokio::test]
async fn unknown_names_and_wrong_passwords_have_the_same_response() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    server.add_user("off").await;
    server.change_row("off", |row| row.disabled = Set(true)).await;
    let mut answers = Vec::new();
    for (name, password) in [
        ("ana", "wrong password"),
        ("nobody", "wrong password"),
        ("off", "wrong password"),
        // Text in Postgres can't contain NUL.
        ("an\0a", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        (&"x".repeat(100_000), PASSWORD),
        ("ana", &"x".repeat(100_000)),
    ] {
        let response = login(&server, name, password).await;
        let lines = lines_of(&response);
        assert!(lines.len() == 1 && lines[0].starts_with("WARNING - Inicio de sesión fallido para el username '"));
        assert!(response.headers().get("set-cookie").is_none());
        let mut headers: Vec<_> = response
            .headers()
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date"))
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        headers.sort_unstable();
        assert_eq!(response.status(), 401);
        answers.push((headers, response.text().await.unwrap()));
    }
    assert_eq!(
        answers[0].1,
        r#"{"code":"bad_credentials","msg":"Bad username or password"}"#
    );
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    let server = TestServer::start().await;
    let mut times = [Vec::new(), Vec::new()];
    // Alternating, so that other load affects both.
    for round in 0..22 {
        for (times, name) in times.iter_mut().zip(["admin", "nobody"]) {
            let start = Instant::now();
            login(&server, name, "wrong password").await;
            if round > 0 {
                times.push(start.elapsed());
            }
        }
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    });
    // A hash takes tens of milliseconds, everything else about one.
    let ratio = known.as_secs_f64() / unknown.as_secs_f64();
    assert!((0.6..1.6).contains(&ratio), "known {known:?}, unknown {unknown:?}");
    assert!(unknown > Duration::from_millis(4), "{unknown:?}");
}

#[tokio::test]
async fn only_the_correct_password_reveals_a_disabled_account() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    server.change_row("ana", |row| row.disabled = Set(true)).await;
    let response = login(&server, "ana", PASSWORD).await;
    assert!(response.headers().get("set-cookie").is_none());
    assert_eq!(
        lines_of(&response),
        ["WARNING - Inicio de sesión fallido para el username 'ana'."]
    );
    refused(response, 403, "account_disabled", "msg").await;
    refused(
        login(&server, "ana", "wrong password").await,
        401,
        "bad_credentials",
        "msg",
    )
    .await;
}

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
    for header in ["", "Bearer", "Bearer ", "Basic YWRtaW46YWRtaW5wYXNzd29yZA==", &token] {
        let request = server.client.get(server.url("/api/me")).header("authorization", header);
        refused(request.send().await.unwrap(), 401, "token_invalid", "msg").await;
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

#[tokio::test]
async fn guessing_is_throttled_by_address_and_name() {
    let server = behind_a_proxy().await;
    server.add_user("ana").await;
    for _ in 0..5 {
        refused(
            login_from(&server, "203.0.113.66", "ana", "wrong password").await,
            401,
            "bad_credentials",
            "msg",
        )
        .await;
    }
    // Even the correct password is rejected from that address.
    for (name, password) in [("ana", "wrong password"), ("ANA", PASSWORD)] {
        let response = login_from(&server, "203.0.113.66", name, password).await;
        let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=180).contains(&wait), "{wait}");
        assert_eq!(
            lines_of(&response),
            ["WARNING - Límite de solicitudes superado en '/api/login'."]
        );
        refused(response, 429, "rate_limited", "msg").await;
    }
    // Other names are not affected, and the owner can log in from another address, with a delay.
    assert_eq!(
        login_from(&server, "203.0.113.66", "nobody", "wrong password")
            .await
            .status(),
        401
    );
    let start = Instant::now();
    assert_eq!(login_from(&server, "198.51.100.7", "ana", PASSWORD).await.status(), 200);
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[tokio::test]
async fn distributed_guessing_delays_logins_up_to_a_maximum() {
    let server = behind_a_proxy().await;
    server.add_user("ana").await;
    let guess = async |number: usize| {
        let ip = format!("203.0.113.{number}");
        let start = Instant::now();
        assert_eq!(login_from(&server, &ip, "ana", "wrong password").await.status(), 401);
        start.elapsed()
    };
    join_all((0..10).map(&guess)).await;
    let slowed = guess(10).await;
    assert!(slowed >= Duration::from_secs(1), "{slowed:?}");
    join_all((11..40).map(&guess)).await;
    let start = Instant::now();
    assert_eq!(login_from(&server, "198.51.100.7", "ana", PASSWORD).await.status(), 200);
    let bounded = start.elapsed();
    assert!(
        (Duration::from_millis(1900)..Duration::from_secs(4)).contains(&bounded),
        "{bounded:?}"
    );
    // Other users are not delayed.
    let start = Instant::now();
    assert_eq!(
        login_from(&server, "198.51.100.7", "admin", PASSWORD).await.status(),
        200
    );
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
