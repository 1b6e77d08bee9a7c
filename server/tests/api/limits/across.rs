//! Limits that several servers count together, in Redis.

use std::{collections::BTreeSet, time::Duration};

use futures_util::future::join_all;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use reqwest::{
    Method, Response,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use server::settings::Settings;
use tempfile::TempDir;

use super::{
    limit_refused, limited, limited_in, number, register_with, standing,
    storage::{Storage, count_in},
};
use crate::support::{
    TestServer, eventually,
    metrics::{Scrape, until},
    models,
    pictures::numbered_png,
    program::Program,
    redis::{Redis, certificate},
    server::{PASSWORD, file},
};

/// Further servers with the database and the limits of one.
async fn beside(server: &TestServer, number: usize) -> Vec<TestServer> {
    let start = |_| TestServer::start_with(&server.settings, || Ok(models::three()));
    join_all((0..number).map(start)).await
}

/// The counts that are left after each answered prediction of a user, who asks all servers at once with 30 clients.
async fn left_after_each(servers: &[TestServer]) -> Vec<u64> {
    let token = servers[0].user("ana").await;
    let token = &token;
    let client = async |client: usize| {
        let mut left = Vec::new();
        for request in 0..6 {
            let server = &servers[(client + request) % servers.len()];
            let picture = numbered_png(u32::try_from(client * 6 + request).unwrap());
            let response = server.upload_by(token, "a.png", picture).send().await.unwrap();
            match response.status().as_u16() {
                200 => left.push(standing(&response).1),
                _ => limit_refused(response, "/api/predict", 100).await,
            }
        }
        left
    };
    join_all((0..30).map(client)).await.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_of_a_hundred_is_a_hundred_over_three_servers() {
    let without_burst_limit = |settings: &mut Settings| {
        assert_eq!(settings.limits.ratelimit_predict, "100 per day".parse().unwrap());
        settings.limits.ratelimit_flood = "10000 per second".parse().unwrap();
    };
    let redis = Redis::on_port();
    let one = limited(|settings| {
        without_burst_limit(settings);
        count_in(&redis, settings);
    })
    .await;
    let mut three = beside(&one, 2).await;
    three.push(one);
    let alone = vec![limited(without_burst_limit).await];
    for servers in [&three, &alone] {
        let left = left_after_each(servers).await;
        assert_eq!(left.len(), 100);
        assert_eq!(left.into_iter().collect::<BTreeSet<_>>(), (0..100).collect());
        assert_eq!(servers[0].row("ana").await.predictions, 100);
    }
}

#[tokio::test]
async fn failed_sign_ins_count_over_all_servers() {
    let redis = Redis::start();
    let one = limited(|settings| count_in(&redis, settings)).await;
    let mut servers = beside(&one, 1).await;
    servers.push(one);
    servers[0].add_user("ana").await;
    for attempt in 0..5 {
        let wrong = json!({ "username": "ana", "password": "wrong password" });
        let response = servers[attempt % 2].post("/login", &wrong).await;
        assert_eq!(response.status(), 401, "{attempt}");
    }
    for server in &servers {
        let right = json!({ "username": "ana", "password": PASSWORD });
        limit_refused(server.post("/login", &right).await, "/api/login", 5).await;
    }
}

/// What a response says about limits: status, limit and what is left of it, and the seconds to wait and to the reset.
async fn said(response: Response) -> (u16, (u64, u64), [u64; 2]) {
    let status = response.status().as_u16();
    let wait = if status == 429 {
        number(&response, "retry-after")
    } else {
        0
    };
    let times = [wait, number(&response, "x-ratelimit-reset")];
    let standing = standing(&response);
    // A batch goes on for as long as it is read.
    response.bytes().await.unwrap();
    (status, standing, times)
}

/// A batch of this many files.
async fn predict_batch(server: &TestServer, token: &str, files: u32) -> Response {
    let part = |number| Part::bytes(numbered_png(number)).file_name("a.png");
    let form = (0..files).fold(Form::new(), |form, number| form.part("file", part(number)));
    let request = server.by(token, Method::POST, "/api/predict/batch").multipart(form);
    request.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_and_redis_give_the_same_answers_to_random_requests() {
    let quotas = |settings: &mut Settings| {
        settings.limits.ratelimit_register = "13 per 9 days;7 per 2 days".parse().unwrap();
        settings.limits.ratelimit_predict = "60 per 9 days;37 per day".parse().unwrap();
        settings.limits.ratelimit_flood = "10000 per second".parse().unwrap();
        settings.limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        settings.accounts.unconfirmed_predictions = 9;
    };
    let (memory, redis) = (Storage::memory(), Storage::redis());
    let servers = [limited_in(&memory, quotas).await, limited_in(&redis, quotas).await];
    let users = async |server: &TestServer| {
        let confirmed = server.user("confirmed").await;
        assert_eq!(server.register("new").await.status(), 201);
        [confirmed, server.sign_in("new").await]
    };
    let tokens = [users(&servers[0]).await, users(&servers[1]).await];
    let mut random = StdRng::seed_from_u64(16);
    let mut refused = 0;
    for step in 0..120 {
        let user = random.random_range(0..2_usize);
        let files = random.random_range(1..9);
        let address = format!("203.0.113.{}", random.random_range(0..4));
        let kind = random.random_range(0..4);
        let ask = async |server: usize| {
            let (server, token) = (&servers[server], &tokens[server][user]);
            let response = match kind {
                0 | 1 => register_with(server, &[("x-forwarded-for", address.as_str())]).await,
                2 => predict_batch(server, token, files).await,
                _ => server
                    .upload_by(token, "a.png", numbered_png(step))
                    .send()
                    .await
                    .unwrap(),
            };
            let said = said(response).await;
            let account: Value = server.me(token).await.json().await.unwrap();
            (said, account["quota"]["remaining"].clone())
        };
        let ((here, quota), (there, other_quota)) = tokio::join!(ask(0), ask(1));
        assert_eq!((here.0, here.1, quota), (there.0, there.1, other_quota), "step {step}");
        for (one, other) in here.2.iter().zip(there.2) {
            assert!(one.abs_diff(other) <= 3, "step {step}: {here:?}, {there:?}");
        }
        refused += u32::from(here.0 == 429);
    }
    assert!((20..100).contains(&refused), "{refused}");
}

/// Waits until the program has logged a text as often as that, and asserts that it wasn't more often.
async fn until_logged(program: &Program, text: &str, times: usize) {
    let logged = || program.console().matches(text).count();
    eventually(text, async || (logged() >= times).then_some(())).await;
    assert_eq!(logged(), times, "{text}");
}

async fn until_up(program: &Program, up: f64) {
    eventually("that state of the storage", async || {
        let text = program
            .ask(Method::GET, "/metrics")
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        (Scrape::parse(&text).get("ratelimit_storage_up", &[]) == Some(up)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redis_is_away_the_process_counts_by_itself() {
    let mut redis = Redis::start();
    let logs = TempDir::new().unwrap();
    let program = Program::start(
        logs.path(),
        &[],
        &[
            ("RATELIMIT_ENABLED", "true"),
            ("RATELIMIT_REGISTER", "20 per day"),
            ("RATELIMIT_STORAGE_URL", &*redis.url),
            // Longer than the default, for a busy machine.
            ("RATELIMIT_STORAGE_TIMEOUT_MILLISECONDS", "1000"),
        ],
    );
    let register = async || {
        let request = program.ask(Method::POST, "/register").json(&json!({}));
        let asked = tokio::time::timeout(Duration::from_secs(10), request.send()).await;
        let response = asked.expect("it doesn't wait for Redis").unwrap();
        assert_eq!(response.status(), 400);
        standing(&response)
    };
    until_up(&program, 1.0).await;
    for left in [19, 18, 17] {
        assert_eq!(register().await, (20, left));
    }
    // It hangs: with its own quota, the process goes on.
    redis.signal("-STOP");
    for left in [19, 18, 17, 16, 15, 14] {
        assert_eq!(register().await, (20, left));
    }
    until_up(&program, 0.0).await;
    until_logged(&program, "Redis no responde", 1).await;
    redis.signal("-CONT");
    until_up(&program, 1.0).await;
    until_logged(&program, "Redis responde otra vez", 1).await;
    // What it counted before holds; it may have found the request that no answer was waited for.
    let (_, left) = register().await;
    assert!((15..=16).contains(&left), "{left}");
    // It ends, and is noticed although nobody asks.
    redis.kill();
    until_up(&program, 0.0).await;
    assert_eq!(register().await, (20, 13));
    until_logged(&program, "Redis no responde", 2).await;
    redis.resume();
    until_up(&program, 1.0).await;
    assert_eq!(register().await, (20, 19));
    until_logged(&program, "Redis responde otra vez", 2).await;
    program.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_starts_without_redis_and_uses_it_once_it_is_there() {
    let mut redis = Redis::start();
    redis.kill();
    let server = limited(|settings| count_in(&redis, settings)).await;
    let up = async |up| until(&server, |scrape| scrape.get("ratelimit_storage_up", &[]) == Some(up)).await;
    up(0.0).await;
    redis.resume();
    up(1.0).await;
    assert_eq!(server.register("ana").await.status(), 201);
    assert!(
        redis
            .keys()
            .iter()
            .any(|(key, _)| key.starts_with("trazo:limit:register:"))
    );
}

#[tokio::test]
async fn what_is_kept_in_redis_is_forgotten_and_names_nobody() {
    let redis = Redis::start();
    let server = limited(|settings| {
        settings.limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        count_in(&redis, settings);
    })
    .await;
    let long = "x".repeat(100_000);
    for name in ["ana", "ana@example.com", long.as_str()] {
        let guess = json!({ "username": name, "password": "wrong password" });
        let request = server
            .client
            .post(server.url("/login"))
            .header("x-forwarded-for", "203.0.113.7");
        assert_eq!(request.json(&guess).send().await.unwrap().status(), 401);
    }
    server.predict("a.png", numbered_png(1)).await;
    let mut keys = redis.keys();
    // The server's own test of the connection.
    keys.retain(|(key, _)| key != "trazo:limit:test");
    for kind in ["default", "predict", "sign-in", "failed-sign-in"] {
        let start = format!("trazo:limit:{kind}:");
        assert!(keys.iter().any(|(key, _)| key.starts_with(&start)), "{kind}: {keys:?}");
    }
    for (key, left) in keys {
        assert!((1..=86_400_000).contains(&left), "{key}: {left}");
        assert!(
            key.len() < 64 && !key.contains("ana") && !key.contains("203.0"),
            "{key}"
        );
    }
}

#[tokio::test]
async fn limits_are_counted_over_tls() {
    let folder = TempDir::new().unwrap();
    let [certificate, key] = certificate(folder.path());
    let redis = Redis::over_tls(&certificate, &key);
    let program = Program::start(
        folder.path(),
        &[],
        &[
            ("RATELIMIT_ENABLED", "true"),
            ("RATELIMIT_STORAGE_URL", &*redis.url),
            ("RATELIMIT_STORAGE_TIMEOUT_MILLISECONDS", "10000"),
            ("SSL_CERT_FILE", certificate.to_str().unwrap()),
        ],
    );
    until_up(&program, 1.0).await;
    let request = program.ask(Method::POST, "/register").json(&json!({}));
    assert_eq!(standing(&request.send().await.unwrap()), (10, 9));
    until_logged(&program, "Redis no responde", 0).await;
}

/// What another limit refuses and what the server fails to do is given back in Redis, also by another server.
#[tokio::test]
async fn what_is_given_back_is_given_back_for_all_servers() {
    let redis = Redis::start();
    let one = limited(|settings| {
        settings.limits.ratelimit_predict = "3 per day".parse().unwrap();
        count_in(&redis, settings);
    })
    .await;
    let failing = TestServer::start_with(&one.settings, || Ok(models::panicking())).await;
    let predict = async |server: &TestServer| {
        let request = server.by(&one.token, Method::POST, "/api/predict");
        request.multipart(file("a.png", numbered_png(1))).send().await.unwrap()
    };
    for left in [2, 1] {
        let response = predict(&failing).await;
        assert_eq!((response.status().as_u16(), standing(&response)), (500, (3, left + 1)));
        let response = predict(&one).await;
        assert_eq!((response.status().as_u16(), standing(&response)), (200, (3, left)));
    }
}
