//! `GET /api/openapi.json` and `GET /api/docs`.

use std::collections::{BTreeSet, HashSet};

use api::ErrorCode;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::{
    keys::make,
    support::{TestServer, pictures::numbered_png},
};

/// The public API (docs/api.md), and the two pages that share a path with it.
const PUBLIC_API: [&str; 70] = [
    "GET /register",
    "GET /login",
    "POST /register",
    "POST /login",
    "POST /predict",
    "POST /api/register",
    "POST /api/login",
    "POST /api/predict",
    "POST /api/predict/number",
    "POST /api/predict/batch",
    "GET /api/model",
    "GET /api/models/live",
    "GET /api/models/{version}/weights",
    "POST /api/confirm/{token}",
    "POST /api/confirm/resend",
    "POST /api/logout",
    "POST /api/logout/everywhere",
    "POST /api/password/forgot",
    "POST /api/password/reset",
    "POST /api/password/reset/check",
    "GET /api/me",
    "POST /api/me/password",
    "POST /api/me/email",
    "GET /api/me/sessions",
    "DELETE /api/me/sessions/{id}",
    "POST /api/me/delete",
    "POST /api/me/totp",
    "POST /api/me/totp/activate",
    "POST /api/me/totp/remove",
    "GET /api/keys",
    "POST /api/keys",
    "DELETE /api/keys/{id}",
    "GET /api/predictions",
    "POST /api/predictions/{id}/correction",
    "DELETE /api/predictions/{id}/correction",
    "GET /api/me/data",
    "DELETE /api/me/data",
    "DELETE /api/me/corrections",
    "GET /api/admin/review",
    "POST /api/admin/review",
    "POST /api/admin/review/plain",
    "POST /api/admin/review/people/{id}/drop",
    "GET /api/admin/dataset.tar",
    "GET /api/admin/models",
    "POST /api/admin/models",
    "DELETE /api/admin/models/{version}",
    "POST /api/admin/models/{version}/live",
    "POST /api/admin/models/{version}/evaluation",
    "GET /api/admin/models/{version}/evaluation",
    "GET /api/admin/corrected",
    "GET /api/admin/users",
    "PATCH /api/admin/users/{id}",
    "POST /api/admin/users/{id}/resend",
    "GET /api/admin/users.csv",
    "GET /api/admin/errors",
    "GET /api/admin/metrics/history",
    "GET /api/admin/metrics/service",
    "GET /metrics",
    "GET /api/metrics",
    "GET /health/live",
    "GET /health/ready",
    "GET /v2",
    "GET /v2/health/live",
    "GET /v2/health/ready",
    "GET /v2/models/digits",
    "GET /v2/models/digits/ready",
    "POST /v2/models/digits/infer",
    "GET /v2/models/digits/versions/{version}",
    "GET /v2/models/digits/versions/{version}/ready",
    "POST /v2/models/digits/versions/{version}/infer",
];

const METHODS: [Method; 6] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

pub(crate) async fn description(server: &TestServer) -> Value {
    let response = server.get("/api/openapi.json").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    response.json().await.unwrap()
}

/// Every operation, such as `POST /login`, with its description.
pub(crate) fn operations(api: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if METHODS.iter().any(|known| known.as_str().eq_ignore_ascii_case(method)) {
                found.push((format!("{} {path}", method.to_uppercase()), operation.clone()));
            }
        }
    }
    found
}

/// A path with values for its parameters.
pub(crate) fn filled(path: &str) -> String {
    path.replace("{token}", "no-such-token")
        .replace("{id}", "999")
        .replace("{version}", classifier::model_version())
}

/// Whether the errors of a path name their text `error`.
pub(crate) fn has_predict_key(path: &str) -> bool {
    path.ends_with("/predict") || path.contains("/predict/") || path == "/v2" || path.starts_with("/v2/")
}

/// Whether an operation needs no authentication.
pub(crate) fn is_public(operation: &Value) -> bool {
    operation["security"]
        .as_array()
        .is_some_and(|ways| ways.contains(&json!({})))
}

