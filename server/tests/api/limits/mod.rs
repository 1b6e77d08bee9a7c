//! Rate limits and their headers.

mod across;
mod charges;
mod client;
mod routes;
pub(crate) mod storage;

use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::Response;
use serde_json::json;
use server::settings::Settings;

use crate::{
    openapi::has_predict_key,
    support::{TestServer, log::lines_of, server::refused},
};
use storage::Storage;

/// A server with rate limits, changed by `change`. The administrator has logged in once.
pub(crate) async fn limited(change: impl FnOnce(&mut Settings)) -> TestServer {
    limited_in(&Storage::memory(), change).await
}

/// As [`limited`], with the limits counted in `storage`.
pub(crate) async fn limited_in(storage: &Storage, change: impl FnOnce(&mut Settings)) -> TestServer {
    TestServer::with(|settings| {
        settings.limits.ratelimit_enabled = true;
        storage.configure(settings);
        change(settings);
    })
    .await
}

pub(crate) fn number(response: &Response, header: &str) -> u64 {
    response.headers()[header].to_str().unwrap().parse().unwrap()
}

/// The limit and the remaining requests.
pub(crate) fn standing(response: &Response) -> (u64, u64) {
    (
        number(response, "x-ratelimit-limit"),
        number(response, "x-ratelimit-remaining"),
    )
}

/// Seconds until the quota is full again.
pub(crate) fn reset(response: &Response) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    number(response, "x-ratelimit-reset").saturating_sub(now)
}

pub(crate) fn is_uncounted(response: &Response) -> bool {
    !response
        .headers()
        .keys()
        .any(|name| name.as_str().starts_with("x-ratelimit"))
}

/// Asserts that a response is the rejection by the limit of `endpoint`, which is `/api` for the burst limit.
pub(crate) async fn limit_refused(response: Response, endpoint: &str, limit: u64) {
    assert_eq!(
        lines_of(&response),
        [format!("WARNING - Límite de solicitudes superado en '{endpoint}'.")]
    );
    assert_eq!(standing(&response), (limit, 0));
    assert!(reset(&response) > 0);
    assert!(number(&response, "retry-after") > 0);
    let text = if has_predict_key(response.url().path()) {
        "error"
    } else {
        "msg"
    };
    refused(response, 429, "rate_limited", text).await;
}

/// A registration without fields: it is rejected but counted.
pub(crate) async fn register_with(server: &TestServer, headers: &[(&str, &str)]) -> Response {
    let mut request = server.client.post(server.url("/register")).json(&json!({}));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}
