//! `GET /metrics` over HTTP with all series present: the duration of one scrape, including its database queries.

#![expect(clippy::expect_used, reason = "a benchmark that can't run should fail")]

use std::net::SocketAddr;

use api::AccessToken;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use leptos::config::LeptosOptions;
use reqwest::{
    Client, Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use server::{
    Server,
    settings::{Secret, Settings},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const PASSWORD: &str = "adminpassword";

/// A client of a running server.
struct ApiClient {
    url: String,
    client: Client,
    token: String,
}

fn benchmark(criterion: &mut Criterion) {
    let folder = TempDir::new().expect("a folder");
    let runtime = Runtime::new().expect("a runtime");
    let caller = runtime.block_on(async {
        let caller = started(&folder).await;
        caller.touch_everything().await;
        caller
    });
    let scrape = async || {
        let answer = caller
            .client
            .get(caller.at("/metrics"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        answer.text().await.expect("a text")
    };
    let text = runtime.block_on(scrape());
    let series = text.lines().filter(|line| !line.starts_with('#')).count();

    let mut group = criterion.benchmark_group("metrics over http");
    group.throughput(Throughput::Elements(series as u64));
    group.bench_function(format!("{series} series"), |bencher| {
        bencher.to_async(&runtime).iter(scrape);
    });
    group.finish();
}

/// Starts a server with the shipped model and a new database.
async fn started(folder: &TempDir) -> ApiClient {
    let site = LeptosOptions::builder()
        .output_name("trazo")
        .site_addr(SocketAddr::from(([127, 0, 0, 1], 0)))
        .build();
    let mut settings = Settings::defaults();
    settings.limits.ratelimit_enabled = false;
    settings.accounts.admin_password = Some(Secret::new(PASSWORD));
    settings.database.data_dir = folder.path().to_owned();
    let server = Server::bind(&settings, site).await.expect("a server");
    let mut caller = ApiClient {
        url: format!("http://{}", server.local_addr()),
        client: Client::builder().no_proxy().build().expect("a client"),
        token: String::new(),
    };
    tokio::spawn(server.run(std::future::pending()));
    let credentials = json!({ "username": "admin", "password": PASSWORD });
    let answer = caller.client.post(caller.at("/login")).json(&credentials).send().await;
    let session = answer.expect("an answer").json::<AccessToken>().await;
    caller.token = session.expect("a session").access_token;
    caller
}

impl ApiClient {
    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Requests every route with every method, without authentication and as the administrator.
    async fn touch_everything(&self) {
        let picture = include_bytes!("digits/5.png").as_slice();
        let form = Form::new().part("file", Part::bytes(picture).file_name("5.png"));
        let predict = self.client.post(self.at("/predict")).bearer_auth(&self.token);
        let answer = predict.multipart(form).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);

        let description = self.client.get(self.at("/api/openapi.json")).send().await;
        let description = description.expect("an answer").json::<Value>().await.expect("JSON");
        let described = description["paths"].as_object().expect("paths").keys().cloned();
        let others = [
            "/",
            "/metrics",
            "/account",
            "/nothing",
            "/register",
            "/login",
            "/predict",
        ];
        let paths: Vec<_> = others.into_iter().map(ToOwned::to_owned).chain(described).collect();
        for token in ["", &self.token] {
            for path in &paths {
                // Logout comes last, so that the session is valid for all other requests.
                if !token.is_empty() && path.contains("logout") {
                    continue;
                }
                for method in [Method::GET, Method::POST, Method::PATCH, Method::DELETE] {
                    let path = path.replace("{id}", "1").replace("{token}", "x");
                    let request = self.client.request(method, self.at(&path)).bearer_auth(token);
                    request.json(&json!({})).send().await.expect("an answer");
                }
            }
        }
    }
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
