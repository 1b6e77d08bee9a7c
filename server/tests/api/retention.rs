//! `HISTORY_DAYS`: predictions that are older are removed, with their corrections.

use api::History;
use chrono::{TimeDelta, Utc};
use reqwest::{Method, StatusCode};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;
use server::{settings::Settings, store::entities::prediction};
use tempfile::TempDir;

use crate::support::{
    self, TestServer, database, eventually, log,
    metrics::{scrape, until},
    models,
    pictures::numbered_png,
};

async fn history(server: &TestServer, token: &str) -> History {
    let response = server.by(token, Method::GET, "/api/predictions").send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

/// The numbers of a user's predictions, newest first.
async fn numbers(server: &TestServer, token: &str) -> Vec<i64> {
    let history = history(server, token).await;
    history.predictions.iter().map(|past| past.id).collect()
}

/// The status of the response to a correction.
async fn correct(server: &TestServer, token: &str, id: i64) -> StatusCode {
    let request = server.by(token, Method::POST, &format!("/api/predictions/{id}/correction"));
    request.json(&json!({ "digito": 8 })).send().await.unwrap().status()
}

/// Starts a server with the database of `settings` and with `HISTORY_DAYS` set to `days`.
async fn started(settings: &Settings, days: u32) -> TestServer {
    let mut settings = settings.clone();
    settings.database.history_days = days;
    TestServer::start_with(&settings, || Ok(models::three())).await
}

/// Makes a prediction look as old as `age`.
async fn age(server: &TestServer, id: i64, age: TimeDelta) {
    prediction::Entity::update_many()
        .col_expr(prediction::Column::CreatedAt, Expr::value(Utc::now() - age))
        .filter(prediction::Column::Id.eq(id))
        .exec(&server.database().await)
        .await
        .unwrap();
}

#[tokio::test]
async fn old_predictions_are_removed_with_their_corrections() {
    let folder = TempDir::new().unwrap();
    let settings = database::own(&support::settings(), &folder).await;
    let server = started(&settings, 0).await;
    let token = server.user("ana").await;
    for number in 0..6 {
        let response = server.upload_by(&token, "a.png", numbered_png(number)).send().await;
        assert_eq!(response.unwrap().status(), 200);
    }
    let ids = numbers(&server, &token).await;
    assert_eq!(correct(&server, &token, ids[1]).await, 200);
    // Not the oldest by number: only their time counts.
    let hour = TimeDelta::hours(1);
    for (id, at) in [
        (ids[1], hour),
        (ids[3], hour * 24 * 900),
        (ids[4], hour),
        (ids[0], -hour),
    ] {
        age(&server, id, TimeDelta::days(365) + at).await;
    }
    server.stop().await.unwrap();

    let server = started(&settings, 0).await;
    assert_eq!(history(&server, &server.sign_in("ana").await).await.total, Some(6));
    assert_eq!(scrape(&server).await.get("history_removed_total", &[]), Some(0.0));
    server.stop().await.unwrap();

    let server = started(&settings, 365).await;
    until(&server, |scrape| scrape.get("history_removed_total", &[]) == Some(3.0)).await;
    log::line_with("INFO - Historial: 3 predicciones de hace más de 365 días quitadas.").await;
    let token = server.sign_in("ana").await;
    assert_eq!(numbers(&server, &token).await, [ids[0], ids[2], ids[5]]);
    assert_eq!(correct(&server, &token, ids[1]).await, 404);
    assert_eq!(server.row("ana").await.predictions, 6, "how many there were");
    let response = server.upload_by(&token, "a.png", numbered_png(7)).send().await;
    assert_eq!(response.unwrap().status(), 200);
}

/// More than one transaction removes, by two servers at the same time.
#[tokio::test]
async fn many_old_predictions_are_removed_by_all_servers_together() {
    let folder = TempDir::new().unwrap();
    let settings = database::own(&support::settings(), &folder).await;
    let server = started(&settings, 0).await;
    server.add_user("ana").await;
    let user_id = server.row("ana").await.id;
    let row = |number: i64| prediction::ActiveModel {
        user_id: Set(user_id),
        created_at: Set(Utc::now() - TimeDelta::days(8 + number % 2 * 100) + TimeDelta::seconds(number)),
        digit: Set(3),
        probability: Set(0.5),
        model: Set("test".to_owned()),
        picture: Set(vec![0; 784]),
        ..Default::default()
    };
    prediction::Entity::insert_many((0..1_100).map(row))
        .exec_without_returning(&server.database().await)
        .await
        .unwrap();
    let token = server.sign_in("ana").await;
    let response = server.upload_by(&token, "a.png", numbered_png(1)).send().await;
    assert_eq!(response.unwrap().status(), 200);
    // SQLite is for one server only.
    let is_shared = server.settings.database.sqlite_file().is_none();
    server.stop().await.unwrap();
    let mut servers = vec![started(&settings, 7).await];
    if is_shared {
        servers.push(started(&settings, 7).await);
    }
    let removed = async || {
        let mut removed = 0.0;
        for server in &servers {
            removed += scrape(server).await.get("history_removed_total", &[]).unwrap();
        }
        (removed >= 1_100.0).then_some(removed)
    };
    let counted = eventually("empty history", removed).await;
    assert!((counted - 1_100.0).abs() < 0.5, "{counted}");
    let token = servers[0].sign_in("ana").await;
    assert_eq!(history(&servers[0], &token).await.total, Some(1));
}
