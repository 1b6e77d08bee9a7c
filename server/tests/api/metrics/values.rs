//! Predictions, accounts, mail and the process.

use std::sync::mpsc;

use api::Prediction;
use reqwest::Method;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::support::{
    TestServer,
    mail::{Sink, by_smtp, dead_port},
    metrics::{Scrape, scrape, until},
    models,
    pictures::numbered_png,
    server::PASSWORD,
    settings,
};

#[tokio::test]
async fn a_prediction_is_counted_at_every_stage() {
    let server = TestServer::start().await;
    for number in [1, 2, 3, 1, 2, 1] {
        assert_eq!(server.predict("a.png", numbered_png(number)).await.status(), 200);
    }
    let scrape = scrape(&server).await;
    assert_eq!(scrape.get("prediction_cache_entries", &[]), Some(3.0));
    let predicted = |source| scrape.get("predictions_total", &[("digit", "3"), ("source", source)]);
    assert_eq!((predicted("model"), predicted("cache")), (Some(3.0), Some(3.0)));
    assert_eq!(
        scrape.get("predictions_total", &[("digit", "7"), ("source", "model")]),
        Some(0.0)
    );
    for stage in ["decode", "preprocess", "queue", "infer"] {
        let labels = [("stage", stage)];
        assert_eq!(scrape.get("prediction_seconds_count", &labels), Some(3.0), "{stage}");
        assert!(scrape.get("prediction_seconds_sum", &labels) > Some(0.0), "{stage}");
    }
    assert_eq!(scrape.get("prediction_batch_size_sum", &[]), Some(3.0));
    assert_eq!(scrape.get("prediction_confidence_count", &[]), Some(3.0));
    assert_eq!(scrape.get("prediction_confidence_bucket", &[("le", "0.99")]), Some(0.0));
    assert_eq!(scrape.get("prediction_confidence_bucket", &[("le", "1")]), Some(3.0));
    assert_eq!(scrape.get("prediction_queue_depth", &[]), Some(0.0));
}

