//! Authentication and quotas.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::Utc;
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::{Method, Response};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use server::settings::Secret;

use crate::support::{
    TestServer,
    log::lines_of,
    pictures::numbered_png,
    server::{file, refused},
};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const PATHS: [&str; 2] = ["/predict", "/api/predict"];

fn header(response: &Response, name: &str) -> u64 {
    response.headers()[name].to_str().unwrap().parse().unwrap()
}

fn count(answers: &[Response], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status() == status).count()
}

/// A server with this quota of predictions.
async fn limited(limit: &str) -> TestServer {
    TestServer::with(|settings| {
        settings.limits.ratelimit_enabled = true;
        settings.limits.ratelimit_predict = limit.parse().unwrap();
    })
    .await
}

#[tokio::test]
async fn anonymous_requests_and_invalid_tokens_are_rejected() {
    let server = TestServer::with(|settings| settings.accounts.jwt_secret_key = Some(Secret::new(KEY))).await;
    let payload = server.token.split('.').nth(1).unwrap();
    let mut claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    claims["exp"] = json!(Utc::now().timestamp() - 1);
    let key = EncodingKey::from_secret(KEY.as_bytes());
    let expired = encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap();
    for path in PATHS {
        let post = || {
            let request = server.client.post(server.url(path));
            request.multipart(file("a.png", numbered_png(1)))
        };
        for (request, code) in [
            (post(), "token_missing"),
            (post().bearer_auth("nonsense"), "token_invalid"),
            (post().bearer_auth(&expired), "token_expired"),
            (
                post().header("cookie", "trazo_session=0123456789abcdef"),
                "token_invalid",
            ),
            (post().header("cookie", "trazo_session="), "token_missing"),
        ] {
            refused(request.send().await.unwrap(), 401, code, "error").await;
        }
        // Authentication precedes the validation of the form.
        let response = server.client.post(server.url(path)).send().await.unwrap();
        refused(response, 401, "token_missing", "error").await;
    }
    assert_eq!(server.row("admin").await.predictions, 0);
}

#[tokio::test]
async fn the_token_and_the_cookie_share_the_quota_of_the_user() {
    let server = limited("4 per day").await;
    let token = server.user("ana").await;
    let browser = server.browser("ana").await;
    let mut left = 4;
    for path in PATHS {
        let picture = || file("a.png", numbered_png(1));
        for request in [
            server.by(&token, Method::POST, path).multipart(picture()),
            browser.ask(Method::POST, path).multipart(picture()),
        ] {
            let response = request.send().await.unwrap();
            left -= 1;
            assert_eq!(response.status(), 200);
            assert_eq!(response.headers()["cache-control"], "no-store");
            assert_eq!(
                (
                    header(&response, "x-ratelimit-limit"),
                    header(&response, "x-ratelimit-remaining")
                ),
                (4, left)
            );
        }
    }
    let account: Value = server.me(&token).await.json().await.unwrap();
    assert_eq!(
        (&account["quota"]["limit"], &account["quota"]["remaining"]),
        (&json!(4), &json!(0))
    );
    // Another session of the user shares the quota, another user doesn't.
    let later = server.sign_in("ana").await;
    let response = server.upload_by(&later, "a.png", numbered_png(1)).send().await.unwrap();
    let line = "WARNING - Límite de solicitudes superado en '/api/predict'.";
    assert_eq!(lines_of(&response), [line]);
    let wait = header(&response, "retry-after");
    // One request becomes available every six hours.
    assert!((21_500..=21_600).contains(&wait), "{wait}");
    refused(response, 429, "rate_limited", "error").await;
    assert_eq!(server.predict("a.png", numbered_png(1)).await.status(), 200);
    assert_eq!(server.row("ana").await.predictions, 4);
}

#[tokio::test]
async fn the_hundred_and_first_prediction_of_the_day_is_rejected() {
    let server = TestServer::with(|settings| settings.limits.ratelimit_enabled = true).await;
    // Cached predictions count as well.
    for number in 0..100 {
        let response = server.predict("a.png", numbered_png(number % 2)).await;
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "x-ratelimit-remaining"), 99 - u64::from(number));
    }
    let response = server.predict("a.png", numbered_png(0)).await;
    assert_eq!(header(&response, "x-ratelimit-limit"), 100);
    let wait = header(&response, "retry-after");
    assert!((700..=864).contains(&wait), "{wait}");
    refused(response, 429, "rate_limited", "error").await;
    assert_eq!(server.row("admin").await.predictions, 100);
}