#[tokio::test]
async fn every_route_is_described() {
    let server = TestServer::start().await;
    let described: BTreeSet<_> = operations(&description(&server).await)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(described, BTreeSet::from(PUBLIC_API.map(str::to_owned)));
}

#[tokio::test]
async fn exactly_the_described_methods_are_served() {
    let server = TestServer::start().await;
    let api = description(&server).await;
    let described: HashSet<_> = operations(&api).into_iter().map(|(name, _)| name).collect();
    for path in api["paths"].as_object().unwrap().keys() {
        for method in METHODS {
            let request = server.client.request(method.clone(), server.url(&filled(path)));
            let response = request.send().await.unwrap();
            let name = format!("{method} {path}");
            if described.contains(&name) {
                assert_ne!(response.status(), 404, "{name}");
                assert_ne!(response.status(), 405, "{name}");
                continue;
            }
            // Pages respond to GET at the paths without /api.
            if response.status() != 405 {
                assert!(
                    method == Method::GET && !path.starts_with("/api"),
                    "{name}: {}",
                    response.status()
                );
                assert!(
                    response.headers()["content-type"]
                        .to_str()
                        .unwrap()
                        .starts_with("text/html"),
                    "{name}"
                );
                continue;
            }
            let allowed = response.headers()["allow"].to_str().unwrap();
            let allowed = allowed.split(',').filter(|allowed| *allowed != "HEAD");
            for allowed in allowed {
                let is_page = allowed == "GET" && !path.starts_with("/api");
                assert!(
                    described.contains(&format!("{allowed} {path}")) || is_page,
                    "{allowed} {path}"
                );
            }
        }
    }
}

/// The error codes in the description of a status.
fn codes(operation: &Value, status: &str) -> Vec<String> {
    let description = operation["responses"][status]["description"]
        .as_str()
        .unwrap_or_default();
    description
        .split(|letter: char| !letter.is_ascii_lowercase() && letter != '_')
        .filter(|word| is_code(word))
        .map(ToOwned::to_owned)
        .collect()
}

fn is_code(word: &str) -> bool {
    serde_json::from_value::<ErrorCode>(json!(word)).is_ok_and(|code| code != ErrorCode::Unknown)
}

#[tokio::test]
async fn every_error_is_described_with_its_codes_and_its_body() {
    let server = TestServer::start().await;
    let api = description(&server).await;
    for (name, operation) in operations(&api) {
        let (_, path) = name.split_once(' ').unwrap();
        let body = if has_predict_key(path) {
            "PredictErrorBody"
        } else {
            "ErrorBody"
        };
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name}");
        for (status, response) in responses.iter().filter(|(status, _)| status.as_str() >= "4") {
            assert!(!codes(&operation, status).is_empty(), "{name} {status}: {response}");
            let schema = &response["content"]["application/json"]["schema"]["$ref"];
            assert_eq!(schema, &format!("#/components/schemas/{body}"), "{name} {status}");
        }
        // Every route of the API can be rate limited and can fail.
        if !name.contains("/health/") {
            assert_eq!(codes(&operation, "429"), ["rate_limited"], "{name}");
        }
        assert_eq!(codes(&operation, "500"), ["internal"], "{name}");
        if !is_public(&operation) && !name.contains("/health/") {
            let expected = ["token_missing", "token_invalid", "token_expired"];
            assert_eq!(codes(&operation, "401"), expected, "{name}");
        }
        if name.contains("/admin/") {
            assert!(codes(&operation, "403").contains(&"admin_only".to_owned()), "{name}");
        }
    }
    // Every error code is described somewhere.
    let described: HashSet<_> = operations(&api)
        .iter()
        .flat_map(|(_, operation)| {
            let statuses = operation["responses"].as_object().unwrap().keys().cloned();
            statuses
                .flat_map(|status| codes(operation, &status))
                .collect::<Vec<_>>()
        })
        .collect();
    let schema = &api["components"]["schemas"]["ErrorCode"];
    let known: Vec<String> = strings(schema).into_iter().filter(|word| is_code(word)).collect();
    assert!(known.len() > 25, "{schema}");
    // Codes of unknown paths only.
    let elsewhere = ["method_not_allowed", "unknown"];
    for code in known.iter().filter(|code| !elsewhere.contains(&code.as_str())) {
        assert!(described.contains(code), "{code}");
    }
}

