//! A database of each test's own: SQLite in its folder, or a fresh one on a Postgres server.
//!
//! `TEST_DATABASE_URL` names a Postgres server and a database to connect to first; `scripts/postgres.sh` starts one for the
//! tests and runs them on it.

use sea_orm::{ConnectionTrait, Database};
use server::settings::{Secret, Settings};
use tempfile::TempDir;
use uuid::Uuid;

/// The settings with a database and a data folder that nobody else has.
pub(crate) async fn own(settings: &Settings, folder: &TempDir) -> Settings {
    let mut settings = settings.clone();
    if settings.database.data_dir == Settings::defaults().database.data_dir {
        settings.database.data_dir = folder.path().join("data");
    }
    if settings.database.database_url.is_none()
        && let Ok(server) = std::env::var("TEST_DATABASE_URL")
    {
        settings.database.database_url = Some(Secret::new(fresh(&server).await));
        // Many tests at once share one server's connections.
        settings.database.database_connections = 4;
    }
    settings
}

/// A new database on the Postgres server at `url`; its address.
async fn fresh(url: &str) -> String {
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
