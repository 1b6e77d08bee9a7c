//! Which routes are limited.

use std::fs;

use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::store::entities::user;

use super::{
    is_uncounted, limit_refused, limited, limited_in, number, register_with, reset, standing,
    storage::{Storage, in_each_storage},
};
use crate::{
    openapi::{description, filled, is_public, operations},
    support::{TestServer, eventually, pictures::numbered_png, server::PASSWORD},
};

in_each_storage!(
    the_eleventh_registration_in_an_hour_is_rejected,
    every_anonymous_route_has_its_own_default_limit,
    pages_files_health_and_users_are_not_limited,
);

async fn the_eleventh_registration_in_an_hour_is_rejected(storage: &Storage) {
    let server = limited_in(storage, |_| ()).await;
    for number in 1..=10 {
        let path = ["/register", "/api/register"][number % 2];
        let name = format!("ana{number}");
        let new = json!({ "username": name, "email": format!("{name}@example.com"), "password": PASSWORD });
        let response = server.post(path, &new).await;
        assert_eq!(response.status(), 201);
        assert_eq!(standing(&response), (10, 10 - number as u64));
        // One request becomes available every six minutes.
        let reset = reset(&response);
        assert!((359 * number as u64..=361 * number as u64).contains(&reset), "{reset}");
    }
    for path in ["/register", "/api/register"] {
        let response = server
            .post(
                path,
                &json!({ "username": "eva", "email": "eva@example.com", "password": PASSWORD }),
            )
            .await;
        let wait = number(&response, "retry-after");
        assert!((300..=360).contains(&wait), "{wait}");
        assert!((3599..=3601).contains(&reset(&response)));
        limit_refused(response, "/api/register", 10).await;
    }
    assert_eq!(
        user::Entity::find().count(&server.database().await).await.unwrap(),
        11,
        "the ten and the admin"
    );
    // Other routes have separate limits.
    server.sign_in("ana1").await;
}

#[tokio::test]
async fn disabled_limits_reject_nothing_and_send_no_headers() {
    let server = TestServer::with(|settings| {
        assert!(!settings.limits.ratelimit_enabled);
        let limits = &mut settings.limits;
        for limit in [
            &mut limits.ratelimit_default,
            &mut limits.ratelimit_register,
            &mut limits.ratelimit_predict,
            &mut limits.ratelimit_flood,
        ] {
            *limit = "1 per day".parse().unwrap();
        }
    })
    .await;
    for _ in 0..30 {
        for path in ["/register", "/login", "/api/password/reset", "/api/confirm/resend"] {
            let response = server.post(path, &json!({})).await;
            assert!(response.status() == 400 && is_uncounted(&response), "{path}");
        }
        let response = server.predict("a.png", numbered_png(1)).await;
        assert!(response.status() == 200 && is_uncounted(&response));
    }
    for _ in 0..8 {
        let wrong = json!({ "username": "admin", "password": "wrong password" });
        assert_eq!(server.post("/login", &wrong).await.status(), 401);
    }
    let quota = server.get_json("/api/me").await["quota"].clone();
    assert_eq!((&quota["limit"], &quota["remaining"]), (&Value::Null, &Value::Null));
}

/// Operations below `/api` of the description of the API, without the metrics, which have no limit.
async fn limited_operations(server: &TestServer) -> Vec<(Method, String, Value)> {
    let found = operations(&description(server).await).into_iter();
    let named = found.map(|(name, operation)| {
        let (method, path) = name.split_once(' ').unwrap();
        (method.parse().unwrap(), path.to_owned(), operation)
    });
    named
        .filter(|(_, path, _)| path.starts_with("/api/") && path != "/api/metrics")
        .collect()
}

async fn every_anonymous_route_has_its_own_default_limit(storage: &Storage) {
    // More requests than the burst limit allows per second.
    let server = limited_in(storage, |settings| {
        settings.limits.ratelimit_flood = "10000 per second".parse().unwrap();
    })
    .await;
    let mut routes = 0;
    for (method, endpoint, operation) in limited_operations(&server).await {
        // Registration has another limit, and the model of the page has none, as its files.
        if !is_public(&operation) || endpoint == "/api/register" || endpoint.starts_with("/api/models/") {
            continue;
        }
        routes += 1;
        let status = if method == Method::GET { 200 } else { 400 };
        let url = server.url(&filled(&endpoint));
        let request = || server.client.request(method.clone(), &url).json(&json!({}));
        // The administrator has logged in.
        let had = u64::from(endpoint == "/api/login");
        for used in had + 1..=50 {
            let response = request().send().await.unwrap();
            assert_eq!(
                (response.status().as_u16(), standing(&response)),
                (status, (50, 50 - used)),
                "{endpoint}"
            );
        }
        let response = request().send().await.unwrap();
        let wait = number(&response, "retry-after");
        assert!((60..=72).contains(&wait), "{endpoint}: {wait}");
        limit_refused(response, &endpoint, 50).await;
    }
    assert!(routes >= 6, "{routes} anonymous routes found");
    // The path without /api and another token belong to the same route.
    limit_refused(server.post("/login", &json!({})).await, "/api/login", 50).await;
    let response = server.post("/api/confirm/another-token", &json!({})).await;
    limit_refused(response, "/api/confirm/{token}", 50).await;
}

async fn pages_files_health_and_users_are_not_limited(storage: &Storage) {
    let server = limited_in(storage, |settings| {
        settings.limits.ratelimit_default = "1 per day".parse().unwrap();
        settings.limits.ratelimit_register = "1 per day".parse().unwrap();
    })
    .await;
    fs::write(server.site.path().join("favicon.svg"), "<svg/>").unwrap();
    eventually("readiness", async || {
        (server.get("/health/ready").await.status() == 200).then_some(())
    })
    .await;
    for _ in 0..60 {
        for path in [
            "/register",
            "/login",
            "/favicon.svg",
            "/health/live",
            "/health/ready",
            "/api/openapi.json",
            "/api/models/live",
        ] {
            let response = server.get(path).await;
            assert!(response.status() == 200 && is_uncounted(&response), "{path}");
        }
        let response = server.me(&server.token).await;
        assert!(response.status() == 200 && is_uncounted(&response));
    }
}

#[tokio::test]
async fn the_burst_limit_applies_to_the_api_only() {
    let server = limited(|settings| settings.limits.ratelimit_flood = "3 per hour".parse().unwrap()).await;
    fs::write(server.site.path().join("favicon.svg"), "<svg/>").unwrap();
    // One request was the login of the administrator.
    assert_eq!(server.me(&server.token).await.status(), 200);
    assert_eq!(register_with(&server, &[]).await.status(), 400);
    let operations = limited_operations(&server).await.into_iter();
    let api = operations.map(|(method, path, _)| (method, filled(&path)));
    let aliases = ["/register", "/login", "/predict"].map(|path| (Method::POST, path.to_owned()));
    for (method, path) in api.chain(aliases) {
        let response = server.by(&server.token, method, &path).send().await.unwrap();
        let wait = number(&response, "retry-after");
        assert!((1100..=1200).contains(&wait), "{path}: {wait}");
        limit_refused(response, "/api", 3).await;
    }
    eventually("readiness", async || {
        (server.get("/health/ready").await.status() == 200).then_some(())
    })
    .await;
    for path in ["/", "/login", "/favicon.svg", "/health/live", "/health/ready"] {
        assert_eq!(server.get(path).await.status(), 200, "{path}");
    }
}
