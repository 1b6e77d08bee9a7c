//! While the database can't be written or reached, requests are answered with 503 and `Retry-After`, and the server recovers
//! by itself. (Locked databases: `locked`.)

use reqwest::Method;
use sea_orm::{ConnectionTrait, Database};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{
    TestServer, database, eventually,
    pictures::numbered_png,
    program::{BOUND_FILES, Program},
    server::{PASSWORD, file, refused},
};

#[cfg(target_os = "linux")]
#[tokio::test]
async fn writes_that_the_disk_refuses() {
    let folder = TempDir::new().unwrap();
    // No page is needed.
    let settings = [("LEPTOS_SITE_ROOT", folder.path().join("site"))];
    let program = Program::start(&folder.path().join("logs"), &BOUND_FILES, &settings);
    let token = program.sign_in("admin", PASSWORD).await;
    let predict = async |number| {
        let request = program.ask(Method::POST, "/predict").bearer_auth(&token);
        let request = request.multipart(file("a.png", numbered_png(number)));
        request.send().await.unwrap()
    };
    let register = async |name: &str| {
        let new = json!({ "username": name, "email": format!("{name}@example.com"), "password": PASSWORD });
        program.ask(Method::POST, "/register").json(&new).send().await.unwrap()
    };
    let ready = async || program.ask(Method::GET, "/health/ready").send().await.unwrap();
    let until_ready = async || {
        eventually("ready server", async || (ready().await.status() == 200).then_some(())).await;
    };
    until_ready().await;
    assert_eq!(register("ana").await.status(), 201);
    for round in 0..3 {
        program.bound_files("0");
        for (response, text) in [(predict(round).await, "error"), (register("eva").await, "msg")] {
            assert_eq!(response.headers()["retry-after"], "5");
            refused(response, 503, "database_unavailable", text).await;
        }
        refused(ready().await, 503, "database_unavailable", "msg").await;
        program.bound_files("unlimited");
        until_ready().await;
        assert_eq!(predict(round).await.status(), 200);
        // A transaction that is rolled back, and one that is committed, on each connection that there is.
        for number in 0..12 {
            assert_eq!(register("ana").await.status(), 409);
            assert_eq!(register(&format!("luz{round}x{number}")).await.status(), 201);
        }
    }
    // Another process finds what was answered: it was committed.
    let sqlite = format!("sqlite://{}", program.data().join("trazo.db").display());
    let other = Database::connect(sqlite).await.unwrap();
    let rows = async |table: &str| {
        let count = format!("SELECT COUNT(*) AS rows FROM {table}");
        let count = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, count);
        let row = other.query_one_raw(count).await.unwrap().unwrap();
        row.try_get::<i64>("", "rows").unwrap()
    };
    assert_eq!(rows("predictions").await, 3);
    assert_eq!(rows("users").await, 2 + 3 * 12);
}

#[tokio::test]
async fn connections_that_postgres_ends_and_refuses() {
    let Ok(postgres) = std::env::var("TEST_DATABASE_URL") else {
        // SQLite has no connections that others end.
        return;
    };
    let server = TestServer::start().await;
    assert_eq!(server.predict("a.png", numbered_png(0)).await.status(), 200);
    let (postgres, name) = (
        Database::connect(postgres).await.unwrap(),
        database::name(&server.settings),
    );
    let allow = async |allowed: bool| {
        let alter = format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {allowed}");
        postgres.execute_unprepared(&alter).await.unwrap();
    };
    allow(false).await;
    let terminate = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    postgres.execute_unprepared(&terminate).await.unwrap();
    for number in 1..3 {
        let prediction = server.predict("a.png", numbered_png(number)).await;
        let registration = server.register("ana").await;
        for (response, text) in [(prediction, "error"), (registration, "msg")] {
            assert_eq!(response.headers()["retry-after"], "5");
            refused(response, 503, "database_unavailable", text).await;
        }
        refused(server.get("/health/ready").await, 503, "database_unavailable", "msg").await;
        assert_eq!(server.get("/health/live").await.status(), 200);
    }
    allow(true).await;
    eventually("ready server", async || {
        (server.get("/health/ready").await.status() == 200).then_some(())
    })
    .await;
    assert_eq!(server.predict("a.png", numbered_png(9)).await.status(), 200);
    assert_eq!(server.register("ana").await.status(), 201);
}