/// All strings in a value.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(strings).collect(),
        Value::Object(fields) => fields.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

/// Asserts that the status and the error code of a response are described.
async fn is_described(api: &Value, name: &str, response: Response) {
    let (_, operation) = operations(api).into_iter().find(|(found, _)| found == name).unwrap();
    let status = response.status().as_u16().to_string();
    assert!(operation["responses"].get(&status).is_some(), "{name} answers {status}");
    if status.as_str() >= "4" {
        let body: Value = response.json().await.unwrap();
        let code = body["code"].as_str().unwrap().to_owned();
        assert!(
            codes(&operation, &status).contains(&code),
            "{name} answers {status} {code}"
        );
    }
}

#[tokio::test]
async fn every_response_is_described() {
    let server = TestServer::start().await;
    let api = description(&server).await;
    let user = server.user("ana").await;
    let key = make(&server, &user, &["predict"]).await.key;
    for (name, operation) in operations(&api) {
        if name.contains("/logout") || name.contains("/health/") {
            continue;
        }
        let (method, path) = name.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let url = server.url(&filled(path));
        let by = |token: Option<&str>| {
            let request = server.client.request(method.clone(), &url);
            match token {
                Some(token) => request.bearer_auth(token),
                None => request,
            }
        };
        let takes_json = operation["requestBody"]["content"].get("application/json").is_some();
        let tokens = [None, Some("nonsense"), Some(&user), Some(&server.token), Some(&key)];
        for token in tokens.map(|token| token.map(AsRef::as_ref)) {
            let mut requests = vec![by(token), by(token).query(&[("page", "0")])];
            if takes_json {
                let bodies = [
                    json!({}),
                    json!([]),
                    json!({ "username": "an", "password": "x", "email": "x" }),
                ];
                requests.extend(bodies.iter().map(|body| by(token).json(body)));
                requests.push(by(token).json(&json!({ "digito": 3 })));
            }
            if name.ends_with("/predict") || name.ends_with("/predict/batch") {
                for (file, bytes) in [
                    ("a.png", numbered_png(1)),
                    ("a.png", vec![0]),
                    ("a.txt", vec![0]),
                    ("", vec![0]),
                ] {
                    requests.push(by(token).multipart(crate::support::server::file(file, bytes)));
                }
            }
            for request in requests {
                is_described(&api, &name, request.send().await.unwrap()).await;
            }
        }
    }
}

#[tokio::test]
async fn the_documentation_page_serves_its_own_assets() {
    let server = TestServer::start().await;
    let response = server.get("/api/docs").await;
    assert_eq!(response.status(), 200);
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'self';"), "{policy}");
    assert!(!policy.contains("http") && !policy.contains('*'), "{policy}");
    let page = response.text().await.unwrap();
    let mut assets = 0;
    for attribute in ["src=\"", "href=\""] {
        for (at, _) in page.match_indices(attribute) {
            let name = page[at + attribute.len()..].split('"').next().unwrap();
            assert!(
                !name.starts_with("//") && !name.contains(':'),
                "{name} is another host's"
            );
            let url = reqwest::Url::parse(&server.url("/api/docs/"))
                .unwrap()
                .join(name)
                .unwrap();
            let response = server.client.get(url).send().await.unwrap();
            assert_eq!(response.status(), 200, "{name}");
            assert!(response.headers().contains_key("content-security-policy"), "{name}");
            assert!(!response.bytes().await.unwrap().is_empty(), "{name}");
            assets += 1;
        }
    }
    assert!(assets >= 4, "{page}");
    let start = server
        .get("/api/docs/swagger-initializer.js")
        .await
        .text()
        .await
        .unwrap();
    assert!(
        start.contains("/api/openapi.json") && !start.contains("petstore"),
        "{start}"
    );
}
