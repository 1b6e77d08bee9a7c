//! `POST /predict` over HTTP, one request after the other: the latency for one client.

#![expect(clippy::expect_used, reason = "a benchmark that can't run should fail")]

use std::{fs, net::SocketAddr, path::Path};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use leptos::config::LeptosOptions;
use reqwest::{
    Client,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use server::{
    Server,
    settings::{Secret, Settings},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

fn benchmark(criterion: &mut Criterion) {
    let digit = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/digits/5.png")).expect("the digit");
    let runtime = Runtime::new().expect("a runtime");
    let folder = TempDir::new().expect("a folder");
    let client = Client::builder().no_proxy().build().expect("a client");
    let (url, token) = runtime.block_on(started(&folder, &client));
    let form = |bytes: Vec<u8>| Form::new().part("file", Part::bytes(bytes).file_name("5.png"));
    let post = async |form| {
        let request = client.post(&url).bearer_auth(&token).multipart(form);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer.bytes().await.expect("a body")
    };

    let mut group = criterion.benchmark_group("predict over http");
    let mut number = 0_u64;
    group.bench_function("distinct", |bencher| {
        let distinct = || {
            number += 1;
            // Bytes after the end of a PNG are ignored: the same image with another hash.
            form([digit.as_slice(), &number.to_be_bytes()].concat())
        };
        bencher
            .to_async(&runtime)
            .iter_batched(distinct, &post, BatchSize::SmallInput);
    });
    group.bench_function("cached", |bencher| {
        bencher
            .to_async(&runtime)
            .iter_batched(|| form(digit.clone()), &post, BatchSize::SmallInput);
    });
    group.finish();
}

/// Starts a server with the shipped model and without rate limits; returns the URL and an access token.
async fn started(folder: &TempDir, client: &Client) -> (String, String) {
    let password = "benchmark-admin";
    let mut settings = Settings::defaults();
    settings.limits.ratelimit_enabled = false;
    settings.database.data_dir = folder.path().to_owned();
    settings.accounts.admin_password = Some(Secret::new(password));
    let site = LeptosOptions::builder()
        .output_name("trazo")
        .site_addr(SocketAddr::from(([127, 0, 0, 1], 0)))
        .build();
    let server = Server::bind(&settings, site).await.expect("a server");
    let address = server.local_addr();
    tokio::spawn(server.run(std::future::pending()));
    let credentials = json!({ "username": settings.accounts.admin_username, "password": password });
    let signing_in = client.post(format!("http://{address}/login")).json(&credentials);
    let signed_in: Value = signing_in
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("a token");
    let token = signed_in["access_token"].as_str().expect("a token").to_owned();
    (format!("http://{address}/predict"), token)
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
