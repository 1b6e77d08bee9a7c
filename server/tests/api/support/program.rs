//! The program as a process of its own, on a free port.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

/// A program that listens.
pub(crate) struct Program {
    child: Child,
    port: u16,
    console: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Program {
    /// Start it in the repository's root with its log in `logs`, as `wrapper` would start a program: an empty one directly.
    pub(crate) fn start<S: AsRef<OsStr>>(logs: &Path, wrapper: &[&str], settings: &[(&str, S)]) -> Self {
        let server = env!("CARGO_BIN_EXE_server");
        let line: Vec<_> = wrapper.iter().copied().chain([server]).collect();
        let mut child = Command::new(line[0])
            .args(&line[1..])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .env("PORT", "0")
            .env("LOG_DIR", logs)
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

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to its console.
    pub(crate) fn console(&self) -> String {
        self.console.lock().unwrap().clone()
    }

    /// Ask it to end, wait until it has, and give all that it wrote to its console.
    pub(crate) fn stop(mut self) -> String {
        self.signal("-TERM");
        assert!(self.child.wait().unwrap().success());
        self.reader.take().unwrap().join().unwrap();
        self.console()
    }

    /// End it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Of a test that failed; else it has ended.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// Keep what is written, and tell the port once it is known.
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
