//! `GET /health/live` and `GET /health/ready`.

use std::{sync::mpsc, time::Duration};

use serde_json::{Value, json};

use crate::support::{TestServer, eventually, models, server::refused, settings};

async fn until_ready(server: &TestServer) {
    eventually("readiness", async || {
        (server.get("/health/ready").await.status() == 200).then_some(())
    })
    .await;
}

/// Waits until `/health/ready` responds with this error code.
async fn until_code(server: &TestServer, code: &str) {
    eventually(code, async || {
        let body: Value = server.get("/health/ready").await.json().await.unwrap();
        (body["code"] == code).then_some(())
    })
    .await;
}

#[tokio::test]
async fn it_is_ready_when_the_model_is_loaded() {
    let (load, loaded) = mpsc::channel();
    let server = TestServer::start_with(&settings(), move || {
        loaded.recv().unwrap();
        Ok(models::three())
    })
    .await;
    assert_eq!(
        server.get("/health/live").await.json::<Value>().await.unwrap(),
        json!({"status": "live"})
    );
    refused(server.get("/health/ready").await, 503, "starting", "msg").await;
    load.send(()).unwrap();
    until_ready(&server).await;
    assert_eq!(
        server.get("/health/ready").await.json::<Value>().await.unwrap(),
        json!({"status": "ready"})
    );
}

#[tokio::test]
async fn without_a_model_it_is_never_ready_but_alive() {
    for load in [|| Err("no weights".to_owned()), || panic!("broken weights")] {
        let server = TestServer::start_with(&settings(), load).await;
        until_code(&server, "model_missing").await;
        refused(server.get("/health/ready").await, 503, "model_missing", "msg").await;
        assert_eq!(server.get("/health/live").await.status(), 200);
        refused(
            server.predict("a.png", crate::support::pictures::numbered_png(0)).await,
            500,
            "internal",
            "error",
        )
        .await;
    }
}

#[tokio::test]
async fn while_draining_it_is_not_ready_but_alive() {
    let mut settings = settings();
    settings.shutdown.shutdown_delay_seconds = Duration::from_secs(30);
    let mut server = TestServer::start_with(&settings, || Ok(models::three())).await;
    until_ready(&server).await;
    server.begin_stop();
    until_code(&server, "draining").await;
    refused(server.get("/health/ready").await, 503, "draining", "msg").await;
    let live = server.get("/health/live").await;
    assert_eq!(live.status(), 200);
    assert_eq!(
        live.headers()["connection"],
        "close",
        "a proxy sends no request after it"
    );
}
