//! The first scrape of a server that has not been asked for anything else: each metric is there, at zero, because `rate`
//! and `increase` need a value from before the first event.

use reqwest::Method;
use tempfile::TempDir;

use crate::{
    openapi::{description, operations},
    support::{
        TestServer,
        metrics::{Scrape, scrape},
        program::Program,
    },
};

/// The names in `api::metrics`.
fn names() -> Vec<&'static str> {
    let lines = include_str!("../../../../api/src/metrics.rs").lines();
    lines
        .filter(|line| line.starts_with("pub const "))
        .map(|line| line.split('"').nth(1).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_scrape_of_a_fresh_server_has_every_metric() {
    let logs = TempDir::new().unwrap();
    let program = Program::start(logs.path(), &[], &[("LOG_LEVEL", "info")]);
    let response = program.ask(Method::GET, "/metrics").send().await.unwrap();
    let first = Scrape::parse(&response.text().await.unwrap());
    assert!(names().len() > 25);
    for name in names() {
        let series = [name.to_owned(), format!("{name}_count")];
        assert!(series.iter().any(|name| first.get(name, &[]).is_some()), "{name}");
    }
    for counter in [
        "http_requests_total",
        "http_requests_duration_seconds_count",
        "predictions_total",
        "prediction_seconds_count",
        "prediction_confidence_count",
        "prediction_batch_size_count",
        "page_agreement_total",
        "history_removed_total",
        "corrections_total",
        "corrections_reviewed_total",
        "logins_total",
        "rate_limited_total",
        "mail_sent_total",
        "log_lines_dropped_total",
    ] {
        assert_eq!(first.get(counter, &[]), Some(0.0), "{counter}");
    }
}

#[tokio::test]
async fn every_described_response_and_limit_counts_from_zero() {
    let server = TestServer::start().await;
    let first = scrape(&server).await;
    for (name, operation) in operations(&description(&server).await) {
        let (method, path) = name.split_once(' ').unwrap();
        for status in operation["responses"].as_object().unwrap().keys() {
            let labels = [("method", method), ("endpoint", path), ("status", status)];
            // The test's own login is the only request before the scrape.
            let requests = f64::from(u8::from(name == "POST /api/login" && status == "200"));
            assert_eq!(first.get("http_requests_total", &labels), Some(requests), "{labels:?}");
            if status.starts_with('2') {
                let durations = "http_requests_duration_seconds_count";
                assert_eq!(first.get(durations, &labels), Some(requests), "{labels:?}");
            }
        }
    }
    for page in ["/", "/login", "/account", "/admin/users"] {
        let labels = [("method", "GET"), ("endpoint", page), ("status", "200")];
        assert_eq!(first.get("http_requests_total", &labels), Some(0.0), "{page}");
    }
    for endpoint in [
        "/api",
        "/api/register",
        "/api/login",
        "/api/predict",
        "/api/predict/number",
        "/api/password/reset",
    ] {
        let labels = [("endpoint", endpoint)];
        assert_eq!(first.get("rate_limited_total", &labels), Some(0.0), "{endpoint}");
    }
    // The first response is counted in the series that was there, and adds none.
    server.post("/api/register", &serde_json::json!({})).await;
    let labels = [("method", "POST"), ("endpoint", "/api/register"), ("status", "400")];
    assert_eq!(scrape(&server).await.get("http_requests_total", &labels), Some(1.0));
}
