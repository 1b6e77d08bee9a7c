//! A database that another process has locked.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::{Method, RequestBuilder};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use serde_json::json;
use tokio::{task::JoinSet, time::sleep};

use crate::{
    harness::{
        Installation, Row, assert_no_internal_error, assert_unavailable, predict, register, short_or_long, shown,
        status, until_ready,
    },
    support::{
        eventually,
        pictures::numbered_png,
        program::Program,
        server::{PASSWORD, file},
    },
};

/// Within this time every request is answered (docs/operations.md).
const BOUND: Duration = Duration::from_secs(5);

/// Requests in progress at the same time.
const CLIENTS: usize = 9;

/// A request that writes, of another kind each time.
fn writing(program: &Program, token: &str, number: usize) -> RequestBuilder {
    let ask = |path| program.ask(Method::POST, path);
    match number % 3 {
        0 => {
            let picture = numbered_png(u32::try_from(number).unwrap());
            ask("/predict").bearer_auth(token).multipart(file("a.png", picture))
        }
        1 => ask("/login").json(&json!({ "username": "admin", "password": PASSWORD })),
        _ => {
            let (name, email) = (format!("user{number}"), format!("user{number}@example.com"));
            ask("/register").json(&json!({ "username": name, "email": email, "password": PASSWORD }))
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_write_are_refused_in_time_while_the_database_is_locked() {
    let mut row = Row::new("Database locked for 40 s");
    let installation = Installation::new(&[]);
    let program = Arc::new(installation.ready(&[]).await);
    let token = program.sign_in("admin", PASSWORD).await;
    assert_eq!(predict(&program, &token, 0).await.unwrap().status(), 200);
    let mut options = ConnectOptions::new(installation.sqlite());
    options.max_connections(1);
    let other = Database::connect(options).await.unwrap();
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();

    let (start, time) = (Instant::now(), Duration::from_secs(short_or_long(3, 40)));
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (program, token) = (Arc::clone(&program), token.clone());
        clients.spawn(async move {
            let mut times = Vec::new();
            // They begin one after another, so that some wait for others.
            sleep(Duration::from_millis(100) * u32::try_from(client).unwrap()).await;
            for number in (client + 1..).step_by(CLIENTS) {
                if start.elapsed() >= time {
                    break;
                }
                let begun = Instant::now();
                let response = writing(&program, &token, number).send().await.unwrap();
                times.push(begun.elapsed());
                assert_unavailable(response).await;
            }
            times
        });
    }
    eventually("it isn't ready", async || {
        (status(&program, "/health/ready").await == 503).then_some(())
    })
    .await;
    assert_eq!(status(&program, "/health/live").await, 200);
    let times = clients.join_all().await.concat();
    other.execute_unprepared("ROLLBACK").await.unwrap();
    let longest = *times.iter().max().unwrap();
    assert!(longest < BOUND, "answered after {longest:?}");
    until_ready(&program).await;
    assert_eq!(register(&program, "ana").await.unwrap().status(), 201);
    assert_eq!(predict(&program, &token, 1_000_000).await.unwrap().status(), 200);
    row.figure(format!(
        "{} × 503 with Retry-After, the slowest after {}",
        times.len(),
        shown(longest)
    ));
    let program = Arc::into_inner(program).unwrap();
    assert_no_internal_error(&program.stop());
    row.finish();
}
