//! Access and redirects.

use serde_json::json;

use super::{fetch_page, header};
use crate::support::TestServer;

#[tokio::test]
async fn visitors_are_redirected_to_the_login_and_back() {
    let server = TestServer::start().await;
    let gone = server.browser("admin").await;
    let response = gone.ask(reqwest::Method::POST, "/api/logout").send().await.unwrap();
    assert_eq!(response.status(), 200);
    for cookie in ["", "trazo_session=nonsense", &gone.cookie] {
        for (path, back) in [
            ("/account", "/account"),
            ("/account?page=2", "/account%3Fpage%3D2"),
            ("/admin", "/admin"),
            ("/admin/users", "/admin/users"),
            (
                "/admin/users?search=a&role=user",
                "/admin/users%3Fsearch%3Da%26role%3Duser",
            ),
            ("/admin/review?user=ana", "/admin/review%3Fuser%3Dana"),
            ("/admin/status", "/admin/status"),
            ("/admin/nothing", "/admin/nothing"),
        ] {
            let response = fetch_page(&server, path, cookie).await;
            assert_eq!(response.status(), 303, "{path}");
            assert_eq!(header(&response, "location"), format!("/login?next={back}"));
            assert_eq!(header(&response, "cache-control"), "no-store");
            assert_eq!(response.text().await.unwrap(), "", "nothing of the page");
        }
    }
    let landed = server.get("/admin/users?page=2").await;
    assert_eq!((landed.status().as_u16(), landed.url().path()), (200, "/login"));
    assert_eq!(landed.url().query(), Some("next=/admin/users%3Fpage%3D2"));
}

#[tokio::test]
async fn only_administrators_see_the_admin_pages() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    let ana = server.browser("ana").await;
    assert_eq!(ana.get("/account").await.status(), 200);
    let response = ana.get("/admin/users?search=ana").await;
    assert_eq!(response.status(), 403);
    assert!(header(&response, "content-type").starts_with("text/html"));
    assert_eq!(header(&response, "cache-control"), "no-store");
    let html = response.text().await.unwrap();
    assert!(html.contains("Solo para administradores"), "{html}");
    assert!(
        !html.contains("users-title") && !html.contains("/admin/users\""),
        "{html}"
    );
    let admin = server.browser("admin").await;
    let response = admin.get("/admin/users").await;
    assert_eq!(response.status(), 200);
    let html = response.text().await.unwrap();
    assert!(
        html.contains("users-title") && html.contains("/admin/users\""),
        "{html}"
    );
    // From the next request on.
    let id = server.row("ana").await.id;
    let path = format!("/api/admin/users/{id}");
    let request = server.by(&server.token, reqwest::Method::PATCH, &path);
    request.json(&json!({ "role": "admin" })).send().await.unwrap();
    assert_eq!(ana.get("/admin/users").await.status(), 200);
}

#[tokio::test]
async fn login_does_not_redirect_to_other_sites() {
    let server = TestServer::start().await;
    let admin = server.browser("admin").await;
    let page = async |path: &str, next: &str| {
        let visitor = server.client.get(server.url(path)).query(&[("next", next)]);
        let signed_in = admin.ask(reqwest::Method::GET, path).query(&[("next", next)]);
        (
            visitor.send().await.unwrap().text().await.unwrap(),
            signed_in.send().await.unwrap().text().await.unwrap(),
        )
    };
    let (visitor, signed_in) = page("/login", "/admin/users?page=2").await;
    assert!(
        visitor.contains("href=\"/register?next=/admin/users%3Fpage%3D2\""),
        "{visitor}"
    );
    assert!(signed_in.contains("href=\"/admin/users?page=2\""), "{signed_in}");
    for foreign in [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert('evil.example')",
        "data:text/html,evil.example",
        "/\t/evil.example",
        "\n//evil.example",
        " //evil.example",
        "evil.example",
        "@evil.example",
    ] {
        for path in ["/login", "/register"] {
            let (visitor, signed_in) = page(path, foreign).await;
            for html in [&visitor, &signed_in] {
                assert!(!html.contains("evil.example"), "{foreign:?} in {html}");
            }
        }
        let (visitor, signed_in) = page("/login", foreign).await;
        assert!(visitor.contains("href=\"/register\""), "{foreign:?}: {visitor}");
        assert!(
            signed_in.contains("class=\"button primary\" href=\"/\"")
                || signed_in.contains("href=\"/\" class=\"button primary\""),
            "{foreign:?}: {signed_in}"
        );
    }
}
