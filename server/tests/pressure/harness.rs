//! What the tests share: their two forms, the row that each prints, and the program with what it is asked.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    eventually,
    pictures::numbered_png,
    program::Program,
    server::{PASSWORD, file},
};

/// Whether the tests run as long as docs/reliability.md says, and check times and memory: `PRESSURE=long`.
pub(crate) fn is_long() -> bool {
    std::env::var("PRESSURE").is_ok_and(|form| form == "long")
}

/// One of two values, by the form.
pub(crate) fn short_or_long<T>(short: T, long: T) -> T {
    if is_long() { long } else { short }
}

/// A row of docs/reliability.md, printed when it is dropped.
pub(crate) struct Row {
    name: &'static str,
    figures: Vec<String>,
    missed: Vec<String>,
    skipped: Option<&'static str>,
}

impl Row {
    /// The row of the table whose first cell is `name`.
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            figures: Vec::new(),
            missed: Vec::new(),
            skipped: None,
        }
    }

    /// Prints that the test can't run here.
    pub(crate) fn skip(mut self, reason: &'static str) {
        self.skipped = Some(reason);
    }

    /// Adds what was counted or measured.
    pub(crate) fn figure(&mut self, text: impl Into<String>) {
        self.figures.push(text.into());
    }

    /// Adds a figure that has a limit, which counts in the long form.
    pub(crate) fn bounded(&mut self, text: impl Into<String>, is_within: bool) {
        let text = text.into();
        if is_long() && !is_within {
            self.missed.push(text.clone());
        }
        self.figures.push(text);
    }

    /// Prints the row; panics if a limit was missed.
    pub(crate) fn finish(self) {
        let missed = self.missed.clone();
        drop(self);
        assert!(missed.is_empty(), "missed: {}", missed.join(", "));
    }
}

impl Drop for Row {
    #[expect(clippy::print_stdout, reason = "scripts/pressure.sh reads it")]
    fn drop(&mut self) {
        let verdict = if thread::panicking() {
            "failed".to_owned()
        } else if let Some(reason) = self.skipped {
            format!("skipped: {reason}")
        } else if !is_long() {
            "short form".to_owned()
        } else if self.missed.is_empty() {
            "met".to_owned()
        } else {
            format!("missed: {}", self.missed.join(", "))
        };
        println!("| {} | {} | {verdict} |", self.name, self.figures.join(", "));
    }
}

/// Milliseconds or seconds with three digits, for people.
pub(crate) fn shown(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 {
        format!("{:.1} ms", seconds * 1e3)
    } else {
        format!("{seconds:.2} s")
    }
}

/// The time that `percent` of `times` don't exceed.
pub(crate) fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted[rank - 1]
}

/// A folder for the data, the logs and the database of a program, which later programs can share.
pub(crate) struct Installation {
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
}

