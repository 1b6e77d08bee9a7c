//! A separate database for each test: an SQLite file, or a new database on a Postgres server.
//!
//! `TEST_DATABASE_URL` names a Postgres server and a database to connect to first; `scripts/postgres.sh` starts one for the
//! tests and runs them on it.

use sea_orm::{ConnectionTrait, Database};
use server::settings::{Secret, Settings};
use tempfile::TempDir;
use uuid::Uuid;

/// The settings with a new database and data folder.
pub(crate) async fn own(settings: &Settings, folder: &TempDir) -> Settings {
    let mut settings = settings.clone();
    if settings.database.data_dir == Settings::defaults().database.data_dir {
        settings.database.data_dir = folder.path().join("data");
    }
    if settings.database.database_url.is_none()
        && let Ok(server) = std::env::var("TEST_DATABASE_URL")
    {
        settings.database.database_url = Some(Secret::new(fresh(&server).await));
        // Concurrent tests share the connections of one server.
        settings.database.database_connections = 4;
    }
    settings
}

/// The name of a database on a Postgres server.
pub(crate) fn name(settings: &Settings) -> String {
    let url = settings.database.url();
    let name = url
        .expose()
        .rsplit('/')
        .find_map(|part| part.split('?').next().filter(|name| name.starts_with("test_")));
    name.expect("the database's name").to_owned()
}

/// Creates a database on the Postgres server at `url` and returns its URL.
pub(crate) async fn fresh(url: &str) -> String {
    let name = format!("test_{}", Uuid::new_v4().simple());
    let server = Database::connect(url).await.unwrap();
    server
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    server.close().await.unwrap();
    let (base, parameters) = url
        .split_once('?')
        .map_or((url, ""), |(base, parameters)| (base, parameters));
    let at = base.rfind('/').unwrap();
    format!("{}/{name}?{parameters}", &base[..at])
}
