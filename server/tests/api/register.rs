//! `POST /register`.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use reqwest::Response;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::store::entities::{column, user};

use crate::support::{
    TestServer,
    log::lines_of,
    mail::{by_smtp, dead_port},
    server::refused,
};

const WEAK: &str = "La contraseña lleva de 8 a 128 caracteres y no puede ser fácil de adivinar.";
const NO_NAME: &str = "El nombre lleva de 3 a 32 letras, cifras, '_', '.' o '-'.";
const NO_ADDRESS: &str = "El email no es una dirección válida.";

fn form(username: &str, email: &str, password: &str) -> Value {
    json!({ "username": username, "email": email, "password": password })
}

async fn users(server: &TestServer) -> u64 {
    user::Entity::find().count(&server.database().await).await.unwrap()
}

/// Asserts an error's response and its log line.
async fn expect(response: Response, status: u16, code: &str, text: &str, line: &str) {
    assert_eq!(lines_of(&response), [format!("WARNING - Registro fallido: {line}")]);
    assert_eq!(refused(response, status, code, "msg").await, text);
}

#[tokio::test]
async fn an_account_is_created() {
    let server = TestServer::start().await;
    for (path, name) in [("/register", "ana"), ("/api/register", "Ñandú_7.b-c")] {
        let email = format!("{}@example.com", name.len());
        let response = server.post(path, &form(name, &email, "una frase larga")).await;
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(
            response.headers().get("set-cookie").is_none(),
            "registering signs nobody in"
        );
        let line = format!("INFO - Nuevo usuario registrado: '{name}' con email '{email}'.");
        assert!(lines_of(&response).contains(&line), "{line}");
        let body: Value = response.json().await.unwrap();
        let text = "User registered successfully. Por favor, confirma tu email.";
        assert_eq!(body, json!({ "msg": text }));
        let row = server.row(name).await;
        assert!(
            !row.email_confirmed && !row.disabled && row.role == column::Role::User,
            "{row:?}"
        );
        assert!(row.password_hash.starts_with("$argon2id$"), "{}", row.password_hash);
    }
}

#[tokio::test]
async fn each_error_has_its_code_text_and_log_line() {
    let server = TestServer::start().await;
    let required = "Username, email and password required";
    let good = "una frase larga";
    for body in [
        json!({}),
        json!({ "email": "a@example.com", "password": good }),
        json!({ "username": null, "email": "a@example.com", "password": good }),
        json!({ "username": "", "email": "a@example.com", "password": good }),
    ] {
        let response = server.post("/register", &body).await;
        let line = "Datos incompletos para el username ''.";
        expect(response, 400, "fields_required", required, line).await;
    }
    for body in [
        json!({ "username": "ana", "password": good }),
        json!({ "username": "ana", "email": "a@example.com" }),
        json!({ "username": "ana", "email": "a@example.com", "password": null }),
    ] {
        let response = server.post("/register", &body).await;
        let line = "Datos incompletos para el username 'ana'.";
        expect(response, 400, "fields_required", required, line).await;
    }
    for name in ["an", "ana lópez", "<b>ana</b>", "ana@b", &"x".repeat(33)] {
        let response = server.post("/register", &form(name, "a@example.com", good)).await;
        let line = format!("Username '{name}' no válido.");
        expect(response, 400, "username_invalid", NO_NAME, &line).await;
    }
    for email in [
        "ana",
        "ana@",
        "Ana <ana@example.com>",
        " a@example.com",
        "a@b@example.com",
        // No mail can be sent there.
        "ana@gmail",
        "ana@españa",
        "ana@-example.com",
        "ana@exa_mple.com",
        "ana@xn--a.example.com",
    ] {
        let response = server.post("/register", &form("ana", email, good)).await;
        let line = format!("Email '{email}' no válido.");
        expect(response, 400, "email_invalid", NO_ADDRESS, &line).await;
    }
    for password in ["siete77", "Password1", "12345678", "Trazo-2026", &"x".repeat(129)] {
        let response = server.post("/register", &form("ana", "a@example.com", password)).await;
        let line = "Contraseña débil para el username 'ana'.";
        expect(response, 400, "password_weak", WEAK, line).await;
    }
    assert_eq!(users(&server).await, 1, "the admin is alone");
}

#[tokio::test]
async fn names_and_addresses_are_unique_ignoring_case() {
    let server = TestServer::start().await;
    let good = "una frase larga";
    let first = server.post("/register", &form("Ñandú", "Ana@Example.com", good)).await;
    assert_eq!(first.status(), 201);
    for name in ["Ñandú", "ñandú", "ÑANDÚ"] {
        let response = server.post("/register", &form(name, "other@example.com", good)).await;
        let line = format!("Username '{name}' ya existe.");
        expect(response, 409, "username_taken", "Username already exists", &line).await;
    }
    for email in ["Ana@Example.com", "ana@example.com", "ANA@EXAMPLE.COM"] {
        let response = server.post("/register", &form("other", email, good)).await;
        let line = format!("Email '{email}' ya registrado.");
        expect(response, 409, "email_taken", "Email already registered", &line).await;
    }
}

/// Counts the responses by status; all errors must have `code`.
async fn counted(answers: Vec<Response>, code: &str) -> [usize; 2] {
    let mut made = 0;
    let mut taken = 0;
    for answer in answers {
        if answer.status() == 201 {
            made += 1;
        } else {
            refused(answer, 409, code, "msg").await;
            taken += 1;
        }
    }
    [made, taken]
}

