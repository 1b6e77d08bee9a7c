//! Every query of the Grafana panels, the alerts and the recording rules, run by a real Prometheus after a known load.
//!
//! The expected values are computed from the raw samples, independently of Prometheus. The load shows that the samples
//! themselves are correct.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use api::Prediction;
use reqwest::Method;
use serde_json::{Value, json};

use super::expected::{Numbers, Raw, all, expected};
use crate::support::{
    TestServer, models,
    pictures::numbered_png,
    prometheus::{Prometheus, Sample, deploy},
    settings,
};

/// The values of a result.
fn numbers_of(given: &[Sample], labels: &[&str]) -> Numbers {
    let key = |sample: &Sample| labels.iter().map(|label| sample.labels[*label].clone()).collect();
    let numbers: Numbers = given.iter().map(|sample| (key(sample), sample.values[0])).collect();
    assert_eq!(numbers.len(), given.len(), "{labels:?} tell them apart: {given:?}");
    numbers
}

/// Whether values are equal up to the rounding of timestamps.
fn agree(given: &Numbers, expected: &Numbers) -> bool {
    let near = |(key, number): (&Vec<String>, &f64)| {
        let Some(expected) = expected.get(key) else {
            return false;
        };
        (number - expected).abs() <= 0.03 * expected.abs() + 1e-9 || (number.is_nan() && expected.is_nan())
    };
    given.len() == expected.len() && given.iter().all(near)
}

/// Asserts that the result of a query is the expected one.
fn compare(query: &str, labels: &[&str], given: &[Sample], expected: &Numbers) {
    let given = numbers_of(given, labels);
    assert!(agree(&given, expected), "{query}: {given:?}, not {expected:?}");
}

/// Whether a rule has recorded the result of its query. It may differ at a time when a scrape was in progress, so one of
/// the last evaluations is enough.
async fn records(prometheus: &Prometheus, name: &str, query: &str, labels: &[&str], now: f64) -> bool {
    for step in 0..8 {
        let time = format!("{}", now - 0.25 * f64::from(step));
        let recorded = prometheus.query(name, Some(&time)).await;
        let moments = prometheus.query(&format!("max(timestamp({name}))"), Some(&time)).await;
        let moment = moments.first().map_or(time, |moment| format!("{}", moment.values[0]));
        let queried = prometheus.query(query, Some(&moment)).await;
        if agree(&numbers_of(&recorded, labels), &numbers_of(&queried, labels)) {
            return true;
        }
    }
    false
}

