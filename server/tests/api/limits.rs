//! Rate limits and their headers.

use std::{
    fs,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use reqwest::{Method, Response};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::{settings::Settings, store::entities::user};

use crate::support::{
    TestServer, eventually,
    log::lines_of,
    models,
    pictures::numbered_png,
    server::{PASSWORD, refused},
    settings,
};

/// A server with rate limits, changed by `change`. The administrator has logged in once.
async fn limited(change: impl FnOnce(&mut Settings)) -> TestServer {
    TestServer::with(|settings| {
        settings.limits.ratelimit_enabled = true;
        change(settings);
    })
    .await
}

fn number(response: &Response, header: &str) -> u64 {
    response.headers()[header].to_str().unwrap().parse().unwrap()
}

/// The limit and the remaining requests.
fn standing(response: &Response) -> (u64, u64) {
    (
        number(response, "x-ratelimit-limit"),
        number(response, "x-ratelimit-remaining"),
    )
}

/// Seconds until the quota is full again.
fn reset(response: &Response) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    number(response, "x-ratelimit-reset").saturating_sub(now)
}

fn is_uncounted(response: &Response) -> bool {
    !response
        .headers()
        .keys()
        .any(|name| name.as_str().starts_with("x-ratelimit"))
}

/// Asserts that a response is the rejection by the limit of `endpoint`.
async fn limit_refused(response: Response, endpoint: &str, limit: u64) {
    assert_eq!(
        lines_of(&response),
        [format!("WARNING - Límite de solicitudes superado en '{endpoint}'.")]
    );
    assert_eq!(standing(&response), (limit, 0));
    assert!(reset(&response) > 0);
    assert!(number(&response, "retry-after") > 0);
    let text = if endpoint == "/api/predict" { "error" } else { "msg" };
    refused(response, 429, "rate_limited", text).await;
}

/// A registration without fields: it is rejected but counted.
async fn register_with(server: &TestServer, headers: &[(&str, &str)]) -> Response {
    let mut request = server.client.post(server.url("/register")).json(&json!({}));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

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

/// Headers that a client can forge to appear as another client.
const FORGED: [(&str, &str); 7] = [
    ("x-forwarded-for", "203.0.113.9"),
    ("x-forwarded-for", "127.0.0.1, 203.0.113.9"),
    ("x-real-ip", "203.0.113.9"),
    ("forwarded", "for=203.0.113.9;proto=https"),
    ("cf-connecting-ip", "203.0.113.9"),
    ("true-client-ip", "203.0.113.9"),
    ("x-client-ip", "203.0.113.9"),
];

#[tokio::test]
async fn forged_headers_do_not_avoid_the_limit() {
    for trusted in [None, Some("10.0.0.0/8")] {
        let server = limited(|settings| {
            settings.limits.ratelimit_register = "7 per hour".parse().unwrap();
            settings.limits.trusted_proxies = trusted.map(|proxies| proxies.parse().unwrap()).into_iter().collect();
        })
        .await;
        for (used, header) in (1..).zip(FORGED) {
            assert_eq!(standing(&register_with(&server, &[header]).await), (7, 7 - used));
        }
        for header in FORGED {
            limit_refused(register_with(&server, &[header]).await, "/api/register", 7).await;
        }
        limit_refused(register_with(&server, &FORGED).await, "/api/register", 7).await;
    }
}

#[tokio::test]
async fn a_trusted_proxy_supplies_the_client_address() {
    let server = limited(|settings| {
        settings.limits.ratelimit_register = "2 per hour".parse().unwrap();
        settings.limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    let from = async |address: &str| register_with(&server, &[("x-forwarded-for", address)]).await;
    for address in ["203.0.113.9", "203.0.113.10", "2001:db8:1:2::1"] {
        assert_eq!(standing(&from(address).await), (2, 1), "{address}");
        assert_eq!(from(address).await.status(), 400);
        limit_refused(from(address).await, "/api/register", 2).await;
    }
    // Entries written by the client are further left; an IPv6 client is identified by its /64 network.
    for address in [
        "198.51.100.1, 203.0.113.9",
        "198.51.100.1, 203.0.113.9, 127.0.0.2",
        "2001:db8:1:2:ffff::1",
    ] {
        limit_refused(from(address).await, "/api/register", 2).await;
    }
    // Only X-Forwarded-For is trusted: the proxy passes other headers on unchanged.
    for (left, header) in [(1, "x-real-ip"), (0, "forwarded")] {
        let response = register_with(&server, &[(header, "198.51.100.77")]).await;
        assert_eq!(standing(&response), (2, left), "the proxy's own");
    }
}

#[tokio::test]
async fn a_request_rejected_per_second_is_not_charged_per_hour() {
    let server =
        limited(|settings| settings.limits.ratelimit_register = "4 per hour;2 per second".parse().unwrap()).await;
    let mut taken = 0;
    let mut by_the_second = 0;
    let start = Instant::now();
    loop {
        let response = register_with(&server, &[]).await;
        if response.status() != 429 {
            taken += 1;
        } else if standing(&response).0 == 2 {
            by_the_second += 1;
        } else {
            break limit_refused(response, "/api/register", 4).await;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{taken} taken");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(taken, 4);
    assert!(by_the_second >= 4, "{by_the_second}");
}

#[tokio::test]
async fn a_throttled_login_is_not_charged_to_the_route() {
    let server = limited(|settings| settings.limits.ratelimit_default = "20 per hour".parse().unwrap()).await;
    server.add_user("ana").await;
    let guess = json!({ "username": "ana", "password": "wrong password" });
    for left in (14..19).rev() {
        let response = server.post("/login", &guess).await;
        assert_eq!((response.status().as_u16(), standing(&response)), (401, (20, left)));
    }
    for _ in 0..30 {
        limit_refused(server.post("/login", &guess).await, "/api/login", 5).await;
    }
    let credentials = json!({ "username": "admin", "password": PASSWORD });
    let response = server.post("/login", &credentials).await;
    assert_eq!((response.status().as_u16(), standing(&response)), (200, (20, 13)));
}

#[tokio::test]
async fn an_unconfirmed_rejection_is_not_charged_to_the_daily_quota() {
    let server = limited(|settings| {
        settings.limits.ratelimit_predict = "5 per day".parse().unwrap();
        settings.accounts.unconfirmed_predictions = 2;
    })
    .await;
    server.register("ana").await;
    let token = server.sign_in("ana").await;
    let predict = async || server.upload_by(&token, "a.png", numbered_png(1)).send().await.unwrap();
    for left in [4, 3] {
        assert_eq!(standing(&predict().await), (5, left));
    }
    for _ in 0..10 {
        let response = predict().await;
        assert_eq!(standing(&response), (5, 3));
        refused(response, 403, "email_unconfirmed", "error").await;
    }
    server.change_row("ana", |row| row.email_confirmed = Set(true)).await;
    for left in [2, 1, 0] {
        let response = predict().await;
        assert_eq!((response.status().as_u16(), standing(&response)), (200, (5, left)));
    }
    limit_refused(predict().await, "/api/predict", 5).await;
}

#[tokio::test]
async fn a_server_error_is_not_charged() {
    let mut settings = settings();
    settings.limits.ratelimit_enabled = true;
    settings.limits.ratelimit_predict = "2 per day".parse().unwrap();
    let server = TestServer::start_with(&settings, || Ok(models::panicking())).await;
    for number in 0..5 {
        let response = server.predict("a.png", numbered_png(number)).await;
        assert_eq!((response.status().as_u16(), standing(&response)), (500, (2, 2)));
    }
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
