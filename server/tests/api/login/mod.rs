//! `POST /login`.

mod address;
mod errors;
mod replaced;
mod success;
mod throttle;
mod tokens;
mod unicode;

use reqwest::Response;
use serde_json::json;

use crate::{limits::storage::Storage, support::TestServer};

pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";

pub(crate) async fn login(server: &TestServer, username: &str, password: &str) -> Response {
    server
        .post("/login", &json!({ "username": username, "password": password }))
        .await
}

/// A login from another address, according to a trusted proxy.
pub(crate) async fn login_from(server: &TestServer, ip: &str, username: &str, password: &str) -> Response {
    let request = server.client.post(server.url("/login")).header("x-forwarded-for", ip);
    let body = json!({ "username": username, "password": password });
    request.json(&body).send().await.unwrap()
}

pub(crate) async fn behind_a_proxy() -> TestServer {
    behind_a_proxy_in(&Storage::memory()).await
}

/// As [`behind_a_proxy`], with the limits counted in `storage`.
pub(crate) async fn behind_a_proxy_in(storage: &Storage) -> TestServer {
    TestServer::with(|settings| {
        settings.limits.ratelimit_enabled = true;
        storage.configure(settings);
        settings.limits.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await
}
