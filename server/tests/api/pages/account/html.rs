//! The user in the first HTML, and the content security policy.

use std::collections::HashSet;

use serde_json::json;

use super::{OPEN, fetch_page, header, me, scripts};
use crate::support::{TestServer, pictures::numbered_png};

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
        let response = fetch_page(&server, path, "").await;
        assert_eq!(header(&response, "cache-control"), "no-cache", "{path}");
        let html = response.text().await.unwrap();
        assert!(!html.contains("user-name") && me(&html).is_none(), "{path}: {html}");
        assert!(html.contains("href=\"/login\""), "{path}: {html}");
    }
}

#[tokio::test]
async fn the_account_page_has_room_for_its_history() {
    let server = TestServer::start().await;
    let (admin, other) = (server.browser("admin").await, server.user("ana").await);
    assert_eq!(
        server
            .upload_by(&other, "a.png", numbered_png(0))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    let mut made = 0;
    for (predictions, room) in [(0, 0), (3, 3), (22, 20)] {
        while made < predictions {
            made += 1;
            assert_eq!(server.predict("a.png", numbered_png(made)).await.status(), 200);
        }
        let html = admin.get("/account").await.text().await.unwrap();
        assert!(html.contains("class=\"history\""), "{html}");
        assert_eq!(html.matches("class=\"history-entry\"").count(), room, "{html}");
    }
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
            let response = fetch_page(&server, path, cookie).await;
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
                "worker-src 'self'",
                "manifest-src 'self'",
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
        let strict = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        assert_eq!(policy, strict, "{path}");
    }
}
