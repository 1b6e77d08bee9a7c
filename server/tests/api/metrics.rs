//! `GET /metrics`: values and access.

use std::{collections::BTreeSet, sync::mpsc, time::Duration};

use futures_util::{StreamExt, stream};
use reqwest::{Method, header::AUTHORIZATION};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use server::settings::Secret;

use crate::support::{
    TestServer,
    mail::{Sink, by_smtp, dead_port},
    metrics::{Scrape, scrape, until},
    models,
    pictures::numbered_png,
    server::{PASSWORD, refused},
    settings,
};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A test that existed before this server, with its name and assertions.
#[tokio::test]
async fn test_metrics_endpoint() {
    let server = TestServer::start().await;
    server.get("/health/live").await;
    let response = server.get("/metrics").await;
    assert_eq!(response.status(), 200);
    let text = response.text().await.unwrap();
    assert!(text.contains("http_requests_total"), "{text}");
    assert!(text.contains("app_info"), "{text}");
}

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
async fn version_model_and_backend_are_labels() {
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
    assert_eq!(other.get("http_requests_total", &live), None);
    assert_eq!(other.get("predictions_total", &[]), Some(0.0));
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
