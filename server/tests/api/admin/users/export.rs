//! `GET /api/admin/users.csv`.

use reqwest::Method;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{csv, five, list, word};
use crate::support::{
    TestServer,
    server::{PASSWORD, refused},
};

#[tokio::test]
async fn the_export_has_the_users_of_the_list() {
    let server = five().await;
    for query in [
        "",
        "search=ana",
        "role=user&disabled=true",
        "confirmed=false",
        "search=ana&disabled=false",
        "search=_",
    ] {
        let users = list(&server, &format!("{query}&per_page=100")).await.users;
        let rows = csv(&server, query).await;
        let expected: Vec<_> = users
            .iter()
            .map(|user| {
                vec![
                    user.id.to_string(),
                    user.username.clone(),
                    user.email.clone(),
                    word(user.role),
                    user.email_confirmed.to_string(),
                    user.disabled.to_string(),
                    user.created_at.clone(),
                    user.last_login_at.clone().unwrap_or_default(),
                    user.predictions.to_string(),
                ]
            })
            .collect();
        let found: Vec<Vec<_>> = rows
            .iter()
            .map(|row| row.iter().map(ToOwned::to_owned).collect())
            .collect();
        assert_eq!(found, expected, "{query}");
    }
    // All users, whatever page is requested.
    assert_eq!(csv(&server, "page=2&per_page=1").await.len(), 7);
}

#[tokio::test]
async fn the_separator_is_that_of_the_language_or_the_one_asked_for() {
    let server = TestServer::start().await;
    server.add_user("López").await;
    let export = async |query: &str, language: Option<&str>| {
        let mut request = server.by(&server.token, Method::GET, &format!("/api/admin/users.csv{query}"));
        if let Some(language) = language {
            request = request.header("accept-language", language);
        }
        request.send().await.unwrap()
    };
    for (query, language, separator) in [
        ("", None, b','),
        ("", Some("en-GB,en;q=0.9,es;q=0.8"), b','),
        ("", Some("es-ES,es;q=0.9,en;q=0.8"), b';'),
        ("", Some("de, es;q=0.5"), b';'),
        ("", Some("*"), b','),
        ("?sep=", Some("es"), b';'),
        ("?sep=comma", Some("es"), b','),
        ("?sep=semicolon", Some("en"), b';'),
        ("?sep=tab&search=lopez", Some("es"), b'\t'),
    ] {
        let response = export(query, language).await;
        assert_eq!(response.status(), 200);
        let bytes = response.bytes().await.unwrap();
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").expect("a byte order mark");
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text);
        assert_eq!(reader.headers().unwrap().len(), 9, "{query} {language:?}");
        let last = reader.records().last().unwrap().unwrap();
        assert_eq!(
            (&last[1], &last[2]),
            ("López", "López@example.com"),
            "{query} {language:?}"
        );
    }
    for wrong in ["?sep=,", "?sep=pipe", "?sep=Comma"] {
        refused(export(wrong, Some("es")).await, 400, "request_invalid", "msg").await;
    }
}

#[tokio::test]
async fn no_cell_of_the_export_is_a_formula() {
    let server = TestServer::start().await;
    for (name, email) in [
        ("-a1", "=1+1@example.com"),
        ("-cmd", "+1@example.com"),
        ("-ana", "-1@example.com"),
        ("ana", "\"=a,b\"@example.com"),
    ] {
        let new = json!({ "username": name, "email": email, "password": PASSWORD });
        assert_eq!(server.post("/api/register", &new).await.status(), 201, "{email}");
    }
    let id = server.add_user("old").await;
    // Names that the form rejects but an import might contain.
    for (name, as_before) in [("=cmd|' /C calc'!A0", "old"), ("@SUM(1+1)", "=cmd|' /C calc'!A0")] {
        server
            .change_row(as_before, |row| {
                row.username = Set(name.to_owned());
                row.email = Set(format!("{name}@example.com"));
            })
            .await;
        let rows = csv(&server, "").await;
        let row = rows.iter().find(|row| row[0] == id.to_string()).unwrap();
        assert_eq!(
            (&row[1], &row[2]),
            (format!("'{name}").as_str(), format!("'{name}@example.com").as_str())
        );
    }
    let rows = csv(&server, "").await;
    let cells: Vec<_> = rows.iter().flat_map(|row| row.iter()).collect();
    assert!(
        !cells
            .iter()
            .any(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r'])),
        "{cells:?}"
    );
    for expected in [
        "'-cmd",
        "'-ana",
        "'=1+1@example.com",
        "'+1@example.com",
        "'-1@example.com",
        "\"=a,b\"@example.com",
    ] {
        assert!(cells.contains(&expected), "{expected} in {cells:?}");
    }
}
