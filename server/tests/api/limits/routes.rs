//! Which routes are limited.

use std::fs;

use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::store::entities::user;

use super::{is_uncounted, limit_refused, limited, number, register_with, reset, standing};
use crate::support::{TestServer, eventually, pictures::numbered_png, server::PASSWORD};

#[tokio::test]
async fn the_eleventh_registration_in_an_hour_is_rejected() {
    let server = limited(|_| ()).await;
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

/// Each anonymous route with the default limit, and a request body.
const ANONYMOUS: [(&str, &str); 5] = [
    ("/api/login", "/api/login"),
    ("/api/confirm/resend", "/api/confirm/resend"),
    ("/api/confirm/no-such-token", "/api/confirm/{token}"),
    ("/api/password/forgot", "/api/password/forgot"),
    ("/api/password/reset", "/api/password/reset"),
];

#[tokio::test]
async fn every_anonymous_route_has_its_own_default_limit() {
    // More requests than the burst limit allows per second.
    let server = limited(|settings| settings.limits.ratelimit_flood = "10000 per second".parse().unwrap()).await;
    for (path, endpoint) in ANONYMOUS {
        // The administrator has logged in.
        let had = u64::from(path == "/api/login");
        for used in had + 1..=50 {
            let response = server.post(path, &json!({})).await;
            assert_eq!(
                (response.status().as_u16(), standing(&response)),
                (400, (50, 50 - used)),
                "{path}"
            );
        }
        let response = server.post(path, &json!({})).await;
        let wait = number(&response, "retry-after");
        assert!((60..=72).contains(&wait), "{path}: {wait}");
        limit_refused(response, endpoint, 50).await;
    }
    // The path without /api and another token belong to the same route.
    limit_refused(server.post("/login", &json!({})).await, "/api/login", 50).await;
    let response = server.post("/api/confirm/another-token", &json!({})).await;
    limit_refused(response, "/api/confirm/{token}", 50).await;
}

#[tokio::test]
async fn pages_files_health_and_users_are_not_limited() {
    let server = limited(|settings| {
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
    for (method, path) in [
        (Method::GET, "/api/me"),
        (Method::POST, "/register"),
        (Method::POST, "/api/register"),
        (Method::GET, "/api/admin/users"),
    ] {
        let response = server.by(&server.token, method, path).send().await.unwrap();
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
