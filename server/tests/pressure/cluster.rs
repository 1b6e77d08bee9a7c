//! A Postgres server of a test's own, which it can stop and start again.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::support::database;

/// The running server; it ends when this is dropped.
pub(crate) struct Cluster {
    /// `scripts/postgres.sh` with a command that ends with its standard input.
    script: Child,
    url: String,
    folder: PathBuf,
    /// `pg_ctl`, with what runs it as the owner of the folder.
    control: Vec<String>,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres.sh");
        let tell = "echo \"$TEST_DATABASE_URL\"; command -v pg_ctl; id -u; cat >/dev/null";
        let mut script = Command::new(script)
            .args(["bash", "-c", tell])
            // A server that is named there is somebody else's.
            .env_remove("TEST_DATABASE_URL")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(script.stdout.take().unwrap()).lines();
        let mut line = || lines.next().expect("Postgres runs (scripts/setup.sh test)").unwrap();
        let (url, pg_ctl, user) = (line(), line(), line());
        let (_, folder) = url.split_once("host=").unwrap();
        let as_owner: &[&str] = if user == "0" {
            &["runuser", "-u", "postgres", "--"]
        } else {
            &[]
        };
        Self {
            script,
            folder: PathBuf::from(folder),
            control: as_owner.iter().map(ToString::to_string).chain([pg_ctl]).collect(),
            url,
        }
    }

    /// The URL of a new database.
    pub(crate) async fn database(&self) -> String {
        database::fresh(&self.url).await
    }

    /// Stops it as an administrator does: connections are cut, nothing that was committed is lost.
    pub(crate) fn stop(&self) {
        self.run(&["stop", "--mode=fast"]);
    }

    /// Starts it again, with the options that it had.
    pub(crate) fn resume(&self) {
        self.run(&["restart", "--log=log.server"]);
    }

    fn run(&self, arguments: &[&str]) {
        let status = Command::new(&self.control[0])
            .args(&self.control[1..])
            .args(arguments)
            .args(["--pgdata=data", "--wait"])
            .current_dir(&self.folder)
            .stdout(Stdio::null())
            .status();
        assert!(status.unwrap().success(), "pg_ctl {arguments:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The end of its input ends the script, which stops the server.
        drop(self.script.stdin.take());
        let _status = self.script.wait();
    }
}
