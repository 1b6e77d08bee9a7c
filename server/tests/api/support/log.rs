//! The captured log of the process.

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

/// Starts capturing. Under `cargo test` all tests of the process share the log.
pub(crate) fn capture() {
    STARTED.get_or_init(|| telemetry::init_with(&Settings::defaults().log, || Capture));
}

/// Everything logged so far.
pub(crate) fn text() -> String {
    String::from_utf8(WRITTEN.lock().unwrap().clone()).unwrap()
}

/// Waits for a line that contains `text` and may be logged after the response.
pub(crate) async fn line_with(wanted: &str) -> String {
    let find = || text().lines().find(|line| line.contains(wanted)).map(ToOwned::to_owned);
    super::eventually(wanted, async || find()).await
}

/// The lines with the request id of a response, without time, target and id.
pub(crate) fn lines_of(response: &Response) -> Vec<String> {
    let id = response.headers()["x-request-id"].to_str().unwrap();
    let end = format!(" request_id={id}");
    let written = text();
    let lines = written.lines().filter_map(|line| line.strip_suffix(&end));
    lines
        .map(|line| line.splitn(4, " - ").skip(2).collect::<Vec<_>>().join(" - "))
        .collect()
}