/// The queries of the panels.
fn panels() -> Vec<String> {
    let text = fs::read_to_string(deploy("grafana/dashboards/trazo.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.filter_map(|panel| panel["targets"].as_array()).flatten();
    targets
        .map(|target| target["expr"].as_str().unwrap().to_owned())
        .collect()
}

/// Says that an image shows a five; the model reads a three.
async fn correct(server: &TestServer, id: i64) {
    let path = format!("/api/predictions/{id}/correction");
    let request = server.by(&server.token, Method::POST, &path);
    let answer = request.json(&json!({ "digito": 5 })).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

/// Sends a known number of requests of each kind, and a correction of every fourth answer.
async fn load(server: &TestServer, broken: &AtomicBool, times: u32, from: u32) {
    for number in from..from + times {
        let picture = numbered_png(number);
        let answer = server.predict("a.png", picture.clone()).await;
        let answer: Prediction = answer.error_for_status().unwrap().json().await.unwrap();
        if number % 4 == 0 {
            correct(server, answer.id.unwrap()).await;
        }
        assert_eq!(
            server.predict("a.png", picture.clone()).await.status(),
            200,
            "from the cache"
        );
        assert_eq!(server.predict("a.txt", picture).await.status(), 400);
        assert_eq!(server.get("/health/live").await.status(), 200);
        assert_eq!(server.get("/api/nothing").await.status(), 404);
    }
    broken.store(true, Ordering::Relaxed);
    for number in 0..times {
        assert_eq!(
            server
                .predict("a.png", numbered_png(9_000 + from + number))
                .await
                .status(),
            500
        );
    }
    broken.store(false, Ordering::Relaxed);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_panel_alert_and_rule_matches_the_load() {
    let broken = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&broken);
    let (three, panicking) = (models::three(), models::panicking());
    let model = move |pictures: &[classifier::ModelInput]| {
        if switch.load(Ordering::Relaxed) {
            panicking(pictures)
        } else {
            three(pictures)
        }
    };
    let server = TestServer::start_with(&settings(), || Ok(Box::new(model))).await;
    let rules = ["rules.yml", "alerts.yml"];
    let rules = rules.map(|name| (name, fs::read_to_string(deploy("prometheus").join(name)).unwrap()));
    // One request of each kind first, because a series starts with its first request.
    load(&server, &broken, 1, 0).await;
    server.get("/metrics").await;
    let prometheus = Prometheus::start(&[server.address], &rules, None).await;
    let until = async |query: &str| {
        for _ in 0..600 {
            if !prometheus.query(query, None).await.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("never: {query}");
    };
    until("count_over_time(up[1m]) >= 3").await;
    load(&server, &broken, 40, 100).await;
    // The longer the test runs, the less is extrapolated.
    until("count_over_time(up[1m]) >= 48").await;

    // The same time for all queries, slightly in the past, so that the rules have been evaluated at it.
    let now = prometheus.query("time()", None).await[0].values[0] - 1.0;
    let time = format!("{now}");
    let raw = Raw {
        samples: prometheus.query("{job=\"trazo\"}[10m]", Some(&time)).await,
        now,
    };
    let sent = |endpoint: &str, status: &str| {
        let requests = raw.counted("http_requests_total", &["endpoint", "status"], all);
        requests.get(&vec![endpoint.to_owned(), status.to_owned()]).copied()
    };
    assert_eq!(sent("/api/predict", "200"), Some(80.0));
    assert_eq!(sent("/api/predict", "400"), Some(40.0));
    assert_eq!(sent("/api/predict", "500"), Some(40.0));
    assert_eq!(sent("/health/live", "200"), Some(40.0));
    assert_eq!(sent("unmatched", "404"), Some(40.0));
    let predicted = raw.counted("predictions_total", &["digit", "source"], |labels| {
        labels["digit"] == "3"
    });
    assert_eq!(predicted.into_values().collect::<Vec<_>>(), [40.0, 40.0]);
    let corrected = raw.counted("corrections_total", &["model"], all);
    assert_eq!(corrected.into_values().collect::<Vec<_>>(), [10.0]);

    for query in panels() {
        let given = prometheus.query(&query, Some(&time)).await;
        if query == "time() - process_start_time_seconds" {
            let started = raw.last("process_start_time_seconds", &[])[&vec![]];
            assert!((given[0].values[0] - (now - started)).abs() < 1.0, "{given:?}");
            continue;
        }
        if query == "ALERTS" {
            // Pending alerts are included; they are checked below.
            continue;
        }
        let (labels, numbers) = expected(&query, &raw).unwrap_or_else(|| panic!("what should {query} give?"));
        compare(&query, labels, &given, &numbers);
    }
    for rule in prometheus.rules().await {
        let (name, query) = (rule["name"].as_str().unwrap(), rule["query"].as_str().unwrap());
        let (labels, numbers) = expected(name, &raw).unwrap_or_else(|| panic!("what should {name} give?"));
        compare(name, labels, &prometheus.query(query, Some(&time)).await, &numbers);
        if rule["type"] == "recording" {
            assert!(records(&prometheus, name, query, labels, now).await, "{name}");
        }
    }
    let alerts = prometheus
        .query(
            "ALERTS{alertname=\"HighErrorRatio\", alertstate=\"pending\"}",
            Some(&time),
        )
        .await;
    assert_eq!(alerts.len(), 1, "it would fire if it lasted");
}
