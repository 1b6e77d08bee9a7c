//! Escaping of stored text and URLs.

use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{OPEN, me};
use crate::support::{TestServer, server::PASSWORD};

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
    let mut name = "eva".to_owned();
    for payload in PAYLOADS {
        server
            .change_row(&name, |row| {
                row.username = Set(payload.to_owned());
                row.email = Set(payload.to_owned());
            })
            .await;
        payload.clone_into(&mut name);
        // A session of before would be remembered with the old name.
        let eva = server.browser("eva").await;
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
