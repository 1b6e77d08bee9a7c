//! Passwords in other Unicode forms, and bodies with a byte order mark.

use argon2::{Argon2, PasswordHasher};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::login;
use crate::support::{
    TestServer,
    server::{PASSWORD, refused},
};

/// One password: composed, decomposed as macOS writes it in some programs, and with full-width letters.
const FORMS: [&str; 3] = ["una contraseña", "una contrasen\u{303}a", "ｕｎａ contraseña"];

#[tokio::test]
async fn a_password_is_the_same_in_every_unicode_form() {
    let server = TestServer::start().await;
    for (number, chosen) in FORMS.into_iter().enumerate() {
        let name = format!("ana{number}");
        let new = json!({ "username": name, "email": format!("{name}@example.com"), "password": chosen });
        assert_eq!(server.post("/register", &new).await.status(), 201);
        for typed in FORMS {
            assert_eq!(login(&server, &name, typed).await.status(), 200, "{chosen}: {typed}");
        }
        let other = login(&server, &name, "una contrasena").await;
        refused(other, 401, "bad_credentials", "msg").await;
    }
}

#[tokio::test]
async fn a_password_is_counted_and_compared_in_one_form() {
    let server = TestServer::start().await;
    for (password, status) in [
        ("n\u{303}".repeat(7), 400),
        ("n\u{303}".repeat(128), 201),
        ("ﬃ".repeat(43), 400),
        ("ｐａｓｓｗｏｒｄ１".to_owned(), 400),
    ] {
        let new = json!({ "username": "ana", "email": "ana@example.com", "password": password });
        assert_eq!(server.post("/register", &new).await.status(), status, "{password}");
    }
}

#[tokio::test]
async fn a_hash_of_an_older_version_holds_and_is_replaced() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    let [composed, typed, _] = FORMS;
    let hash = Argon2::default().hash_password(typed.as_bytes()).unwrap().to_string();
    server
        .change_row("ana", |row| row.password_hash = Set(hash.clone()))
        .await;
    // What this password was hashed from isn't known before it was typed in that form once.
    for wrong in [composed, "una contrasen\u{303}", PASSWORD] {
        refused(login(&server, "ana", wrong).await, 401, "bad_credentials", "msg").await;
    }
    assert_eq!(server.row("ana").await.password_hash, hash);
    assert_eq!(login(&server, "ana", typed).await.status(), 200);
    for form in FORMS {
        assert_eq!(login(&server, "ana", form).await.status(), 200, "{form}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_ignored() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    let post = async |body: Vec<u8>| {
        let request = server.client.post(server.url("/login")).body(body);
        let request = request.header("content-type", "application/json");
        request.send().await.unwrap()
    };
    let json = json!({ "username": "ana", "password": PASSWORD }).to_string();
    let marked = |marks: usize| [b"\xef\xbb\xbf".repeat(marks), json.clone().into_bytes()].concat();
    assert_eq!(post(marked(1)).await.status(), 200);
    for body in [marked(2), b"\xef\xbb\xbf".to_vec(), b"\xef\xbb".to_vec()] {
        refused(post(body).await, 400, "request_invalid", "msg").await;
    }
}