#[tokio::test]
async fn of_a_hundred_concurrent_registrations_one_gets_the_name() {
    // One hashing thread, so that requests wait as on a small machine.
    let server = TestServer::with(|settings| settings.accounts.hashing_threads = Some(1)).await;
    let bodies: Vec<_> = (0..100)
        .map(|number| {
            form(
                ["ana", "Ana"][number % 2],
                &format!("{number}@example.com"),
                "una frase larga",
            )
        })
        .collect();
    let answers = join_all(bodies.iter().map(|body| server.post("/register", body))).await;
    assert_eq!(counted(answers, "username_taken").await, [1, 99]);
    assert_eq!(users(&server).await, 2);
}

#[tokio::test]
async fn of_a_hundred_concurrent_registrations_one_gets_the_address() {
    let server = TestServer::start().await;
    let bodies: Vec<_> = (0..100)
        .map(|number| {
            form(
                &format!("ana{number}"),
                ["a@example.com", "A@example.com"][number % 2],
                "una frase larga",
            )
        })
        .collect();
    let answers = join_all(bodies.iter().map(|body| server.post("/api/register", body))).await;
    assert_eq!(counted(answers, "email_taken").await, [1, 99]);
    assert_eq!(users(&server).await, 2);
}

#[tokio::test]
async fn an_unreachable_mail_server_does_not_delay_the_response() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    for port in [dead_port(), silent.local_addr().unwrap().port()] {
        let server = TestServer::with(|settings| by_smtp(settings, port)).await;
        for name in ["ana", "eva", "pía"] {
            let start = Instant::now();
            assert_eq!(
                server
                    .post(
                        "/register",
                        &form(name, &format!("{name}@example.com"), "una frase larga")
                    )
                    .await
                    .status(),
                201
            );
            assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
        }
    }
}

async fn post_raw(server: &TestServer, content_type: Option<&str>, body: impl Into<reqwest::Body>) -> Response {
    let mut request = server.client.post(server.url("/register")).body(body);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn invalid_bodies_are_rejected_as_json() {
    let server = TestServer::start().await;
    let json = Some("application/json");
    for body in [
        &b""[..],
        b"null",
        b"5",
        b"\"ana\"",
        b"[]",
        br#"["ana","a@example.com","una frase larga"]"#,
        b"{",
        br#"{"username":5,"email":"a@example.com","password":"una frase larga"}"#,
        br#"{"username":["ana"],"email":"a@example.com","password":"una frase larga"}"#,
        br#"{"username":{"$ne":1},"email":"a@example.com","password":"una frase larga"}"#,
        br#"{"username":"ana","email":true,"password":"una frase larga"}"#,
        br#"{"username":"\ud800","email":"a@example.com","password":"una frase larga"}"#,
        b"{\"username\":\"\xff\xfe\",\"email\":\"a@example.com\",\"password\":\"una frase larga\"}",
        &b"[".repeat(100_000),
        &br#"{"username":"#.repeat(10_000),
    ] {
        let response = post_raw(&server, json, body.to_vec()).await;
        refused(response, 400, "request_invalid", "msg").await;
    }
    let good = form("ana", "a@example.com", "una frase larga").to_string();
    for declared in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/jsonp"),
    ] {
        let response = post_raw(&server, declared, good.clone()).await;
        refused(response, 415, "request_invalid", "msg").await;
    }
    let large = format!("{{\"username\":\"{}\"}}", "x".repeat(9 << 20));
    refused(post_raw(&server, json, large).await, 413, "file_too_large", "msg").await;
    let nearly = form(&"x".repeat(200_000), "a@example.com", "una frase larga").to_string();
    refused(post_raw(&server, json, nearly).await, 400, "username_invalid", "msg").await;
    assert_eq!(users(&server).await, 1);
    let response = post_raw(&server, Some("Application/JSON; charset=utf-8"), good).await;
    assert_eq!(response.status(), 201);
}

#[tokio::test]
async fn hostile_fields_inject_no_log_line_and_no_header() {
    let server = TestServer::start().await;
    let good = "una frase larga";
    for name in [
        "ana\r\nWARNING - forged",
        "a\0na",
        "ana\u{202e}",
        "ana\u{1b}[2J",
        "<script>alert(1)</script>",
    ] {
        let response = server.post("/register", &form(name, "a@example.com", good)).await;
        let lines = lines_of(&response);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0]
                .chars()
                .all(|letter| !letter.is_control() && letter != '\u{202e}'),
            "{lines:?}"
        );
        let text = refused(response, 400, "username_invalid", "msg").await;
        assert_eq!(text, NO_NAME, "what was sent doesn't come back");
    }
    for email in [
        "a@example.com\r\nBcc: eve@example.com",
        "a@example.com\nSubject: forged",
        "a@example.com, eve@example.com",
        "a@example.com;eve@example.com",
        "a\0@example.com",
        "\"a\r\nb\"@example.com",
        "a@example.com\u{85}x",
    ] {
        let response = server.post("/register", &form("ana", email, good)).await;
        let lines = lines_of(&response);
        assert!(lines.len() == 1 && !lines[0].contains(char::is_control), "{lines:?}");
        refused(response, 400, "email_invalid", "msg").await;
    }
    // Passwords may contain anything: they are hashed and never displayed.
    let odd = "\0\r\n<script>\u{1f600}'; DROP TABLE users;--";
    let response = server.post("/register", &form("ana", "a@example.com", odd)).await;
    assert_eq!(response.status(), 201);
    let response = server
        .post("/login", &json!({ "username": "ana", "password": odd }))
        .await;
    assert_eq!(response.status(), 200);
}
