//! The program as a separate process, on a free port, with a separate database.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use api::AccessToken;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::json;
use tempfile::TempDir;

use super::server::PASSWORD;

/// The wrapper of a program whose files [`Program::bound_files`] bounds. It ignores the signal that ends a program at the
/// bound, so that the write fails, as on a full disk.
pub(crate) const BOUND_FILES: [&str; 3] = ["bash", "-c", "trap '' XFSZ; exec \"$0\""];

/// Runs a program to its end on a thread of its own. The server in the test's process goes on meanwhile; if it waited, it
/// could hold a lock of the database that the program needs.
pub(crate) async fn output(mut command: Command) -> Output {
    let run = move || command.output().unwrap();
    tokio::task::spawn_blocking(run).await.unwrap()
}

/// The running program.
pub(crate) struct Program {
    child: Child,
    pub(crate) client: Client,
    data: TempDir,
    port: u16,
    console: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Program {
    /// Starts it in the repository's root with its log in `logs`, without rate limits and with [`PASSWORD`] for the
    /// administrator; through the command `wrapper`, or directly if that is empty.
    pub(crate) fn start<S: AsRef<OsStr>>(logs: &Path, wrapper: &[&str], settings: &[(&str, S)]) -> Self {
        let server = env!("CARGO_BIN_EXE_server");
        let line: Vec<_> = wrapper.iter().copied().chain([server]).collect();
        let data = TempDir::new().unwrap();
        let mut child = Command::new(line[0])
            .args(&line[1..])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .env("PORT", "0")
            .env("LOG_DIR", logs)
            .env("DATA_DIR", data.path())
            .env("RATELIMIT_ENABLED", "false")
            .env("ADMIN_PASSWORD", PASSWORD)
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let console = Arc::<Mutex<String>>::default();
        let (found, port) = mpsc::channel();
        let output = child.stdout.take().unwrap();
        let shared = Arc::clone(&console);
        let reader = thread::spawn(move || read(output, &shared, &found));
        let port = port
            .recv_timeout(Duration::from_secs(30))
            .unwrap_or_else(|_| panic!("it doesn't listen: {}", console.lock().unwrap()));
        Self {
            child,
            client: Client::builder().no_proxy().build().unwrap(),
            data,
            port,
            console,
            reader: Some(reader),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    pub(crate) fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// An access token of a user.
    pub(crate) async fn sign_in(&self, username: &str, password: &str) -> String {
        let credentials = json!({ "username": username, "password": password });
        let response = self
            .ask(Method::POST, "/login")
            .json(&credentials)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{username} signs in");
        response.json::<AccessToken>().await.unwrap().access_token
    }

    /// Its data folder, unless the settings name another.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// The content of a file in its data folder.
    pub(crate) fn kept(&self, file: &str) -> String {
        fs::read_to_string(self.data.path().join(file)).unwrap()
    }

    /// The bytes of its database, those that aren't text replaced.
    pub(crate) fn database(&self) -> String {
        let files = ["trazo.db", "trazo.db-wal"].map(|file| fs::read(self.data.path().join(file)).unwrap());
        String::from_utf8_lossy(&files.concat()).into_owned()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its output so far.
    pub(crate) fn console(&self) -> String {
        self.console.lock().unwrap().clone()
    }

    /// Stops it, waits until it has ended, and returns its output.
    pub(crate) fn stop(self) -> String {
        self.signal("-TERM");
        self.ended()
    }

    /// Waits until it has ended without an error, and returns its output.
    pub(crate) fn ended(mut self) -> String {
        assert!(self.child.wait().unwrap().success());
        self.reader.take().unwrap().join().unwrap();
        self.console()
    }

    /// Kills it.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sets the size beyond which no file grows, or removes it (`unlimited`).
    pub(crate) fn bound_files(&self, bytes: &str) {
        let process = format!("--pid={}", self.id());
        let bounded = Command::new("prlimit")
            .args([&process, &format!("--fsize={bytes}:unlimited")])
            .status();
        assert!(bounded.unwrap().success());
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Only needed when a test has failed.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// Collects the output, and sends the port when it is logged.
fn read(output: ChildStdout, console: &Mutex<String>, found: &mpsc::Sender<u16>) {
    let mut output = BufReader::new(output);
    let mut line = String::new();
    while output.read_line(&mut line).is_ok_and(|length| length > 0) {
        if let Some((_, port)) = line.rsplit_once("Escuchando en http://127.0.0.1:") {
            let digits = port.split(|character: char| !character.is_ascii_digit()).next();
            let _waits_no_more = found.send(digits.and_then(|port| port.parse().ok()).unwrap_or_default());
        }
        console.lock().unwrap_or_else(PoisonError::into_inner).push_str(&line);
        line.clear();
    }
}
