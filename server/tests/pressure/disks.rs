//! Faults of the disk: full under the log, full under the data, and read-only.

#![cfg(target_os = "linux")]

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::Path,
    process::Command,
};

use futures_util::future::join_all;
use reqwest::Method;

use crate::{
    harness::{
        Installation, Row, assert_no_internal_error, assert_unavailable, history, predict, register, short_or_long,
        status, until_ready,
    },
    support::{
        eventually,
        metrics::Scrape,
        program::{BOUND_FILES, Program},
        server::PASSWORD,
    },
};

/// Requests that write, one after another, until one is refused as documented; returns those that were answered.
struct Load<'a> {
    program: &'a Program,
    token: &'a str,
    sent: u32,
    predicted: u64,
    registered: Vec<String>,
}

impl<'a> Load<'a> {
    fn new(program: &'a Program, token: &'a str) -> Self {
        Self {
            program,
            token,
            sent: 0,
            predicted: 0,
            registered: Vec::new(),
        }
    }

    /// Whether the prediction was answered; else the database isn't available.
    async fn predict(&mut self) -> bool {
        self.sent += 1;
        let response = predict(self.program, self.token, self.sent).await.unwrap();
        if response.status() == 200 {
            self.predicted += 1;
            return true;
        }
        assert_unavailable(response).await;
        false
    }

    async fn register(&mut self) -> bool {
        self.sent += 1;
        let name = format!("user{}", self.sent);
        let response = register(self.program, &name).await.unwrap();
        if response.status() == 201 {
            self.registered.push(name);
            return true;
        }
        assert_unavailable(response).await;
        false
    }

    /// Writes until predictions and registrations are refused.
    async fn until_refused(&mut self) {
        for attempt in 0.. {
            assert!(attempt < 100_000, "it is never refused");
            if !self.predict().await && !self.register().await && !self.predict().await {
                break;
            }
        }
    }

    /// Asserts what is answered while nothing can be written. Where a prediction doesn't fit, what the check of readiness
    /// writes may fit a few times.
    async fn assert_refused(&mut self) {
        let mut attempts = 0;
        let ready = loop {
            assert!(!self.predict().await && !self.register().await);
            let ready = self.program.ask(Method::GET, "/health/ready").send().await.unwrap();
            attempts += 1;
            if ready.status() == 503 || attempts == 20 {
                break ready;
            }
        };
        assert_eq!(ready.status(), 503);
        let body: serde_json::Value = ready.json().await.unwrap();
        assert_eq!(body["code"], "database_unavailable");
        assert_eq!(status(self.program, "/health/live").await, 200);
        // What only reads goes on.
        assert!(history(self.program, self.token).await >= self.predicted);
    }

    /// Waits until the program is ready by itself, and uses every connection: transactions that are committed, and that are
    /// rolled back because the name is taken.
    async fn until_recovered(&mut self) {
        until_ready(self.program).await;
        for _ in 0..20 {
            assert!(self.register().await);
            let taken = self.registered[0].clone();
            assert_eq!(register(self.program, &taken).await.unwrap().status(), 409);
            assert!(self.predict().await);
        }
    }

    /// Asserts that what was answered is there.
    async fn assert_kept(&self, program: &Program, token: &str) {
        let rows = history(program, token).await;
        assert!(
            (self.predicted..=u64::from(self.sent)).contains(&rows),
            "{rows} predictions kept of {} answered",
            self.predicted
        );
        for name in &self.registered {
            program.sign_in(name, PASSWORD).await;
        }
    }

    fn figures(&self) -> String {
        format!(
            "{} predictions and {} accounts answered, none lost",
            self.predicted,
            self.registered.len()
        )
    }
}

async fn dropped_lines(program: &Program) -> f64 {
    let metrics = program.ask(Method::GET, "/metrics").send().await.unwrap();
    let scrape = Scrape::parse(&metrics.text().await.unwrap());
    scrape.get("log_lines_dropped_total", &[]).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_the_log_delays_and_loses_no_answer() {
    let mut row = Row::new("Disk full under the log");
    let installation = Installation::new(&[]);
    fs::create_dir(installation.logs()).unwrap();
    let log = installation.logs().join("app.log");
    symlink("/dev/full", &log).unwrap();
    let program = installation.ready(&[]).await;
    let token = program.sign_in("admin", PASSWORD).await;
    let mut load = Load::new(&program, &token);
    for _ in 0..short_or_long(20, 2_000) {
        assert!(load.predict().await);
    }
    assert!(load.register().await);
    assert_eq!(status(&program, "/health/ready").await, 200);
    let on_console = || program.console().matches("Predicción realizada").count() as u64;
    eventually("every line on the console", async || {
        (on_console() == load.predicted).then_some(())
    })
    .await;
    fs::remove_file(&log).unwrap();
    assert!(load.predict().await);
    eventually("written log", async || {
        let text = fs::read_to_string(&log).unwrap_or_default();
        text.contains("El registro vuelve a escribirse").then_some(())
    })
    .await;
    row.figure(load.figures());
    let dropped = dropped_lines(&program).await;
    assert!(dropped >= load.predicted as f64, "{dropped}");
    row.figure(format!("{dropped} lines only on the console, and counted"));
    assert_no_internal_error(&program.stop());
    let text = fs::read_to_string(&log).unwrap();
    assert!(text.contains(&format!("; faltan {dropped} líneas.")), "{text}");
    row.finish();
}

/// A bound on the size of files: SQLite gets an error for each write beyond.
#[tokio::test(flavor = "multi_thread")]
async fn writes_that_fail_lose_nothing_and_the_server_recovers() {
    let mut row = Row::new("Disk full under the data");
    let installation = Installation::new(&[]);
    let program = installation.ready(&BOUND_FILES).await;
    let token = program.sign_in("admin", PASSWORD).await;
    let mut load = Load::new(&program, &token);
    assert!(load.predict().await && load.register().await);
    for _ in 0..short_or_long(2, 20) {
        let size = |file: &str| fs::metadata(installation.data().join(file)).unwrap().size();
        let full = size("trazo.db").max(size("trazo.db-wal")) + 50_000;
        program.bound_files(&full.to_string());
        load.until_refused().await;
        load.assert_refused().await;
        // On all connections.
        let attempts = (0..10).map(async |number| register(&program, &format!("other{number}")).await.unwrap());
        for response in join_all(attempts).await {
            assert_unavailable(response).await;
        }
        program.bound_files("unlimited");
        load.until_recovered().await;
    }
    assert_no_internal_error(&program.console());
    // The process ends at once, so that only what was committed is left.
    program.signal("-KILL");
    let restarted = installation.ready(&[]).await;
    let token = restarted.sign_in("admin", PASSWORD).await;
    load.assert_kept(&restarted, &token).await;
    row.figure(load.figures());
    restarted.stop();
    row.finish();
}

/// The options of `unshare` that make a namespace with mounts of its own, and of `nsenter` to enter it; `None` where that isn't
/// allowed.
fn own_mounts() -> Option<(&'static [&'static str], &'static [&'static str])> {
    let root: (&[_], &[_]) = (&["--mount"], &["--mount"]);
    let user: (&[_], &[_]) = (
        &["--map-root-user", "--mount"],
        &["--user", "--mount", "--preserve-credentials"],
    );
    let works = |(options, _): &(&[&str], &[&str])| {
        let script = "mount -t tmpfs none /mnt";
        let tried = Command::new("unshare")
            .args(*options)
            .args(["sh", "-c", script])
            .output();
        tried.is_ok_and(|output| output.status.success())
    };
    [root, user].into_iter().find(works)
}