impl Installation {
    /// With SQLite, and the given settings.
    pub(crate) fn new(settings: &[(&'static str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        // The page doesn't have to be built.
        let site = folder.path().join("site");
        fs::create_dir_all(site.join("pkg")).unwrap();
        fs::write(site.join("pkg/trazo.js"), "").unwrap();
        let own = [
            ("DATA_DIR", folder.path().join("data").to_str().unwrap().to_owned()),
            ("LEPTOS_SITE_ROOT", site.to_str().unwrap().to_owned()),
            ("LEPTOS_HASH_FILES", "false".to_owned()),
            ("LOG_MAX_BYTES", "1000000000".to_owned()),
        ];
        let given = settings.iter().map(|(name, value)| (*name, (*value).to_owned()));
        Self {
            settings: own.into_iter().chain(given).collect(),
            folder,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The files of the page.
    pub(crate) fn files(&self) -> PathBuf {
        self.folder.path().join("site/pkg")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.folder.path().join("logs")
    }

    /// The URL of its SQLite database.
    pub(crate) fn sqlite(&self) -> String {
        format!("sqlite://{}", self.data().join("trazo.db").display())
    }

    /// Starts the program, through `wrapper` if that isn't empty.
    pub(crate) fn start(&self, wrapper: &[&str]) -> Program {
        self.start_logging(&self.logs(), wrapper)
    }

    pub(crate) fn start_logging(&self, logs: &Path, wrapper: &[&str]) -> Program {
        Program::start(logs, wrapper, &self.settings)
    }

    /// Starts the program on a port.
    pub(crate) fn start_at(&self, port: u16, logs: &Path) -> Program {
        let settings = [self.settings.clone(), vec![("PORT", port.to_string())]].concat();
        Program::start(logs, &[], &settings)
    }

    /// Starts the program and waits until it is ready.
    pub(crate) async fn ready(&self, wrapper: &[&str]) -> Program {
        let program = self.start(wrapper);
        until_ready(&program).await;
        program
    }

    /// The addresses of the emails that were written to files.
    pub(crate) fn mailed(&self) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.data().join("mail")) else {
            return Vec::new();
        };
        files
            .map(|file| file.unwrap().path())
            .filter(|file| file.extension().is_some_and(|extension| extension == "eml"))
            .map(|file| {
                let text = fs::read_to_string(file).unwrap();
                let to = text.lines().find_map(|line| line.strip_prefix("To: "));
                to.expect("a recipient").trim_end().to_owned()
            })
            .collect()
    }
}

/// Waits until `/health/ready` answers 200.
pub(crate) async fn until_ready(program: &Program) {
    eventually("ready server", async || {
        (status(program, "/health/ready").await == 200).then_some(())
    })
    .await;
}

/// The status of the answer to a GET request.
pub(crate) async fn status(program: &Program, path: &str) -> u16 {
    program.ask(Method::GET, path).send().await.unwrap().status().as_u16()
}

/// Uploads a picture that is different for each number.
pub(crate) async fn predict(program: &Program, token: &str, number: u32) -> reqwest::Result<Response> {
    upload(program, token, numbered_png(number)).await
}

pub(crate) async fn upload(program: &Program, token: &str, picture: Vec<u8>) -> reqwest::Result<Response> {
    let request = program.ask(Method::POST, "/predict").bearer_auth(token);
    request.multipart(file("a.png", picture)).send().await
}

/// Registers an account with the address `name@example.com`.
pub(crate) async fn register(program: &Program, name: &str) -> reqwest::Result<Response> {
    let email = format!("{name}@example.com");
    let new = json!({ "username": name, "email": email, "password": PASSWORD });
    program.ask(Method::POST, "/register").json(&new).send().await
}

/// The number of predictions in the history of the administrator.
pub(crate) async fn history(program: &Program, token: &str) -> u64 {
    let request = program.ask(Method::GET, "/api/predictions").bearer_auth(token);
    let list: Value = request.send().await.unwrap().json().await.unwrap();
    list["total"].as_u64().unwrap()
}

/// Asserts that an answer says that the database isn't available, and when to try again.
pub(crate) async fn assert_unavailable(response: Response) {
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["code"], "database_unavailable", "{body}");
}

/// Asserts that the program logged neither a panic nor an error of its own.
pub(crate) fn assert_no_internal_error(console: &str) {
    let bad = ["Panic en", "Error interno"];
    let found: Vec<_> = console
        .lines()
        .filter(|line| bad.iter().any(|bad| line.contains(bad)))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// A line of `/proc/PID/status`, in megabytes.
#[cfg(target_os = "linux")]
pub(crate) fn memory(program: &Program, line: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let found = status
        .lines()
        .find_map(|found| found.strip_prefix(line)?.strip_prefix(':'));
    let kibibytes: f64 = found.unwrap().trim().trim_end_matches(" kB").parse().unwrap();
    kibibytes * 1024.0 / 1e6
}

/// The statuses of answers with their numbers, for a row.
pub(crate) fn tally(statuses: impl Iterator<Item = u16>) -> String {
    let mut counts = std::collections::BTreeMap::<u16, usize>::new();
    statuses.for_each(|status| *counts.entry(status).or_default() += 1);
    let mut text = String::new();
    for (status, count) in counts {
        let separator = if text.is_empty() { "" } else { ", " };
        write!(text, "{separator}{count} × {status}").unwrap();
    }
    text
}
