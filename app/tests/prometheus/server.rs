//! A Prometheus server with given scrapes, queried over HTTP.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use app::prometheus::Labels;
use serde_json::Value;

use crate::history::Scrapes;

/// The result of an instant query: values by labels.
pub(crate) type Answer = BTreeMap<String, f64>;

const START_TIMEOUT: Duration = Duration::from_secs(30);
const RETRY_INTERVAL: Duration = Duration::from_millis(50);

pub(crate) struct Prometheus {
    process: Child,
    port: u16,
    folder: PathBuf,
}

impl Prometheus {
    /// Starts a server whose storage contains `scrapes`.
    pub(crate) fn with_history(scrapes: &Scrapes) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "prometheus-{}-{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("history.txt"), scrapes.with_times()).unwrap();
        fs::write(folder.join("prometheus.yml"), "{}\n").unwrap();
        let made = Command::new("promtool")
            .args(["tsdb", "create-blocks-from", "openmetrics", "history.txt", "blocks"])
            .current_dir(&folder)
            .output()
            .expect("promtool is part of Prometheus; `make setup-test` installs it");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        // Prometheus doesn't report its port if it is started with port 0, so a free one is chosen here.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("prometheus")
            .args([
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=blocks",
                "--storage.tsdb.retention.time=100y",
            ])
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .current_dir(&folder)
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("prometheus.log")).unwrap())
            .spawn()
            .expect("Prometheus: `make setup-test` installs it");
        let prometheus = Self { process, port, folder };
        prometheus.wait();
        prometheus
    }

    /// The result of an instant query at `time`, in Unix seconds.
    #[track_caller]
    pub(crate) fn query(&self, query: &str, time: f64) -> Answer {
        let encoded: String = query
            .bytes()
            .fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
        let body = self.get(&format!("/api/v1/query?time={time}&query={encoded}")).unwrap();
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(answer["status"], "success", "{query}: {answer}");
        let results = answer["data"]["result"].as_array().unwrap();
        results
            .iter()
            .map(|result| (series(&result["metric"]), value(&result["value"][1])))
            .collect()
    }

    fn wait(&self) {
        let start = Instant::now();
        while self.get("/-/ready").is_none_or(|answer| !answer.contains("Ready")) {
            let log = fs::read_to_string(self.folder.join("prometheus.log")).unwrap();
            assert!(
                start.elapsed() < START_TIMEOUT,
                "not ready after {START_TIMEOUT:?}:\n{log}"
            );
            thread::sleep(RETRY_INTERVAL);
        }
    }

    /// The body of a response. With HTTP/1.0 it ends with the connection.
    fn get(&self, path: &str) -> Option<String> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        write!(connection, "GET {path} HTTP/1.0\r\n\r\n").ok()?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).ok()?;
        answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}

fn series(metric: &Value) -> String {
    let pairs = metric
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| *name != "__name__");
    Labels::new(
        pairs
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
            .collect(),
    )
    .to_string()
}

fn value(text: &Value) -> f64 {
    text.as_str().unwrap().parse().unwrap()
}
