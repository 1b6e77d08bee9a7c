//! Forms of other origins.

use reqwest::Method;

use super::{form, navigate, target};
use crate::support::{
    TestServer,
    pictures::numbered_png,
    server::{PASSWORD, file},
};

#[tokio::test]
async fn a_form_of_another_origin_does_nothing() {
    let server = TestServer::start().await;
    let browser = server.browser("admin").await;
    let registration = [
        ("username", "ana"),
        ("email", "ana@example.com"),
        ("password", PASSWORD),
    ];
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        for path in [
            "/",
            "/login",
            "/register",
            "/forgot",
            "/reset/token",
            "/confirm/token",
            "/account",
            "/logout",
            "/logout/everywhere",
            "/language",
        ] {
            for cookie in ["", browser.cookie.as_str()] {
                let request = navigate(&server, Method::POST, path, cookie).header(name, value);
                let request = if path == "/" {
                    request.multipart(file("a.png", numbered_png(1)))
                } else {
                    form(request, &registration)
                };
                let response = request.send().await.unwrap();
                assert_eq!(response.status(), 403, "{path} {name}: {value}");
                assert!(!response.headers().contains_key("set-cookie"), "{path}");
                let html = response.text().await.unwrap();
                assert!(html.starts_with("<!DOCTYPE html>") && !html.contains("ana"), "{html}");
            }
        }
    }
    assert_eq!(browser.me().await, 200, "the session goes on");
    let admin = server.row("admin").await;
    assert_eq!(admin.predictions, 0);
    let listed = server.get_json("/api/admin/users").await;
    assert_eq!(listed["total"], 1, "nobody was registered");
}

#[tokio::test]
async fn a_form_of_this_origin_is_accepted() {
    let server = TestServer::start().await;
    let fields = [("username", "admin"), ("password", PASSWORD)];
    for (name, value) in [("origin", server.url("").as_str()), ("sec-fetch-site", "same-origin")] {
        let request = navigate(&server, Method::POST, "/login", "").header(name, value);
        assert_eq!(target(&form(request, &fields).send().await.unwrap()), "/");
    }
}
