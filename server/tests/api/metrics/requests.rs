//! HTTP requests.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream};
use reqwest::Method;

use crate::support::{
    TestServer,
    metrics::{Scrape, scrape},
    models,
    pictures::numbered_png,
    settings,
};

#[tokio::test]
async fn requests_are_counted_by_method_endpoint_and_status() {
    let server = TestServer::start().await;
    for (method, path, times) in [
        (Method::GET, "/health/live", 3),
        (Method::HEAD, "/health/live", 1),
        (Method::GET, "/predict", 2),
        (Method::POST, "/api/predict", 4),
        (Method::GET, "/api/nothing", 5),
        (Method::GET, "/", 1),
    ] {
        for _ in 0..times {
            let request = server.by(&server.token, method.clone(), path);
            request.send().await.unwrap();
        }
    }
    let scrape = scrape(&server).await;
    for (method, endpoint, status, times) in [
        ("GET", "/health/live", "200", 3.0),
        ("HEAD", "/health/live", "200", 1.0),
        ("GET", "/predict", "405", 2.0),
        ("POST", "/api/predict", "400", 4.0),
        ("GET", "unmatched", "404", 5.0),
        ("GET", "/", "200", 1.0),
    ] {
        let labels = [("method", method), ("endpoint", endpoint), ("status", status)];
        assert_eq!(scrape.get("http_requests_total", &labels), Some(times), "{labels:?}");
        let durations = "http_requests_duration_seconds_count";
        assert_eq!(scrape.get(durations, &labels), Some(times), "{labels:?}");
        let labels = &labels[..2];
        assert_eq!(scrape.get("http_requests_pending", labels), Some(0.0), "{labels:?}");
    }
    let own = [("endpoint", "/metrics")];
    assert_eq!(
        scrape.get("http_requests_pending", &own),
        Some(1.0),
        "the one that asks"
    );
}

#[tokio::test]
async fn failed_and_timed_out_requests_are_counted() {
    let server = TestServer::start_with(&settings(), || Ok(models::panicking())).await;
    server.predict("a.png", numbered_png(1)).await;
    let failed = [("endpoint", "/api/predict"), ("status", "500")];
    assert_eq!(scrape(&server).await.get("http_requests_total", &failed), Some(1.0));
    let mut settings = settings();
    settings.connections.request_timeout_seconds = Duration::from_millis(200);
    let (model, gate) = models::gated();
    let server = TestServer::start_with(&settings, || Ok(model)).await;
    server.predict("a.png", numbered_png(1)).await;
    let late = [("endpoint", "/api/predict"), ("status", "408")];
    assert_eq!(scrape(&server).await.get("http_requests_total", &late), Some(1.0));
    gate.open();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_unknown_paths_add_no_series() {
    let server = TestServer::start().await;
    let request = |number: usize| {
        let path = match number % 4 {
            0 => format!("/api/{number}"),
            1 => format!("/pkg/{number}.js"),
            2 => format!("/predict/{number}?a={number}"),
            _ => format!("/api/predict/{number}/"),
        };
        // Rendering pages takes time, so paths outside /api are posted.
        let method = if path.starts_with("/api/") {
            Method::GET
        } else {
            Method::POST
        };
        let request = server.client.request(method, server.url(&path));
        async move { assert_eq!(request.send().await.unwrap().status(), 404) }
    };
    request(0).await;
    request(1).await;
    server.get("/nothing").await;
    let before = scrape(&server).await;
    stream::iter(2..10_000)
        .map(request)
        .buffer_unordered(16)
        .collect::<()>()
        .await;
    let after = scrape(&server).await;
    let series = |scrape: &Scrape| scrape.series().cloned().collect::<BTreeSet<_>>();
    // The first scrape doesn't count itself.
    let new: Vec<_> = series(&after).difference(&series(&before)).cloned().collect();
    assert!(new.iter().all(|series| series.contains("\"/metrics\"")), "{new:?}");
    assert_eq!(
        after.get("http_requests_total", &[("endpoint", "unmatched")]),
        Some(10_001.0)
    );
}

#[tokio::test]
async fn a_file_of_the_site_adds_no_series() {
    let server = TestServer::start().await;
    std::fs::write(server.site.path().join("pkg/a.js"), "1").unwrap();
    assert_eq!(server.get("/pkg/a.js").await.status(), 200);
    let labels = [("endpoint", "unmatched"), ("status", "200")];
    assert_eq!(scrape(&server).await.get("http_requests_total", &labels), Some(1.0));
}

#[tokio::test]
async fn rate_limited_requests_are_counted_by_route() {
    let server = TestServer::with(|settings| {
        settings.limits.ratelimit_enabled = true;
        settings.limits.ratelimit_register = "2 per hour".parse().unwrap();
    })
    .await;
    for (name, status) in [("ana", 201), ("eva", 201), ("leo", 429), ("mia", 429)] {
        assert_eq!(server.register(name).await.status(), status, "{name}");
    }
    let scrape = scrape(&server).await;
    let limited = [("endpoint", "/api/register")];
    assert_eq!(scrape.get("rate_limited_total", &limited), Some(2.0));
    assert_eq!(scrape.get("rate_limited_total", &[]), Some(2.0));
}
