//! The headers of every kind of response: of all routes, by visitors, users and admins, of pages, files and errors.

use std::{collections::HashSet, fs};

use reqwest::{Client, Method, Response, redirect::Policy};

use crate::{
    openapi::{description, filled, operations},
    pages::account::OPEN,
    support::TestServer,
};

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let mut values = response.headers().get_all(name).iter();
    let value = values.next().map_or("", |value| value.to_str().unwrap());
    assert!(values.next().is_none(), "{name} twice");
    value
}

/// Asserts what holds for each response.
fn is_safe(response: &Response, what: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        ("access-control-allow-origin", ""),
        ("server", ""),
    ] {
        assert_eq!(header(response, name), value, "{name} of {what}");
    }
    let policy = header(response, "content-security-policy");
    let directives: HashSet<_> = policy.split(';').map(str::trim).collect();
    let has = |directive: &str| directives.contains(directive);
    assert!(
        has("frame-ancestors 'none'") && has("base-uri 'none'"),
        "{what}: {policy}"
    );
    assert!(
        has("form-action 'none'") || has("form-action 'self'"),
        "{what}: {policy}"
    );
    assert!(
        has("default-src 'none'") || has("object-src 'none'"),
        "{what}: {policy}"
    );
    assert!(
        has("default-src 'none'") || has("default-src 'self'"),
        "{what}: {policy}"
    );
    let content_type = header(response, "content-type");
    let is_text = content_type.starts_with("text/") || content_type.contains("xml");
    assert!(
        !is_text || content_type.ends_with("; charset=utf-8"),
        "{what}: {content_type}"
    );
    let caching = header(response, "cache-control");
    assert!(!caching.is_empty(), "{what}");
    // JSON, exports and metrics are for one reader, except the model card.
    let is_private = !is_text || content_type.starts_with("text/csv") || content_type.starts_with("text/plain");
    let shared = ["/api/model", " /pkg/", " /favicon", " /icon", " /manifest"];
    let is_shared = shared.iter().any(|path| what.contains(path));
    assert!(!is_private || is_shared || caching == "no-store", "{what}: {caching}");
}

#[tokio::test]
async fn every_response_has_the_headers_that_protect_browsers() {
    let server = TestServer::with(|settings| settings.mail.public_url = Some("https://trazo.example.com".into())).await;
    for (file, content) in [
        ("favicon.svg", "<svg/>"),
        ("icon-192.png", "png"),
        ("manifest.webmanifest", "{}"),
        ("pkg/a.css", "a{}"),
        ("pkg/a.js", "1"),
        ("pkg/a.wasm", "\0asm"),
    ] {
        fs::write(server.site.path().join(file), content).unwrap();
    }
    let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let user = server.user("ana").await;
    let mut requests: Vec<(Method, String)> = operations(&description(&server).await)
        .into_iter()
        .map(|(name, _)| {
            let (method, path) = name.split_once(' ').unwrap();
            (method.parse().unwrap(), filled(path))
        })
        // It would end the sessions of this test.
        .filter(|(_, path)| !path.contains("/logout"))
        .collect();
    let read = OPEN.into_iter().chain([
        "/account",
        "/admin/users",
        "/model",
        "/favicon.svg",
        "/icon-192.png",
        "/manifest.webmanifest",
        "/offline.js",
        "/offline.css",
        "/pkg/a.css",
        "/pkg/a.js",
        "/pkg/a.wasm",
        "/pkg/nothing.js",
        "/api/nothing",
        "/api/openapi.json",
        "/api/docs",
        "/api/docs/",
        "/api/docs/swagger-ui.css",
        "/predict",
    ]);
    requests.extend(read.map(|path| (Method::GET, path.to_owned())));
    requests.extend([Method::POST, Method::OPTIONS, Method::TRACE].map(|method| (method, "/nothing".to_owned())));
    let mut statuses = HashSet::new();
    for (method, path) in &requests {
        for token in [None, Some(&user), Some(&server.token)] {
            let request = client.request(method.clone(), server.url(path));
            let request = request.header("origin", "https://evil.example.com");
            let request = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
            let response = request.send().await.unwrap();
            statuses.insert(response.status().as_u16());
            is_safe(&response, &format!("{} of {method} {path}", response.status()));
        }
    }
    for status in [200, 303, 400, 401, 403, 404, 405, 415] {
        assert!(statuses.contains(&status), "{status} not among {statuses:?}");
    }
}

#[tokio::test]
async fn trace_is_not_supported() {
    let server = TestServer::start().await;
    for path in ["/", "/api/me", "/predict", "/favicon.svg", "/nothing"] {
        let request = server.by(&server.token, Method::TRACE, path);
        let response = request.send().await.unwrap();
        assert!(
            matches!(response.status().as_u16(), 404 | 405),
            "{path}: {}",
            response.status()
        );
        assert!(!response.text().await.unwrap().contains(&server.token), "{path}");
    }
}
