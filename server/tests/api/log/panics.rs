//! A panic whose message contains a secret.

use reqwest::Method;
use server::{settings::Secret, telemetry};

use crate::support::{TestServer, log, models, pictures::numbered_png, settings};

const KEY: &str = "canary-key-in-a-panic-of-32-bytes";

#[tokio::test]
async fn a_secret_in_a_panic_is_hidden() {
    // The program does this with every secret of its settings.
    telemetry::redact(KEY);
    let mut settings = settings();
    settings.accounts.jwt_secret_key = Some(Secret::new(KEY));
    let load = || Ok(models::panicking_with(format!("can't use the key '{KEY}'")));
    let server = TestServer::start_with(&settings, load).await;
    let mut shown = Vec::new();
    let response = server.predict("a.png", numbered_png(1)).await;
    assert_eq!(response.status(), 500);
    shown.push(format!("{:?}", response.headers()));
    shown.push(response.text().await.unwrap());
    for path in ["/metrics", "/api/admin/errors"] {
        let response = server.by(&server.token, Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200);
        shown.push(response.text().await.unwrap());
    }
    log::line_with("Error en el endpoint '/predict': can't use the key '***'").await;
    shown.push(log::text());
    for text in shown {
        assert!(!text.contains(KEY), "{text}");
    }
}
