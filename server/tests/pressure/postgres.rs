//! Postgres, stopped and started again under load.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::Method;
use serde_json::json;
use tokio::{task::JoinSet, time::sleep};

use crate::{
    cluster::Cluster,
    harness::{
        Installation, Row, assert_no_internal_error, assert_unavailable, history, predict, register, short_or_long,
        shown, status, until_ready,
    },
    support::{mail::Sink, program::Program, server::PASSWORD},
};

/// Within this time every request is answered (docs/operations.md).
const BOUND: Duration = Duration::from_secs(5);

#[derive(Default)]
struct Answers {
    sent: u32,
    predicted: u64,
    registered: Vec<String>,
    refused: usize,
    longest: Duration,
}

/// Uploads pictures and registers accounts until told to stop.
async fn load(program: Arc<Program>, token: String, client: u32, stop: Arc<AtomicBool>) -> Answers {
    let mut answers = Answers::default();
    while !stop.load(Ordering::Relaxed) {
        answers.sent += 1;
        let number = client * 1_000_000 + answers.sent;
        let start = Instant::now();
        let name = format!("user{number}");
        let is_registration = answers.sent.is_multiple_of(4);
        let response = if is_registration {
            register(&program, &name).await.unwrap()
        } else {
            predict(&program, &token, number).await.unwrap()
        };
        answers.longest = answers.longest.max(start.elapsed());
        match response.status().as_u16() {
            200 => answers.predicted += 1,
            201 => answers.registered.push(name),
            _ => {
                assert_unavailable(response).await;
                answers.refused += 1;
            }
        }
        sleep(Duration::from_millis(20)).await;
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_may_stop_and_start_again() {
    let mut row = Row::new("Postgres stopped and started");
    let cluster = Cluster::start();
    let mut sink = Sink::start().await;
    let url = cluster.database().await;
    let smtp = sink.port.to_string();
    let installation = Installation::new(&[
        ("DATABASE_URL", &url),
        ("MAIL_SERVER", "127.0.0.1"),
        ("MAIL_PORT", &smtp),
        ("MAIL_USE_TLS", "false"),
    ]);
    let program = Arc::new(installation.ready(&[]).await);
    let token = program.sign_in("admin", PASSWORD).await;
    let stop = Arc::<AtomicBool>::default();
    let mut clients = JoinSet::new();
    for client in 0..6 {
        clients.spawn(load(Arc::clone(&program), token.clone(), client, Arc::clone(&stop)));
    }
    let outages = short_or_long(1, 10);
    for _ in 0..outages {
        sleep(Duration::from_secs(1)).await;
        cluster.stop();
        let credentials = json!({ "username": "admin", "password": PASSWORD });
        let login = program
            .ask(Method::POST, "/login")
            .json(&credentials)
            .send()
            .await
            .unwrap();
        assert_unavailable(login).await;
        assert_eq!(status(&program, "/health/ready").await, 503);
        assert_eq!(status(&program, "/health/live").await, 200);
        sleep(short_or_long(Duration::from_secs(4), Duration::from_secs(30))).await;
        cluster.resume();
        until_ready(&program).await;
    }
    sleep(Duration::from_secs(1)).await;
    stop.store(true, Ordering::Relaxed);
    let clients = clients.join_all().await;

    let longest = clients.iter().map(|answers| answers.longest).max().unwrap();
    assert!(longest < BOUND, "answered after {longest:?}");
    let refused: usize = clients.iter().map(|answers| answers.refused).sum();
    assert!(refused > 0, "requests were refused meanwhile");
    let predicted: u64 = clients.iter().map(|answers| answers.predicted).sum();
    let sent: u32 = clients.iter().map(|answers| answers.sent).sum();
    let rows = history(&program, &token).await;
    assert!((predicted..=u64::from(sent)).contains(&rows), "{rows} of {predicted}");
    let registered: Vec<_> = clients.into_iter().flat_map(|answers| answers.registered).collect();
    let mut mails = BTreeMap::<String, u32>::new();
    let mut missing = registered.len();
    while missing > 0 {
        let to = sink.next().await.to.concat();
        let name = to.trim_end_matches("@example.com").to_owned();
        // A registration that was answered with 503 may have been committed at the last moment.
        missing -= usize::from(registered.contains(&name) && !mails.contains_key(&name));
        *mails.entry(name).or_default() += 1;
    }
    assert!(
        mails.values().all(|times| *times == 1),
        "each email came once: {mails:?}"
    );
    row.figure(format!("{outages} times"));
    row.figure(format!(
        "{predicted} predictions and {} accounts with their emails answered, none lost",
        registered.len()
    ));
    row.figure(format!("{refused} × 503, the slowest after {}", shown(longest)));
    let program = Arc::into_inner(program).unwrap();
    assert_no_internal_error(&program.stop());
    row.finish();
}
