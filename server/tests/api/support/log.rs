//! The process's log, captured as it is written.

use std::{
    io,
    sync::{Mutex, OnceLock},
};

use reqwest::Response;
use server::{settings::Settings, telemetry};

static WRITTEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static STARTED: OnceLock<()> = OnceLock::new();

struct Capture;

impl io::Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        WRITTEN.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Capture from now on. Once a process: under `cargo test` its tests share the log.
pub(crate) fn capture() {
    STARTED.get_or_init(|| telemetry::init_with(&Settings::defaults().log, || Capture));
}

/// Everything that was logged.
pub(crate) fn text() -> String {
    String::from_utf8(WRITTEN.lock().unwrap().clone()).unwrap()
}

/// Wait for a line that holds `text`, which is logged after the answer.
pub(crate) async fn line_with(wanted: &str) -> String {
    let find = || text().lines().find(|line| line.contains(wanted)).map(ToOwned::to_owned);
    super::eventually(wanted, async || find()).await
}

/// The lines that a request caused, by the id in its answer; without the time, the target and the id.
pub(crate) fn lines_of(response: &Response) -> Vec<String> {
    let id = response.headers()["x-request-id"].to_str().unwrap();
    let end = format!(" request_id={id}");
    let written = text();
    let lines = written.lines().filter_map(|line| line.strip_suffix(&end));
    lines
        .map(|line| line.splitn(4, " - ").skip(2).collect::<Vec<_>>().join(" - "))
        .collect()
}