#[tokio::test]
async fn an_answer_counts_as_corrected_once() {
    let server = TestServer::start().await;
    let counted = async || {
        let labels = [("model", classifier::model_version())];
        scrape(&server).await.get("corrections_total", &labels)
    };
    let mut paths = Vec::new();
    for number in [1, 2] {
        let answer: Prediction = server
            .predict("a.png", numbered_png(number))
            .await
            .json()
            .await
            .unwrap();
        paths.push(format!("/api/predictions/{}/correction", answer.id.unwrap()));
    }
    let say = async |path: &str, body: Value| {
        let request = server.by(&server.token, Method::POST, path).json(&body);
        assert_eq!(request.send().await.unwrap().status(), 200);
    };
    // The model reads a 3: that is no other answer.
    for (path, body, expected) in [
        (&paths[0], json!({ "digito": 3 }), 0.0),
        (&paths[0], json!({ "digito": 5 }), 1.0),
        (&paths[0], json!({ "digito": 5 }), 1.0),
        (&paths[0], json!({ "no_es_un_digito": true }), 1.0),
        (&paths[1], json!({ "no_es_un_digito": true }), 2.0),
    ] {
        say(path, body.clone()).await;
        assert_eq!(counted().await, Some(expected), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_depth_rises_and_falls() {
    let (model, gate) = models::gated();
    let mut settings = settings();
    settings.inference.queue_length = 7;
    settings.inference.batch_size = 1;
    let server = TestServer::start_with(&settings, || Ok(model)).await;
    let post = |number| tokio::spawn(server.upload("a.png", numbered_png(number)).send());
    // One is in the model, two are in the queue.
    let held: Vec<_> = (0..3).map(post).collect();
    let scrape = until(&server, |scrape| scrape.get("prediction_queue_depth", &[]) == Some(2.0)).await;
    assert_eq!(scrape.get("prediction_queue_capacity", &[]), Some(7.0));
    let pending = [("endpoint", "/api/predict")];
    assert_eq!(scrape.get("http_requests_pending", &pending), Some(3.0));
    gate.open();
    for post in held {
        assert_eq!(post.await.unwrap().unwrap().status(), 200);
    }
    until(&server, |scrape| scrape.get("prediction_queue_depth", &[]) == Some(0.0)).await;
}

#[tokio::test]
async fn logins_and_accounts_are_counted() {
    let server = TestServer::with(|settings| settings.limits.ratelimit_enabled = true).await;
    for name in ["ana", "off"] {
        assert_eq!(server.register(name).await.status(), 201);
    }
    server.add_user("confirmed").await;
    server.change_row("off", |row| row.disabled = Set(true)).await;
    let sign_in = async |username: &str, password: &str, status: u16| {
        let credentials = json!({ "username": username, "password": password });
        assert_eq!(server.post("/api/login", &credentials).await.status(), status);
    };
    sign_in("ana", PASSWORD, 200).await;
    sign_in("off", PASSWORD, 403).await;
    for _ in 0..5 {
        sign_in("ana", "wrong password", 401).await;
    }
    sign_in("ana", PASSWORD, 429).await;
    let scrape = scrape(&server).await;
    // The first success is the login of the administrator for the test's token.
    for (result, times) in [("success", 2.0), ("disabled", 1.0), ("failure", 5.0), ("limited", 1.0)] {
        assert_eq!(
            scrape.get("logins_total", &[("result", result)]),
            Some(times),
            "{result}"
        );
    }
    for (confirmed, accounts) in [("true", 2.0), ("false", 2.0)] {
        let labels = [("confirmed", confirmed)];
        assert_eq!(scrape.get("registered_users", &labels), Some(accounts), "{confirmed}");
    }
    let limited = [("endpoint", "/api/login")];
    assert_eq!(scrape.get("rate_limited_total", &limited), Some(1.0));
}

#[tokio::test]
async fn pending_and_sent_mail_is_counted() {
    let port = dead_port();
    let server = TestServer::with(|settings| by_smtp(settings, port)).await;
    assert_eq!(server.register("ana").await.status(), 201);
    let sent = |scrape: &Scrape, result| scrape.get("mail_sent_total", &[("result", result)]);
    let scraped = until(&server, |scrape| sent(scrape, "failed") == Some(1.0)).await;
    assert_eq!(scraped.get("mail_outbox_pending", &[]), Some(1.0));
    assert_eq!(sent(&scraped, "sent"), Some(0.0));
    let mut sink = Sink::start_on(port).await;
    sink.next().await;
    until(&server, |scrape| {
        sent(scrape, "sent") == Some(1.0) && scrape.get("mail_outbox_pending", &[]) == Some(0.0)
    })
    .await;
}

#[tokio::test]
async fn connections_to_the_database_are_counted() {
    let server = TestServer::start().await;
    let scrape = scrape(&server).await;
    let connections = |state| scrape.get("database_pool_connections", &[("state", state)]).unwrap();
    let most = f64::from(server.settings.database.database_connections);
    assert_eq!(scrape.get("database_pool_connections_max", &[]), Some(most));
    assert!((1.0..=most).contains(&(connections("in_use") + connections("idle"))));
}

#[tokio::test]
async fn version_model_backend_and_instructions_are_labels() {
    let (load, loaded) = mpsc::channel();
    let server = TestServer::start_with(&settings(), move || {
        loaded.recv().unwrap();
        Ok(models::three())
    })
    .await;
    let scraped = scrape(&server).await;
    let labels = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("model", classifier::model_version()),
        ("backend", "flex"),
        ("instructions", classifier::instruction_set()),
    ];
    assert_eq!(scraped.get("app_info", &labels), Some(1.0));
    assert_eq!(scraped.get("model_ready", &[]), Some(0.0));
    assert!(scraped.get("process_resident_memory_bytes", &[]) > Some(1e6));
    assert!(scraped.get("process_open_fds", &[]) > Some(1.0));
    assert_eq!(scraped.get("log_lines_dropped_total", &[]), Some(0.0));
    load.send(()).unwrap();
    until(&server, |scrape| scrape.get("model_ready", &[]) == Some(1.0)).await;
}

#[tokio::test]
async fn two_servers_count_separately() {
    let (one, other) = (TestServer::start().await, TestServer::start().await);
    one.get("/health/live").await;
    one.predict("a.png", numbered_png(1)).await;
    let live = [("endpoint", "/health/live")];
    assert_eq!(scrape(&one).await.get("http_requests_total", &live), Some(1.0));
    let other = scrape(&other).await;
    assert_eq!(other.get("http_requests_total", &live), Some(0.0));
    assert_eq!(other.get("predictions_total", &[]), Some(0.0));
}
