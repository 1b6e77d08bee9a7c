//! The format and the access.

use reqwest::header::AUTHORIZATION;
use server::settings::Secret;

use crate::support::{TestServer, server::refused};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A test that existed before this server, with its name and assertions.
#[tokio::test]
async fn test_metrics_endpoint() {
    let server = TestServer::start().await;
    let response = server.get("/metrics").await;
    assert_eq!(response.status(), 200);
    let text = response.text().await.unwrap();
    assert!(text.contains("http_requests_total"), "{text}");
    assert!(text.contains("app_info"), "{text}");
}

#[tokio::test]
async fn with_a_token_set_only_its_bearer_and_administrators_have_access() {
    let server = TestServer::with(|settings| settings.metrics.metrics_token = Some(Secret::new(TOKEN))).await;
    let user = server.user("ana").await;
    for path in ["/metrics", "/api/metrics"] {
        let response = server.get(path).await;
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        refused(response, 401, "token_missing", "msg").await;
        let ask = |value: String| {
            let request = server.client.get(server.url(path)).header(AUTHORIZATION, value);
            async move { request.send().await.unwrap() }
        };
        refused(ask(format!("Basic {TOKEN}")).await, 401, "token_missing", "msg").await;
        for wrong in ["x", &TOKEN[1..], &format!("{TOKEN}0"), &TOKEN.to_uppercase()] {
            refused(ask(format!("Bearer {wrong}")).await, 401, "token_invalid", "msg").await;
        }
        // An administrator needs no token, other users do.
        refused(ask(format!("Bearer {user}")).await, 401, "token_invalid", "msg").await;
        let browser = server.browser("admin").await;
        assert_eq!(browser.get(path).await.status(), 200);
        for right in [
            format!("Bearer {TOKEN}"),
            format!("bearer {TOKEN}"),
            format!("Bearer {}", server.token),
        ] {
            let response = ask(right).await;
            assert_eq!(response.status(), 200);
            assert_eq!(
                response.headers()["content-type"],
                "text/plain; version=0.0.4; charset=utf-8"
            );
        }
    }
}
