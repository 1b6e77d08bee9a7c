//! `server copy-database`: from SQLite to Postgres.

use std::process::{Command, Output};

use chrono::{TimeDelta, Utc};
use reqwest::Method;
use sea_orm::{ActiveValue::Set, ConnectionTrait, Database, EntityTrait, Statement};
use serde_json::{Value, json};
use server::{
    settings::{DatabaseSettings, Secret},
    store::entities::session,
};
use tempfile::TempDir;

use crate::{
    admin::{models::uploaded, review::corrected},
    keys::{history, make},
    support::{
        TestServer, database,
        mail::{by_smtp, dead_port},
        models,
        server::PASSWORD,
        settings,
    },
};

fn copy(from: &DatabaseSettings, to: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_server"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(["copy-database", "--to", to])
        .env("LOG_DIR", from.data_dir.join("logs"))
        .env("DATA_DIR", &from.data_dir)
        .env("DATABASE_URL", from.url().expose())
        .output()
        .unwrap()
}

/// Asserts that a copy is refused with this reason.
fn refused(output: &Output, reason: &str) {
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(reason), "{said}");
}

/// The tables of a Postgres database.
async fn tables(url: &str) -> Vec<String> {
    let database = Database::connect(url).await.unwrap();
    let tables = "SELECT CAST(table_name AS text) AS name FROM information_schema.tables \
                  WHERE table_schema = current_schema()";
    let tables = Statement::from_string(database.get_database_backend(), tables);
    let rows = database.query_all_raw(tables).await.unwrap();
    rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

/// What a user and an admin see of the database. The admin's last login is left out: reading it takes one.
async fn seen(server: &TestServer, token: &str) -> [Value; 2] {
    let own: Value = history(server, token).await.json().await.unwrap();
    let mut users = server.get_json("/api/admin/users").await;
    assert_eq!(users["users"][0]["username"], "admin");
    users["users"][0]["last_login_at"].take();
    [own, users]
}

/// Adds more sessions than are copied at once.
async fn add_sessions(server: &TestServer, user_id: i64, count: i64) {
    let now = Utc::now();
    let sessions = (0..count).map(|number| session::ActiveModel {
        id: Set(format!("session {number}")),
        user_id: Set(user_id),
        token_hash: Set(number.to_le_bytes().to_vec()),
        created_at: Set(now),
        expires_at: Set(now + TimeDelta::days(1)),
        client: Set((number % 2 == 0).then(|| "Firefox, «Linux»".to_owned())),
    });
    let sessions = session::Entity::insert_many(sessions);
    sessions.exec_without_returning(&server.database().await).await.unwrap();
}

#[tokio::test]
async fn a_copied_database_is_served_as_before() {
    let Ok(postgres) = std::env::var("TEST_DATABASE_URL") else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let mut settings = settings();
    settings.database.data_dir = folder.path().join("data");
    settings.database.database_url = Some(Secret::new(format!("sqlite://{}/trazo.db", folder.path().display())));
    by_smtp(&mut settings, dead_port());
    let server = TestServer::start_with(&settings, || Ok(models::three())).await;
    let token = server.user("López").await;
    corrected(&server, &token, "7-plain", "8").await;
    corrected(&server, &token, "1-plain", "none").await;
    let key = make(&server, &token, &["history"]).await.key;
    uploaded(&server, 1).await;
    assert_eq!(server.register("eva").await.status(), 201);
    // A number that no row has any more.
    let last = server.user("last").await;
    let last_id = server.row("last").await.id;
    let delete = server.by(&last, Method::POST, "/api/me/delete");
    let delete = delete.json(&json!({ "password": PASSWORD }));
    assert_eq!(delete.send().await.unwrap().status(), 200);
    add_sessions(&server, server.row("López").await.id, 1200).await;
    let before = seen(&server, &token).await;
    assert_eq!(before[0]["total"], 2);
    server.stop().await.unwrap();

    let target = database::fresh(&postgres).await;
    let copied = copy(&settings.database, &target);
    let said = String::from_utf8_lossy(&copied.stdout);
    assert!(copied.status.success(), "{said}");
    for line in [
        "users, 3 filas",
        // Those of the registration and of the key, and that of the deleted account.
        "outbox, 3 filas",
        "sessions, 1202 filas",
        "predictions, 2 filas",
        "corrections, 2 filas",
        "models, 1 filas",
        "model_changes, 1 filas",
        "key_fingerprints, 2 filas",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    refused(
        &copy(&settings.database, &target),
        "the target is not empty: it has the table",
    );

    let mut there = settings.clone();
    there.database.database_url = Some(Secret::new(&target));
    let server = TestServer::start_with(&there, || Ok(models::three())).await;
    assert_eq!(seen(&server, &token).await, before);
    assert_eq!(history(&server, &key).await.status(), 200);
    assert_eq!(server.register("new").await.status(), 201);
    assert!(server.row("new").await.id > last_id, "no number is given twice");
    let found = server.get_json("/api/admin/users?search=lopez").await;
    assert_eq!(found["users"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_is_copied_to_where_there_is_something() {
    let Ok(postgres) = std::env::var("TEST_DATABASE_URL") else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let mut source = settings().database;
    source.data_dir = folder.path().to_owned();
    let target = database::fresh(&postgres).await;
    let other = Database::connect(&target).await.unwrap();
    other
        .execute_unprepared("CREATE TABLE others (id bigint)")
        .await
        .unwrap();
    refused(&copy(&source, &target), "it has the table 'others'");
    assert_eq!(tables(&target).await, ["others"]);
    refused(&copy(&source, "sqlite://other.db"), "--to");
    let mut from_postgres = source.clone();
    from_postgres.database_url = Some(Secret::new(&target));
    refused(&copy(&from_postgres, &target), "only an SQLite database is copied");

    // A table that this version doesn't know would be left behind.
    let target = database::fresh(&postgres).await;
    let own = Database::connect(source.url().expose()).await.unwrap();
    own.execute_unprepared("CREATE TABLE later (id bigint)").await.unwrap();
    refused(&copy(&source, &target), "the table 'later' is not one of Trazo's");
    assert!(tables(&target).await.is_empty());
}
