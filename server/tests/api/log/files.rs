//! The log files of the running program: lines are complete, none is lost, the size is limited; and the behaviour when
//! the file can't be written.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use futures_util::{StreamExt, stream};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    eventually,
    metrics::Scrape,
    program::{BOUND_FILES, Program},
    server::PASSWORD,
};

/// More than any test writes.
const WHOLE: (&str, &str) = ("LOG_MAX_BYTES", "1000000000");

fn started(logs: &Path, settings: &[(&str, &str)]) -> Program {
    Program::start(logs, &[], settings)
}

/// Sends invalid logins; each logs one line with the request id of the response.
pub(super) async fn load(program: &Program, requests: usize) -> Vec<String> {
    let post = |_| {
        let request = program.ask(Method::POST, "/login").json(&json!({}));
        async move {
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 400);
            response.headers()["x-request-id"].to_str().unwrap().to_owned()
        }
    };
    stream::iter(0..requests).map(post).buffer_unordered(8).collect().await
}

/// The contents of the log files, oldest first.
pub(super) fn files(logs: &Path) -> Vec<PathBuf> {
    let number = |path: &PathBuf| {
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str()?.parse::<u32>().ok());
        std::cmp::Reverse(extension.unwrap_or_default())
    };
    let mut files: Vec<_> = fs::read_dir(logs).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort_by_key(number);
    files
}

pub(super) fn text(logs: &Path) -> String {
    files(logs)
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect()
}

