//! Folders with characters that mean something in a URL.

use std::{fs, path::Path};

use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

use crate::support::{program::Program, server::PASSWORD};

/// Starts the program with these settings and the log in `logs`.
fn started(logs: &Path, setting: (&str, String)) -> Program {
    Program::start(logs, &[], &[setting])
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_may_have_any_name() {
    for name in ["100 % de día", "what?mode=memory", "a#b&c=d", "%41%2F%00", "x:y@z"] {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join(name);
        let logs = TempDir::new().unwrap();
        let logs = logs.path().join(name);
        let start = || started(&logs, ("DATA_DIR", data.to_str().unwrap().to_owned()));
        let program = start();
        let new = json!({ "username": "ana", "email": "ana@example.com", "password": PASSWORD });
        let request = program.ask(Method::POST, "/register").json(&new);
        assert_eq!(request.send().await.unwrap().status(), 201, "{name}");
        program.stop();
        assert_eq!(names(folder.path()), [name]);
        let found = names(&data);
        for file in ["trazo.db", "secret_key", "jwt_secret_key"] {
            assert!(found.contains(&file.to_owned()), "{file} in {found:?}");
        }
        assert!(fs::read_to_string(logs.join("app.log")).unwrap().contains("Terminado."));
        // The same database after a restart.
        let program = start();
        program.sign_in("ana", PASSWORD).await;
        program.stop();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_path_of_a_database_url_is_escaped() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}/100%25 %3F/a%20b.db?mode=rwc", folder.path().display());
    let program = started(&folder.path().join("logs"), ("DATABASE_URL", url));
    program.sign_in("admin", PASSWORD).await;
    program.stop();
    assert!(
        folder.path().join("100% ?/a b.db").is_file(),
        "{:?}",
        names(folder.path())
    );
}
