//! Pages and users: access, caching, and injection.

use std::collections::HashSet;

use reqwest::{Client, Response, redirect::Policy};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::{TestServer, server::PASSWORD};

/// Public pages, and an unknown one.
const OPEN: [&str; 7] = [
    "/",
    "/register",
    "/login",
    "/forgot",
    "/confirm/no-such-token",
    "/reset/no-such-token",
    "/nothing",
];

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// Requests a page without following redirects.
async fn look(server: &TestServer, path: &str, cookie: &str) -> Response {
    let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let request = client.get(server.url(path)).header("cookie", cookie);
    request.send().await.unwrap()
}

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
            ("/admin/status", "/admin/status"),
            ("/admin/nothing", "/admin/nothing"),
        ] {
            let response = look(&server, path, cookie).await;
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
async fn the_first_html_contains_the_user_and_is_not_cached() {
    let server = TestServer::start().await;
    server.add_user("Ñandú").await;
    let browser = server.browser("Ñandú").await;
    for path in OPEN.into_iter().chain(["/account"]) {
        let response = browser.get(path).await;
        assert_eq!(response.status(), if path == "/nothing" { 404 } else { 200 }, "{path}");
        assert_eq!(header(&response, "cache-control"), "no-store", "{path}");
        let html = response.text().await.unwrap();
        assert!(html.contains("class=\"user-name\">Ñandú<"), "{path}: {html}");
        let me = me(&html).unwrap();
        assert_eq!((&me["username"], &me["role"]), (&json!("Ñandú"), &json!("user")));
        assert!(!html.contains("argon2"), "{path}");
    }
    for path in OPEN {
        let response = look(&server, path, "").await;
        assert_eq!(header(&response, "cache-control"), "no-cache", "{path}");
        let html = response.text().await.unwrap();
        assert!(!html.contains("user-name") && me(&html).is_none(), "{path}: {html}");
        assert!(html.contains("href=\"/login\""), "{path}: {html}");
    }
}

/// The user in the data of the page.
fn me(html: &str) -> Option<Value> {
    let block = scripts(html).into_iter().find(|(tag, _)| tag.contains("id=\"me\""))?.1;
    Some(serde_json::from_str(block).unwrap())
}

/// The attributes and the text of every script of a page.
fn scripts(html: &str) -> Vec<(&str, &str)> {
    html.split("<script")
        .skip(1)
        .map(|rest| {
            let (tag, rest) = rest.split_once('>').unwrap();
            (tag, rest.split_once("</script>").unwrap().0)
        })
        .collect()
}

#[tokio::test]
async fn every_response_has_a_new_nonce_on_each_inline_script() {
    let server = TestServer::start().await;
    let admin = server.browser("admin").await;
    let mut nonces = HashSet::new();
    let mut looked = 0;
    for path in OPEN
        .into_iter()
        .chain(OPEN)
        .chain(["/account", "/admin/users", "/admin/nothing"])
    {
        for cookie in ["", admin.cookie.as_str()] {
            let response = look(&server, path, cookie).await;
            if response.status() == 303 {
                continue;
            }
            looked += 1;
            let policies: Vec<_> = response.headers().get_all("content-security-policy").iter().collect();
            let [policy] = policies.as_slice() else {
                panic!("{path}: {policies:?}")
            };
            let policy = policy.to_str().unwrap().to_owned();
            let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
            assert!(nonce.len() >= 22, "128 bits: {nonce}");
            assert!(nonces.insert(nonce.to_owned()), "{nonce} again");
            let wanted = format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'");
            let directives: HashSet<_> = policy.split(';').map(str::trim).collect();
            for directive in [
                wanted.as_str(),
                "default-src 'self'",
                "style-src 'self'",
                "connect-src 'self'",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            ] {
                assert!(directives.contains(directive), "{directive} in {policy}");
            }
            let html = response.text().await.unwrap();
            let mut inline = 0;
            for (tag, text) in scripts(&html) {
                if tag.contains("type=\"application/json\"") {
                    continue;
                }
                if text.is_empty() {
                    assert!(tag.contains("src=\"/"), "{path}: <script{tag}>");
                    continue;
                }
                inline += 1;
                assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: <script{tag}>");
            }
            assert!(inline >= 1, "{path}: {html}");
            // Constructs that the policy blocks.
            let tags = html
                .split('<')
                .filter_map(|tag| tag.split_once('>'))
                .map(|(tag, _)| tag);
            for tag in tags {
                assert!(
                    !tag.contains(" style=\"") && !tag.contains(" onclick=") && !tag.contains(" onload="),
                    "<{tag}>"
                );
            }
        }
    }
    assert_eq!(nonces.len(), looked);
    assert!(looked > 2 * 2 * OPEN.len(), "{looked}");
    // Other responses forbid all scripts.
    for path in ["/api/me", "/health/live", "/api/nothing"] {
        let response = server.get(path).await;
        let policy = header(&response, "content-security-policy");
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'", "{path}");
    }
}

/// Text that must not be in a page unescaped.
const PAYLOADS: [&str; 4] = [
    "</script><script>alert(1)</script>",
    "<!--<script>alert(1)",
    "\"><img src=x onerror=alert(1)>",
    "</title></span><svg/onload=alert(1)>",
];

fn is_inert(html: &str, path: &str) {
    for part in ["<script>alert", "<img src=x", "<svg/onload", "<!--<script"] {
        assert!(!html.contains(part), "{part} in {path}: {html}");
    }
}

#[tokio::test]
async fn stored_text_is_escaped() {
    let server = TestServer::start().await;
    // Accepted by the form.
    let email = "\"<script>alert(1)</script>\"@example.com";
    let new = json!({ "username": "ana", "email": email, "password": PASSWORD });
    assert_eq!(server.post("/register", &new).await.status(), 201);
    let ana = server.browser("ana").await;
    let html = ana.get("/account").await.text().await.unwrap();
    is_inert(&html, "/account");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
    assert_eq!(me(&html).unwrap()["email"], email);
    // Rejected by the form, but possibly in the database.
    server.add_admin("eva").await;
    let eva = server.browser("eva").await;
    let mut name = "eva".to_owned();
    for payload in PAYLOADS {
        server
            .change_row(&name, |row| {
                row.username = Set(payload.to_owned());
                row.email = Set(payload.to_owned());
            })
            .await;
        payload.clone_into(&mut name);
        for path in OPEN
            .into_iter()
            .chain(["/account", "/admin/users", "/admin/users?search=eva"])
        {
            let html = eva.get(path).await.text().await.unwrap();
            is_inert(&html, path);
            let shown = payload.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            assert!(html.contains(&shown), "{shown} in {path}: {html}");
            let me = me(&html).unwrap();
            assert_eq!((&me["username"], &me["email"]), (&json!(payload), &json!(payload)));
        }
    }
}

#[tokio::test]
async fn the_url_is_escaped() {
    let server = TestServer::start().await;
    let admin = server.browser("admin").await;
    for payload in PAYLOADS {
        for (path, name) in [
            ("/login", "next"),
            ("/register", "next"),
            ("/admin/users", "search"),
            ("/account", "page"),
        ] {
            for next in [payload.to_owned(), format!("/{payload}")] {
                let request = admin.ask(reqwest::Method::GET, path).query(&[(name, &next)]);
                is_inert(&request.send().await.unwrap().text().await.unwrap(), path);
                let request = server.client.get(server.url(path)).query(&[(name, &next)]);
                is_inert(&request.send().await.unwrap().text().await.unwrap(), path);
            }
        }
        let mut url = reqwest::Url::parse(&server.url("/")).unwrap();
        for page in ["confirm", "reset", "nothing"] {
            url.path_segments_mut().unwrap().clear().extend([page, payload]);
            let response = server.client.get(url.clone()).send().await.unwrap();
            is_inert(&response.text().await.unwrap(), page);
        }
    }
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