/// The number of lines with each request id.
fn times(text: &str) -> BTreeMap<&str, usize> {
    let mut times = BTreeMap::new();
    for (_, id) in text.lines().filter_map(|line| line.rsplit_once(" request_id=")) {
        *times.entry(id).or_default() += 1;
    }
    times
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_contain_every_line_of_the_console() {
    let logs = TempDir::new().unwrap();
    let program = started(logs.path(), &[("LOG_MAX_BYTES", "50000"), ("LOG_BACKUPS", "100")]);
    let ids = load(&program, 3_000).await;
    let console = program.stop();
    let files = files(logs.path());
    assert!(files.len() > 5, "it has rotated");
    assert!(files.iter().all(|file| fs::metadata(file).unwrap().len() < 50_000));
    let text = text(logs.path());
    assert_eq!(text, console);
    let times = times(&text);
    assert_eq!(times.len(), ids.len());
    assert!(ids.iter().all(|id| times.get(id.as_str()) == Some(&1)));
    assert!(text.lines().last().unwrap().contains("Terminado."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_appends_to_the_file_and_respects_the_limits() {
    let logs = TempDir::new().unwrap();
    let settings = [("LOG_MAX_BYTES", "50000"), ("LOG_BACKUPS", "2")];
    let mut last = Vec::new();
    for _ in 0..3 {
        let program = started(logs.path(), &settings);
        last = load(&program, 300).await;
        program.kill();
    }
    let program = started(logs.path(), &settings);
    let ids = load(&program, 5).await;
    program.stop();
    let names: Vec<_> = files(logs.path())
        .iter()
        .map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["app.log.2", "app.log.1", "app.log"]);
    let text = text(logs.path());
    assert!(text.len() <= 150_000);
    // After a kill, no two lines are joined, and only the last line of a killed process may be partial.
    let is_line = |line: &str| line.len() > 30 && line.starts_with("20") && line.matches(" - WARNING - ").count() <= 1;
    assert!(text.lines().filter(|line| !is_line(line)).count() <= 3);
    let times = times(&text);
    assert!(ids.iter().all(|id| times.get(id.as_str()) == Some(&1)));
    // At most the lines in the queue of the killed process are missing.
    let kept = last.iter().filter(|id| times.contains_key(id.as_str())).count();
    assert!(kept > 100, "{kept} of {}", last.len());
}

/// As docs/logs.md says.
#[tokio::test(flavor = "multi_thread")]
async fn without_backups_a_full_file_is_removed_and_the_limit_holds() {
    let logs = TempDir::new().unwrap();
    // Left by an earlier setting.
    fs::write(logs.path().join("app.log.1"), "old\n").unwrap();
    let settings = [("LOG_BACKUPS", "0"), ("LOG_MAX_BYTES", "20000")];
    let program = started(logs.path(), &settings);
    let ids = load(&program, 500).await;
    let lost = dropped(&program).await;
    let console = program.stop();
    assert_eq!(files(logs.path()), [logs.path().join("app.log")]);
    let text = text(logs.path());
    assert!(
        text.len() < 20_000 && console.len() > 60_000,
        "{} of {}",
        text.len(),
        console.len()
    );
    assert!(
        console.ends_with(&text),
        "the newest lines are in the file, each as on the console"
    );
    assert!(ids.iter().all(|id| console.contains(id.as_str())));
    assert_eq!(lost, 0, "lines that were removed had been written");
}

/// A full disk, simulated by a maximum file size of 60 kB.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_leaves_no_partial_line_is_reported_and_counted_and_writing_resumes() {
    const FULL: usize = 60_000;
    let logs = TempDir::new().unwrap();
    let program = Program::start(logs.path(), &BOUND_FILES, &[WHOLE]);
    program.bound_files(&FULL.to_string());
    let ids = load(&program, 1_000).await;
    let log = logs.path().join("app.log");
    let written = |ids: &[String]| {
        let text = fs::read_to_string(&log).unwrap();
        let times = times(&text);
        ids.iter().filter(|id| times.get(id.as_str()) == Some(&1)).count()
    };
    eventually("line written or counted", async || {
        (written(&ids) as u64 + dropped(&program).await == 1_000).then_some(())
    })
    .await;
    let full = fs::read_to_string(&log).unwrap();
    assert!(full.len() <= FULL && full.len() > FULL - 400, "{}", full.len());
    assert!(full.ends_with('\n'), "no line is torn");
    let dropped = dropped(&program).await;
    assert!(dropped > 0);
    let console = program.console();
    // A short line may still have fitted, so the error may occur twice.
    let said = console.matches("ERROR - No se puede escribir el registro: ").count();
    assert!((1..=2).contains(&said), "{said}");
    assert!(
        ids.iter().all(|id| console.contains(id.as_str())),
        "the console has them all"
    );

    program.bound_files("unlimited");
    let later = load(&program, 10).await;
    eventually("room", async || (written(&later) == later.len()).then_some(())).await;
    assert_eq!(self::dropped(&program).await, dropped, "no more than before");
    program.stop();
    let text = fs::read_to_string(&log).unwrap();
    let missing = text.lines().filter_map(|line| {
        let (_, missing) = line.split_once("WARNING - El registro vuelve a escribirse; faltan ")?;
        missing.strip_suffix(" líneas.")?.parse::<u64>().ok()
    });
    assert_eq!(missing.sum::<u64>(), dropped, "the file says how many it lacks");
}

async fn dropped(program: &Program) -> u64 {
    let text = program.ask(Method::GET, "/metrics").send().await.unwrap().text().await;
    let dropped = Scrape::parse(&text.unwrap())
        .get("log_lines_dropped_total", &[])
        .unwrap();
    format!("{dropped}").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_folder_it_serves_and_logs_as_soon_as_possible() {
    let place = TempDir::new().unwrap();
    let logs = place.path().join("logs");
    // A file in place of the folder, because permissions don't apply to root.
    fs::write(&logs, "").unwrap();
    let program = started(&logs, &[]);
    let lost = load(&program, 5).await;
    let shown = |id: &String| program.console().contains(id.as_str());
    eventually("line on the console", async || lost.iter().all(shown).then_some(())).await;
    assert!(program.console().contains("ERROR - No se puede escribir el registro: "));
    assert!(dropped(&program).await >= 5);
    fs::remove_file(&logs).unwrap();
    let ids = load(&program, 5).await;
    let console = program.stop();
    let text = text(&logs);
    assert!(ids.iter().all(|id| text.contains(id.as_str())));
    assert!(text.contains("El registro vuelve a escribirse; faltan ") && console.contains("; faltan "));
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_one_object_per_line_on_the_console_and_in_the_file() {
    let logs = TempDir::new().unwrap();
    let program = started(logs.path(), &[("LOG_FORMAT", "json"), ("LOG_LEVEL", "trace"), WHOLE]);
    let ids = load(&program, 20).await;
    let console = program.stop();
    assert_eq!(text(logs.path()), console);
    let objects: Vec<Value> = console
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for id in ids {
        let own = objects.iter().filter(|object| object["request_id"] == id.as_str());
        let warnings: Vec<_> = own.filter(|object| object["level"] == "WARNING").collect();
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0]["message"], "Inicio de sesión fallido para el username ''.");
        assert!(
            warnings[0]["target"]
                .as_str()
                .unwrap()
                .starts_with("server::http::routes::login")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn email_addresses_are_masked_on_demand() {
    let logs = TempDir::new().unwrap();
    let program = started(logs.path(), &[("LOG_MASK_PII", "true"), ("LOG_LEVEL", "trace"), WHOLE]);
    let token = program.sign_in("admin", PASSWORD).await;
    let file = Part::bytes(b"x".as_slice()).file_name("ana.garcia@example.com.txt");
    let form = Form::new().part("file", file);
    let request = program.ask(Method::POST, "/predict").bearer_auth(token);
    assert_eq!(request.multipart(form).send().await.unwrap().status(), 400);
    let console = program.stop();
    for text in [text(logs.path()), console] {
        assert!(
            text.contains("Tipo de archivo no permitido 'a***@example.com.txt'."),
            "{text}"
        );
        assert!(!text.contains("garcia"), "{text}");
    }
}