/// A file system of its own, which another file fills.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_file_system_loses_nothing_and_the_server_recovers() {
    let mut row = Row::new("File system full under the data");
    let Some((unshare, nsenter)) = own_mounts() else {
        return row.skip("this system doesn't allow mounts of one's own");
    };
    let installation = Installation::new(&[]);
    let mount = "mkdir -p \"$DATA_DIR\" && mount -t tmpfs -o size=16m none \"$DATA_DIR\" && exec \"$0\"";
    let wrapper = [&["unshare"][..], unshare, &["bash", "-c", mount]].concat();
    let program = installation.ready(&wrapper).await;
    let token = program.sign_in("admin", PASSWORD).await;
    let mut load = Load::new(&program, &token);
    assert!(load.predict().await && load.register().await);
    let target = format!("--target={}", program.id());
    let within = |script: &str| {
        let mut command = Command::new("nsenter");
        command.arg(&target).args(nsenter).args(["sh", "-c", script]);
        command.current_dir("/").env("DATA_DIR", installation.data());
        command.output().unwrap()
    };
    for _ in 0..short_or_long(2, 20) {
        within("cat /dev/zero >\"$DATA_DIR/other\"");
        load.until_refused().await;
        load.assert_refused().await;
        assert!(within("rm \"$DATA_DIR/other\"").status.success());
        load.until_recovered().await;
    }
    load.assert_kept(&program, &token).await;
    row.figure(load.figures());
    assert_no_internal_error(&program.stop());
    row.finish();
}

/// A wrapper that makes permissions hold for root too.
fn without_privileges() -> Vec<&'static str> {
    let id = Command::new("id").arg("-u").output().unwrap().stdout;
    if id.trim_ascii() == b"0" {
        vec!["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    } else {
        Vec::new()
    }
}

/// Sets the permissions of the data folder and its database.
fn permit(data: &Path, folder: u32, file: u32) {
    for entry in fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::set_permissions(path, Permissions::from_mode(file)).unwrap();
        }
    }
    fs::set_permissions(data, Permissions::from_mode(folder)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn read_only_data_lose_nothing_and_the_server_recovers() {
    let mut row = Row::new("Data read-only");
    let installation = Installation::new(&[]);
    let wrapper = [without_privileges(), BOUND_FILES.to_vec()].concat();
    let program = installation.ready(&wrapper).await;
    let token = program.sign_in("admin", PASSWORD).await;
    let mut load = Load::new(&program, &token);
    assert!(load.predict().await && load.register().await);

    program.bound_files("0");
    load.assert_refused().await;
    program.bound_files("unlimited");
    load.until_recovered().await;

    // Connections that are opened meanwhile are read-only, and stay so. Many readers at once open some.
    permit(&installation.data(), 0o555, 0o444);
    let readers = (0..200).map(async |_| history(&program, &token).await);
    join_all(readers).await;
    let mut refused = 0;
    for _ in 0..20 {
        refused += u32::from(!load.register().await);
    }
    permit(&installation.data(), 0o700, 0o600);
    // The first that meets such a connection makes the server replace them all.
    let mut late = 0;
    for _ in 0..20 {
        late += u32::from(!load.register().await);
    }
    assert!(late <= 1, "{late} refused");
    load.until_recovered().await;
    row.figure(load.figures());
    row.figure(format!(
        "{refused} registrations refused on read-only connections, and {late} afterwards"
    ));
    assert_no_internal_error(&program.console());
    program.signal("-KILL");
    let restarted = installation.ready(&[]).await;
    let token = restarted.sign_in("admin", PASSWORD).await;
    load.assert_kept(&restarted, &token).await;
    restarted.stop();
    row.finish();
}