#[tokio::test]
async fn concurrent_requests_do_not_exceed_the_daily_quota() {
    let server = limited("10 per day").await;
    let answers = join_all((0..30).map(|number| server.predict("a.png", numbered_png(number)))).await;
    assert_eq!((count(&answers, 200), count(&answers, 429)), (10, 20));
    assert_eq!(server.row("admin").await.predictions, 10);
}

/// Rejecting a file takes work as well.
#[tokio::test]
async fn a_rejected_file_counts_towards_the_daily_quota() {
    let server = limited("3 per day").await;
    for (name, left) in [("a.txt", 2), ("a.png", 1)] {
        let response = server.predict(name, "no picture").await;
        assert!(matches!(response.status().as_u16(), 400 | 422));
        assert_eq!(header(&response, "x-ratelimit-remaining"), left);
    }
}

/// The token of an account whose address isn't confirmed.
async fn unconfirmed(server: &TestServer, username: &str) -> String {
    assert_eq!(server.register(username).await.status(), 201);
    server.sign_in(username).await
}

/// Predictions that are left before the address must be confirmed.
async fn tries(server: &TestServer, token: &str) -> Value {
    let account: Value = server.me(token).await.json().await.unwrap();
    account["quota"]["unconfirmed_remaining"].clone()
}

#[tokio::test]
async fn an_unconfirmed_account_has_ten_predictions() {
    let server = TestServer::start().await;
    let token = unconfirmed(&server, "ana").await;
    let predict = async || server.upload_by(&token, "a.png", numbered_png(1)).send().await.unwrap();
    for left in (0..10).rev() {
        assert_eq!(predict().await.status(), 200);
        assert_eq!(tries(&server, &token).await, left);
    }
    for _ in 0..2 {
        let response = predict().await;
        assert_eq!(
            lines_of(&response),
            ["WARNING - Predicción fallida: Email sin confirmar."]
        );
        refused(response, 403, "email_unconfirmed", "error").await;
    }
    // Another login doesn't reset the count.
    let later = server.sign_in("ana").await;
    let response = server.upload_by(&later, "a.png", numbered_png(1)).send().await.unwrap();
    refused(response, 403, "email_unconfirmed", "error").await;
    server.change_row("ana", |row| row.email_confirmed = Set(true)).await;
    assert_eq!(predict().await.status(), 200);
    assert_eq!(tries(&server, &token).await, Value::Null);
    assert_eq!(server.row("ana").await.predictions, 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_concurrent_unconfirmed_predictions_ten_succeed() {
    let server = TestServer::start().await;
    let token = unconfirmed(&server, "ana").await;
    let answers = join_all((0..30).map(|number| server.upload_by(&token, "a.png", numbered_png(number)).send())).await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!((count(&answers, 200), count(&answers, 403)), (10, 20));
    for answer in answers.into_iter().filter(|answer| answer.status() == 403) {
        refused(answer, 403, "email_unconfirmed", "error").await;
    }
    assert_eq!(server.row("ana").await.predictions, 10);
    let response = server.by(&token, Method::GET, "/api/predictions").send().await.unwrap();
    let history: Value = response.json().await.unwrap();
    assert_eq!(history["total"], 10);
}

#[tokio::test]
async fn a_rejected_file_does_not_count_as_an_unconfirmed_prediction() {
    let server = TestServer::start().await;
    let token = unconfirmed(&server, "ana").await;
    for _ in 0..4 {
        for (name, content, status, code) in [
            ("a.txt", "text", 400, "file_type"),
            ("", "text", 400, "file_not_selected"),
            ("a.png", "no picture", 422, "image_unreadable"),
        ] {
            let response = server.upload_by(&token, name, content).send().await.unwrap();
            refused(response, status, code, "error").await;
        }
        let response = server.by(&token, Method::POST, "/predict").send().await.unwrap();
        refused(response, 400, "file_missing", "error").await;
    }
    assert_eq!(tries(&server, &token).await, 10);
    let response = server.upload_by(&token, "a.png", numbered_png(1)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(tries(&server, &token).await, 9);
}
