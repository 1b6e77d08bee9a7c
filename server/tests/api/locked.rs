//! While another process holds a lock of the database, requests that write are answered with 503 in bounded time, and the
//! server recovers by itself.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use serde_json::Value;

use crate::support::{TestServer, eventually, pictures::numbered_png, server::refused};

/// Within this time every request is answered.
const BOUND: Duration = Duration::from_secs(5);

/// A connection that holds a lock with which nobody else can write.
async fn lock(server: &TestServer) -> DatabaseConnection {
    let mut options = ConnectOptions::new(server.settings.database.url().expose());
    options.max_connections(1);
    let connection = Database::connect(options).await.unwrap();
    connection.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    connection
}

#[tokio::test]
async fn requests_that_write_are_refused_in_time_and_the_server_recovers() {
    let server = TestServer::start().await;
    if server.settings.database.sqlite_file().is_none() {
        // Postgres has locks for rows and tables, and none for the whole database.
        return;
    }
    assert_eq!(server.predict("a.png", numbered_png(0)).await.status(), 200);
    let locked = lock(&server).await;
    let timed = async |request: reqwest::RequestBuilder| {
        let start = Instant::now();
        let response = request.send().await.unwrap();
        (response, start.elapsed())
    };
    // They begin one after another, so that some wait for others.
    let predictions = (1..6).map(async |index: u8| {
        tokio::time::sleep(Duration::from_millis(300) * u32::from(index)).await;
        timed(server.upload("a.png", numbered_png(index.into()))).await
    });
    let registrations = ["ana", "eva", "luz"].map(async |name| {
        let new = serde_json::json!({ "username": name, "email": format!("{name}@example.com"), "password": "una frase larga" });
        timed(server.client.post(server.url("/api/register")).json(&new)).await
    });
    let (predictions, registrations) = join(join_all(predictions), join_all(registrations)).await;
    for (answers, text) in [(predictions, "error"), (registrations, "msg")] {
        for (response, time) in answers {
            assert!(time < BOUND, "answered after {time:?}");
            assert!(response.headers().contains_key("retry-after"));
            refused(response, 503, "database_unavailable", text).await;
        }
    }
    refused(server.get("/health/ready").await, 503, "database_unavailable", "msg").await;
    assert_eq!(server.get("/health/live").await.status(), 200);

    locked.execute_unprepared("ROLLBACK").await.unwrap();
    let ready = async || (server.get("/health/ready").await.status() == 200).then_some(());
    eventually("it is ready again", ready).await;
    assert_eq!(server.predict("a.png", numbered_png(9)).await.status(), 200);
    assert_eq!(server.register("ana").await.status(), 201);
    let history: Value = server.get_json("/api/predictions").await;
    assert!(history["total"].as_u64().unwrap() >= 2, "{history}");
}
