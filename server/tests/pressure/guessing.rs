//! Guessing passwords: slowed down as docs/security.md says, without locking the owner out, and without learning from the time
//! of an answer which names exist.

use std::{
    cmp::Ordering,
    time::{Duration, Instant},
};

use api::{Locale, Role};
use futures_util::future::join_all;
use reqwest::{Method, Response};
use serde_json::json;
use server::{
    domain::{Email, Username},
    settings::Settings,
    store::{NewUser, Store},
};

use crate::{
    harness::{Installation, Row, assert_no_internal_error, register, short_or_long, shown, tally},
    support::{program::Program, server::PASSWORD},
};

/// With limits, and behind a proxy, so that clients have addresses.
fn installation() -> Installation {
    Installation::new(&[("RATELIMIT_ENABLED", "true"), ("TRUSTED_PROXIES", "127.0.0.1/32")])
}

async fn log_in(program: &Program, ip: &str, username: &str, password: &str) -> Response {
    let credentials = json!({ "username": username, "password": password });
    let request = program.ask(Method::POST, "/login").header("x-forwarded-for", ip);
    request.json(&credentials).send().await.unwrap()
}

async fn guess(program: &Program, ip: &str, username: &str) -> u16 {
    log_in(program, ip, username, "wrong password").await.status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down_and_the_owner_gets_in() {
    let mut row = Row::new("Guessing passwords");
    let installation = installation();
    let program = installation.ready(&[]).await;
    for name in ["ana", "eva"] {
        assert_eq!(register(&program, name).await.unwrap().status(), 201);
    }

    // One account from one address: five guesses, then the right password is refused as well.
    for _ in 0..5 {
        assert_eq!(guess(&program, "203.0.113.1", "ana").await, 401);
    }
    let refused = log_in(&program, "203.0.113.1", "ana", PASSWORD).await;
    assert_eq!(refused.status(), 429);
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=180).contains(&wait), "{wait}");
    assert_eq!(log_in(&program, "198.51.100.1", "ana", PASSWORD).await.status(), 200);
    row.figure("one account: 5 guesses, then 429");

    // Any accounts from one address: 50 an hour.
    let mut statuses = Vec::new();
    for number in 0..60 {
        statuses.push(guess(&program, "203.0.113.2", &format!("name{number}")).await);
    }
    let (tried, refused) = statuses.split_at(50);
    assert!(tried.iter().all(|status| *status == 401) && refused.iter().all(|status| *status == 429));
    row.figure(format!("one address: {}", tally(statuses.iter().copied())));

    // One account from many addresses: every answer about it is late, up to two seconds.
    let addresses = short_or_long(40, 200);
    let guesses = (0..addresses).map(async |number| guess(&program, &format!("192.0.2.{number}"), "eva").await);
    assert!(join_all(guesses).await.iter().all(|status| *status == 401));
    let start = Instant::now();
    assert_eq!(guess(&program, "203.0.113.3", "eva").await, 401);
    let slowed = start.elapsed();
    assert!(slowed >= Duration::from_secs(2), "{slowed:?}");
    let start = Instant::now();
    assert_eq!(log_in(&program, "198.51.100.2", "eva", PASSWORD).await.status(), 200);
    let owner = start.elapsed();
    row.figure(format!("{addresses} addresses: each guess after {}", shown(slowed)));
    row.bounded(
        format!("the owner in after {}", shown(owner)),
        owner <= Duration::from_secs(4),
    );
    assert_no_internal_error(&program.stop());
    row.finish();
}

/// Adds accounts with the password of `ana`: hashing one for each would take minutes.
async fn add_users(installation: &Installation, names: &[String]) {
    let mut settings = Settings::defaults();
    settings.database.data_dir = installation.data();
    let store = Store::connect(&settings.database).await.unwrap();
    let hash = store.credentials("ana").await.unwrap().unwrap().password_hash;
    for name in names {
        let email: Email = format!("{name}@example.com").parse().unwrap();
        let username: Username = name.parse().unwrap();
        let new = NewUser {
            username: &username,
            email: &email,
            password_hash: hash.clone(),
            role: Role::User,
            email_confirmed: true,
            locale: Locale::Es,
        };
        store.add_user(new, None).await.unwrap();
    }
}

/// The probability that a time of `known` is longer than one of `unknown`: the area under the ROC curve of the time.
fn auc(known: &[Duration], unknown: &[Duration]) -> f64 {
    // In halves, because equal times count half.
    let won = |time: &Duration| -> usize {
        let halves = |other: &Duration| match time.cmp(other) {
            Ordering::Less => 0,
            Ordering::Equal => 1,
            Ordering::Greater => 2,
        };
        unknown.iter().map(halves).sum()
    };
    let halves: usize = known.iter().map(won).sum();
    halves as f64 / (2 * known.len() * unknown.len()) as f64
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_an_answer_does_not_tell_whether_a_name_exists() {
    let mut row = Row::new("Time of known and unknown names");
    let installation = installation();
    let program = installation.ready(&[]).await;
    assert_eq!(register(&program, "ana").await.unwrap().status(), 201);
    let count = short_or_long(20, 1_000);
    let names = |kind: &str| -> Vec<String> { (0..count).map(|number| format!("{kind}{number:05}")).collect() };
    let (known, unknown) = (names("some"), names("none"));
    add_users(&installation, &known).await;
    let mut times = [Vec::new(), Vec::new()];
    let mut answers = Vec::new();
    for pair in 0..count {
        // Neither kind is always the first, and each guess is the first from its address.
        for turn in 0..2 {
            let kind = (turn + pair) % 2;
            let name = [&known, &unknown][kind][pair].as_str();
            let ip = format!("10.{kind}.{}.{}", pair / 250, pair % 250 + 1);
            let start = Instant::now();
            let response = log_in(&program, &ip, name, "wrong password").await;
            let status = response.status();
            let body = response.text().await.unwrap();
            times[kind].push(start.elapsed());
            answers.push((status.as_u16(), body));
        }
    }
    answers.dedup();
    assert!(
        answers.len() == 1 && answers[0].0 == 401,
        "all answers are equal: {answers:?}"
    );
    let auc = auc(&times[0], &times[1]);
    row.figure(format!("{count} names each"));
    row.bounded(format!("AUC {auc:.3}"), (0.45..=0.55).contains(&auc));
    assert_no_internal_error(&program.stop());
    row.finish();
}
