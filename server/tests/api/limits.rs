//! How often a client may ask, and what it is told.

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

/// Limits hold, as `change` sets them. The admin has signed in once.
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

/// The limit and what is left of it.
fn standing(response: &Response) -> (u64, u64) {
    (
        number(response, "x-ratelimit-limit"),
        number(response, "x-ratelimit-remaining"),
    )
}

/// Seconds until all is there again.
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

/// Hold an answer to the refusal of `endpoint`'s limit of `limit`.
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

/// A registration that is refused for its missing fields, and counts: told apart from others by its headers.
async fn register_with(server: &TestServer, headers: &[(&str, &str)]) -> Response {
    let mut request = server.client.post(server.url("/register")).json(&json!({}));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn the_eleventh_registration_in_an_hour_is_refused() {
    let server = limited(|_| ()).await;
    for number in 1..=10 {
        let path = ["/register", "/api/register"][number % 2];
        let name = format!("ana{number}");
        let new = json!({ "username": name, "email": format!("{name}@example.com"), "password": PASSWORD });
        let response = server.post(path, &new).await;
        assert_eq!(response.status(), 201);
        assert_eq!(standing(&response), (10, 10 - number as u64));
        // One comes back every six minutes.
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
    // Other routes have their own.
    server.sign_in("ana1").await;
}

/// What a client can write to seem somebody else.
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
async fn forged_headers_buy_nothing() {
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
async fn a_trusted_proxy_says_who_asks() {
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
    // What the client wrote itself stands further left; and a host has a whole network of IPv6.
    for address in [
        "198.51.100.1, 203.0.113.9",
        "198.51.100.1, 203.0.113.9, 127.0.0.2",
        "2001:db8:1:2:ffff::1",
    ] {
        limit_refused(from(address).await, "/api/register", 2).await;
    }
    // The proxy speaks by X-Forwarded-For alone: whatever else comes through it is its client's word.
    for (left, header) in [(1, "x-real-ip"), (0, "forwarded")] {
        let response = register_with(&server, &[(header, "198.51.100.77")]).await;
        assert_eq!(standing(&response), (2, left), "the proxy's own");
    }
}

#[tokio::test]
async fn what_the_second_refuses_costs_the_hour_nothing() {
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
async fn a_sign_in_that_is_refused_for_guessing_costs_the_route_nothing() {
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
async fn a_try_that_waits_for_the_confirmation_costs_the_day_nothing() {
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
async fn what_the_server_fails_to_do_costs_nothing() {
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
async fn lifted_limits_refuse_nobody_and_say_nothing() {
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

/// Each anonymous route without a limit of its own, and what it answers to `{}`.
const ANONYMOUS: [(&str, &str); 5] = [
    ("/api/login", "/api/login"),
    ("/api/confirm/resend", "/api/confirm/resend"),
    ("/api/confirm/no-such-token", "/api/confirm/{token}"),
    ("/api/password/forgot", "/api/password/forgot"),
    ("/api/password/reset", "/api/password/reset"),
];

#[tokio::test]
async fn every_anonymous_route_has_the_default_limit_for_itself() {
    // More requests than the flood gate lets through in the second that this takes.
    let server = limited(|settings| settings.limits.ratelimit_flood = "10000 per second".parse().unwrap()).await;
    for (path, endpoint) in ANONYMOUS {
        // The admin has signed in.
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
    // The seed's path is the same route, and another token the same too.
    limit_refused(server.post("/login", &json!({})).await, "/api/login", 50).await;
    let response = server.post("/api/confirm/another-token", &json!({})).await;
    limit_refused(response, "/api/confirm/{token}", 50).await;
}

#[tokio::test]
async fn pages_files_health_and_users_are_not_counted() {
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
async fn the_gate_stops_a_flood_and_leaves_pages_and_health_open() {
    let server = limited(|settings| settings.limits.ratelimit_flood = "3 per hour".parse().unwrap()).await;
    fs::write(server.site.path().join("favicon.svg"), "<svg/>").unwrap();
    // One was the admin's sign-in.
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
