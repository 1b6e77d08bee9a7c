//! The keys of several servers on one database, and their replacement.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use reqwest::Method;
use tempfile::TempDir;

use crate::support::{TestServer, database, log, models, program::Program, server::PASSWORD, settings};

/// Runs the program to its end, with a data folder of its own.
fn run(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_server"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(arguments)
        .env("PORT", "0")
        .env("DATA_DIR", folder.join("data"))
        .env("LOG_DIR", folder.join("logs"))
        .envs(settings.iter().copied())
        .output()
        .unwrap()
}

/// Asserts that the program doesn't start, and says which key it is about.
fn refused(settings: &[(&str, &str)], key: &str) {
    let folder = TempDir::new().unwrap();
    let output = run(folder.path(), &[], settings);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let error = said.lines().find(|line| line.contains("ERROR")).unwrap_or_default();
    assert!(error.contains(key) && error.contains("server forget-keys"), "{said}");
}

async fn accepts(server: &Program, token: &str) -> bool {
    let me = server.ask(Method::GET, "/api/me").bearer_auth(token);
    me.send().await.unwrap().status() == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_of_one_database_have_the_same_keys() {
    let Ok(postgres) = std::env::var("TEST_DATABASE_URL") else {
        // SQLite is for one server.
        return;
    };
    let url = database::fresh(&postgres).await;
    let logs = TempDir::new().unwrap();
    let start = |settings: &[(&str, &str)]| {
        let database = [("DATABASE_URL", url.as_str())];
        Program::start(logs.path(), &[], &[&database[..], settings].concat())
    };
    let one = start(&[]);
    refused(&[("DATABASE_URL", &url)], "SECRET_KEY");
    let [secret, jwt] = ["secret_key", "jwt_secret_key"].map(|file| one.kept(file).trim().to_owned());
    refused(&[("DATABASE_URL", &url), ("SECRET_KEY", &secret)], "JWT_SECRET_KEY");
    let other = start(&[("SECRET_KEY", &secret), ("JWT_SECRET_KEY", &jwt)]);
    let token = one.sign_in("admin", PASSWORD).await;
    assert!(accepts(&other, &token).await);

    one.stop();
    other.stop();
    refused(&[("DATABASE_URL", &url)], "SECRET_KEY");
    let folder = TempDir::new().unwrap();
    let forgotten = run(folder.path(), &["forget-keys"], &[("DATABASE_URL", &url)]);
    assert!(forgotten.status.success(), "{forgotten:?}");
    let new = start(&[]);
    assert!(!accepts(&new, &token).await);
    refused(&[("DATABASE_URL", &url), ("SECRET_KEY", &secret)], "SECRET_KEY");
}

/// One server after another gets the next list of keys, and is started while the others have the list before.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_replaced_server_by_server() {
    let Ok(postgres) = std::env::var("TEST_DATABASE_URL") else {
        return;
    };
    let url = database::fresh(&postgres).await;
    let logs = TempDir::new().unwrap();
    let [secret, old, new] = ["secret", "old", "new"].map(|name| name.repeat(16));
    let keys = |listed: &[&str]| listed.join(",");
    let start = |listed: &str| {
        let settings = [
            ("DATABASE_URL", url.as_str()),
            ("SECRET_KEY", secret.as_str()),
            ("JWT_SECRET_KEYS", listed),
        ];
        Program::start(logs.path(), &[], &settings)
    };
    let lists = [keys(&[&old]), keys(&[&old, &new]), keys(&[&new, &old]), keys(&[&new])];
    for pair in lists.windows(2) {
        let (before, after) = (start(&pair[0]), start(&pair[1]));
        for (one, other) in [(&before, &after), (&after, &before)] {
            let token = one.sign_in("admin", PASSWORD).await;
            assert!(accepts(one, &token).await && accepts(other, &token).await, "{pair:?}");
        }
        // A server that has the list before may start again.
        drop(before);
        start(&pair[0]);
        start(&pair[1]);
    }
    refused(
        &[
            ("DATABASE_URL", &url),
            ("SECRET_KEY", &secret),
            ("JWT_SECRET_KEY", &old),
        ],
        "JWT_SECRET_KEYS",
    );
}

#[tokio::test]
async fn a_single_server_starts_with_any_keys() {
    if std::env::var("TEST_DATABASE_URL").is_ok() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let settings = database::own(&settings(), &folder).await;
    let start = || TestServer::start_with(&settings, || Ok(models::three()));
    for _ in 0..2 {
        start().await.stop().await.unwrap();
    }
    assert!(!log::text().contains("la clave es otra"), "{}", log::text());
    fs::remove_file(settings.database.data_dir.join("secret_key")).unwrap();
    start().await;
    log::line_with("SECRET_KEY: la clave es otra que la última vez").await;
}
