//! A Redis of the test's own.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use redis::{Client, Commands, Connection};
use tempfile::TempDir;

use super::mail::dead_port;

/// A running Redis that keeps nothing on the disk; killed when dropped.
pub(crate) struct Redis {
    /// Where its socket is.
    _folder: TempDir,
    address: Vec<String>,
    pub(crate) url: String,
    running: Option<Running>,
}

struct Running {
    child: Child,
    /// What it still says goes here.
    _output: BufReader<ChildStdout>,
}

impl Redis {
    /// On a socket in a folder of its own.
    pub(crate) fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let socket = folder.path().join("redis.sock").display().to_string();
        let url = format!("redis+unix://{socket}");
        let address = ["--port", "0", "--unixsocket", &socket].map(ToOwned::to_owned);
        let mut redis = Self::new(folder, address.into(), url);
        redis.resume();
        redis
    }

    /// On a free port.
    pub(crate) fn on_port() -> Self {
        Self::on_free_port(|port| {
            (
                vec!["--port".to_owned(), port.clone()],
                format!("redis://127.0.0.1:{port}"),
            )
        })
    }

    /// On a free port, over TLS only, with this certificate for 127.0.0.1.
    pub(crate) fn over_tls(certificate: &Path, key: &Path) -> Self {
        let (certificate, key) = (certificate.display(), key.display());
        Self::on_free_port(|port| {
            let options = format!(
                "--port 0 --tls-port {port} --tls-cert-file {certificate} --tls-key-file {key} --tls-auth-clients no"
            );
            let options = options.split(' ').map(ToOwned::to_owned).collect();
            (options, format!("rediss://127.0.0.1:{port}"))
        })
    }

    /// Another process may take a free port before Redis does; then it is tried with another.
    fn on_free_port(address: impl Fn(String) -> (Vec<String>, String)) -> Self {
        for _ in 0..10 {
            let (address, url) = address(dead_port().to_string());
            let mut redis = Self::new(TempDir::new().unwrap(), address, url);
            if redis.try_resume() {
                return redis;
            }
        }
        panic!("no port was free");
    }

    fn new(folder: TempDir, address: Vec<String>, url: String) -> Self {
        Self {
            _folder: folder,
            address,
            url,
            running: None,
        }
    }

    /// Starts it again, empty, at the same address.
    pub(crate) fn resume(&mut self) {
        assert!(self.try_resume(), "Redis can't listen: {:?}", self.address);
    }

    fn try_resume(&mut self) -> bool {
        let mut child = Command::new("redis-server")
            .args(&self.address)
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("installed by `scripts/setup.sh test`");
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while output.read_line(&mut line).unwrap() > 0 {
            if line.contains("accept connections") {
                self.running = Some(Running { child, _output: output });
                return true;
            }
            line.clear();
        }
        child.wait().unwrap();
        false
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) {
        if let Some(Running { mut child, .. }) = self.running.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// `-STOP`: it keeps its connections and accepts others, but answers nothing until `-CONT`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.running.as_ref().expect("it runs").child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Its keys, each with the milliseconds until it is forgotten.
    pub(crate) fn keys(&self) -> Vec<(String, i64)> {
        let mut connection: Connection = Client::open(&*self.url).unwrap().get_connection().unwrap();
        let keys: Vec<String> = connection.keys("*").unwrap();
        let timed = keys.into_iter().map(|key| {
            let left: i64 = connection.pttl(&key).unwrap();
            (key, left)
        });
        // -2: forgotten since.
        timed.filter(|(_, left)| *left != -2).collect()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if let Some(Running { child, .. }) = &mut self.running {
            let _ended = child.kill();
            let _status = child.wait();
        }
    }
}

/// A certificate for 127.0.0.1 and its key, in files of this folder.
pub(crate) fn certificate(folder: &Path) -> [PathBuf; 2] {
    let [options, certificate, key] = ["options", "certificate", "key"].map(|name| folder.join(name));
    let text = "[req]\nprompt = no\ndistinguished_name = name\nx509_extensions = extensions\n[name]\nCN = Redis\n\
                [extensions]\nsubjectAltName = IP:127.0.0.1\nbasicConstraints = critical, CA:false\n";
    fs::write(&options, text).unwrap();
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-nodes",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ])
        .arg("-config")
        .arg(&options)
        .arg("-out")
        .arg(&certificate)
        .arg("-keyout")
        .arg(&key)
        .output()
        .expect("installed by `scripts/setup.sh test`");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    [certificate, key]
}
