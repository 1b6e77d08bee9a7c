//! The log, shipped by a real rsyslogd with the configuration of `deploy/rsyslog/` into a receiver with the bulk API of
//! Elasticsearch: no line is lost, and none is stored twice.

use std::{fs::File, io::Write, path::Path};

use tempfile::TempDir;

use super::files::{files, load, text};
use crate::support::{
    elasticsearch::{Answer, Elasticsearch},
    eventually,
    program::Program,
    rsyslog::Rsyslog,
};

/// Small files, so that the log is rotated often, and enough of them for every line to stay.
const SETTINGS: [(&str, &str); 3] = [
    ("LOG_FORMAT", "json"),
    ("LOG_MAX_BYTES", "20000"),
    ("LOG_BACKUPS", "200"),
];

fn started(logs: &Path) -> Program {
    Program::start(logs, &[], &SETTINGS)
}

/// The lines of all files, sorted.
fn lines(logs: &Path) -> Vec<String> {
    let mut lines: Vec<_> = text(logs).lines().map(ToOwned::to_owned).collect();
    lines.sort_unstable();
    lines
}

/// Waits until the receiver has exactly the lines of the log.
async fn until_shipped(logs: &Path, receiver: &Elasticsearch) {
    // The log is read each time: its last lines may be written after the responses to their requests.
    eventually("receiver with every line", async || {
        (receiver.documents() == lines(logs)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_arrives_once_through_rotations_and_restarts_of_each_side() {
    let logs = TempDir::new().unwrap();
    let logs = logs.path();
    let mut receiver = Elasticsearch::start().await;
    let program = started(logs);
    let mut rsyslog = Rsyslog::start(logs, &receiver.url());
    load(&program, 400).await;
    assert!(files(logs).len() > 3, "it has rotated");
    until_shipped(logs, &receiver).await;

    // The receiver: what is logged meanwhile waits.
    receiver.stop().await;
    load(&program, 300).await;
    receiver.resume().await;
    until_shipped(logs, &receiver).await;

    // rsyslogd: the file that it has read half of is rotated while it doesn't run.
    load(&program, 50).await;
    rsyslog.stop();
    load(&program, 300).await;
    rsyslog.resume();
    until_shipped(logs, &receiver).await;

    // The server, with its last and first lines.
    program.stop();
    let program = started(logs);
    load(&program, 50).await;
    until_shipped(logs, &receiver).await;

    // All of them: rsyslogd is stopped with lines that it can't deliver.
    receiver.stop().await;
    load(&program, 300).await;
    rsyslog.stop();
    program.stop();
    let program = started(logs);
    load(&program, 300).await;
    rsyslog.resume();
    load(&program, 50).await;
    receiver.resume().await;
    load(&program, 50).await;
    program.stop();
    until_shipped(logs, &receiver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_arrives_once_after_a_crash_of_each_side() {
    let logs = TempDir::new().unwrap();
    let logs = logs.path();
    let mut receiver = Elasticsearch::start().await;
    let program = started(logs);
    let mut rsyslog = Rsyslog::start(logs, &receiver.url());
    load(&program, 200).await;
    rsyslog.kill();
    load(&program, 100).await;
    rsyslog.resume();
    until_shipped(logs, &receiver).await;
    receiver.stop().await;
    load(&program, 300).await;
    rsyslog.kill();
    receiver.resume().await;
    rsyslog.resume();
    load(&program, 100).await;
    program.kill();
    let program = started(logs);
    load(&program, 100).await;
    program.stop();
    until_shipped(logs, &receiver).await;
}

/// rsyslog doesn't repeat a request that was answered with an error.
#[tokio::test(flavor = "multi_thread")]
async fn refused_requests_are_sent_again_by_resend_py() {
    let logs = TempDir::new().unwrap();
    let logs = logs.path();
    let receiver = Elasticsearch::start().await;
    let program = started(logs);
    let rsyslog = Rsyslog::start(logs, &receiver.url());
    for answer in [Answer::RefuseItems(429), Answer::RefuseAll(429), Answer::RefuseAll(503)] {
        until_shipped(logs, &receiver).await;
        receiver.answer(answer);
        let before = receiver.refused();
        load(&program, 100).await;
        // Until both have had to do with the refusal.
        eventually("refused request", async || rsyslog.has_refused().then_some(())).await;
        eventually("request refused again", async || {
            let failed = rsyslog.resend().is_some_and(|resent| !resent.status.success());
            (failed && receiver.refused() > before + 1).then_some(())
        })
        .await;
        assert_ne!(receiver.documents(), lines(logs), "{answer:?}");
        receiver.answer(Answer::Store);
        eventually("receiver with the lines it had refused", async || {
            rsyslog.resend();
            (!rsyslog.has_refused() && receiver.documents() == lines(logs)).then_some(())
        })
        .await;
    }

    // A line that is never accepted, such as the rest of one that was cut, doesn't hold up the others.
    let expected = lines(logs);
    let mut log = File::options().append(true).open(logs.join("app.log")).unwrap();
    writeln!(log, "cut\"}}").unwrap();
    eventually("rejected line", async || {
        rsyslog.resend();
        rsyslog.rejected().ends_with("\ncut\"}\n").then_some(())
    })
    .await;
    assert_eq!(receiver.documents(), expected);
    assert!(!rsyslog.has_refused());
}
