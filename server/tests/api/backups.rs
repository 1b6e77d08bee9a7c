//! Backups as docs/operations.md says: taken while the server runs, and restored.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use server::settings::{DatabaseSettings, Secret};
use tempfile::TempDir;

use crate::{
    keys::history,
    support::{TestServer, database, models, pictures::numbered_png, settings},
};

/// SQLite's online backup, which is also what `.backup` of its shell does.
const SQLITE_BACKUP: &str = "import sqlite3, sys
sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]), pages=16)";

/// Begins to save the database to a file.
fn save(settings: &DatabaseSettings, backup: &Path) -> Child {
    let mut command;
    if let Some(file) = settings.sqlite_file() {
        command = Command::new("python3");
        command.args(["-c", SQLITE_BACKUP]).arg(file);
    } else {
        command = Command::new("pg_dump");
        command.args(["--format=custom", settings.url().expose(), "--file"]);
    }
    command.arg(backup).stdin(Stdio::null()).spawn().unwrap()
}

/// Restores it for a server with these settings, whose data folder has the keys already.
async fn restore(backup: &Path, settings: &mut DatabaseSettings) {
    if settings.sqlite_file().is_some() {
        settings.database_url = None;
        fs::copy(backup, settings.data_dir.join("trazo.db")).unwrap();
        return;
    }
    let url = database::fresh(&std::env::var("TEST_DATABASE_URL").unwrap()).await;
    let mut command = Command::new("pg_restore");
    command
        .args(["--exit-on-error", "--no-owner", "--dbname", &url])
        .arg(backup);
    assert!(command.status().unwrap().success());
    settings.database_url = Some(Secret::new(url));
}

async fn predict(server: &TestServer, token: &str, number: u32) {
    let answer = server.upload_by(token, "a.png", numbered_png(number)).send().await;
    assert_eq!(answer.unwrap().status(), 200);
}

async fn total(server: &TestServer, token: &str) -> u64 {
    let list: Value = history(server, token).await.json().await.unwrap();
    list["total"].as_u64().expect("the session and the keys are restored")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_was_taken_under_load_is_restored() {
    let folder = TempDir::new().unwrap();
    let settings = database::own(&settings(), &folder).await;
    let is_sqlite = settings.database.sqlite_file().is_some();
    if !is_sqlite && Command::new("pg_dump").arg("--version").output().is_err() {
        // A Postgres server elsewhere.
        return;
    }
    let server = TestServer::start_with(&settings, || Ok(models::three())).await;
    let token = server.user("ana").await;
    let mut sent = 0;
    while sent < 20 {
        predict(&server, &token, sent).await;
        sent += 1;
    }
    let backup = folder.path().join("backup");
    let mut saving = save(&settings.database, &backup);
    while saving.try_wait().unwrap().is_none() {
        predict(&server, &token, sent).await;
        sent += 1;
    }
    assert!(saving.wait().unwrap().success());

    let mut restored = settings.clone();
    restored.database.data_dir = folder.path().join("restored");
    fs::create_dir(&restored.database.data_dir).unwrap();
    for key in ["secret_key", "jwt_secret_key"] {
        fs::copy(
            settings.database.data_dir.join(key),
            restored.database.data_dir.join(key),
        )
        .unwrap();
    }
    restore(&backup, &mut restored.database).await;
    let server = TestServer::start_with(&restored, || Ok(models::three())).await;
    let kept = total(&server, &token).await;
    assert!((20..=u64::from(sent)).contains(&kept), "{kept} of {sent}");
    predict(&server, &token, sent).await;
    assert_eq!(total(&server, &token).await, kept + 1);
}
