//! Which requests are charged to a quota.

use std::time::{Duration, Instant};

use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    limit_refused, limited_in, register_with, standing,
    storage::{Storage, in_each_storage},
};
use crate::support::{
    TestServer, models,
    pictures::numbered_png,
    server::{PASSWORD, refused},
    settings,
};

in_each_storage!(
    a_request_rejected_per_second_is_not_charged_per_hour,
    a_throttled_login_is_not_charged_to_the_route,
    an_unconfirmed_rejection_is_not_charged_to_the_daily_quota,
    a_server_error_is_not_charged,
);

async fn a_request_rejected_per_second_is_not_charged_per_hour(storage: &Storage) {
    let server = limited_in(storage, |settings| {
        settings.limits.ratelimit_register = "4 per hour;2 per second".parse().unwrap();
    })
    .await;
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

async fn a_throttled_login_is_not_charged_to_the_route(storage: &Storage) {
    let server = limited_in(storage, |settings| {
        settings.limits.ratelimit_default = "20 per hour".parse().unwrap();
    })
    .await;
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

async fn an_unconfirmed_rejection_is_not_charged_to_the_daily_quota(storage: &Storage) {
    let server = limited_in(storage, |settings| {
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

async fn a_server_error_is_not_charged(storage: &Storage) {
    let mut settings = settings();
    settings.limits.ratelimit_enabled = true;
    settings.limits.ratelimit_predict = "2 per day".parse().unwrap();
    storage.configure(&mut settings);
    let server = TestServer::start_with(&settings, || Ok(models::panicking())).await;
    for number in 0..5 {
        let response = server.predict("a.png", numbered_png(number)).await;
        assert_eq!((response.status().as_u16(), standing(&response)), (500, (2, 2)));
    }
}
