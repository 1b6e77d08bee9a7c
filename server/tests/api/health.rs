//! `GET /health/live` and `GET /health/ready`.

use std::{sync::mpsc, time::Duration};

use serde_json::{Value, json};

use crate::support::{TestServer, models, settings, server::refused};

async fn until_ready(server: &TestServer) {
    while server.get("/health/ready").await.status() != 200 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn ready_when_the_model_is() {
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
async fn without_a_model_never_ready_and_still_alive() {
    for load in [|| Err("no weights".to_owned()), || panic!("broken weights")] {
        let server = TestServer::start_with(&settings(), load).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
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
async fn not_ready_while_it_drains_and_still_alive() {
    let mut settings = settings();
    settings.shutdown.shutdown_delay_seconds = Duration::from_secs(30);
    let mut server = TestServer::start_with(&settings, || Ok(models::three())).await;
    until_ready(&server).await;
    server.begin_stop();
    tokio::time::sleep(Duration::from_millis(100)).await;
    refused(server.get("/health/ready").await, 503, "draining", "msg").await;
    assert_eq!(server.get("/health/live").await.status(), 200);
}
