//! A real Prometheus on a free port that scrapes servers of the tests.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use reqwest::{Client, Url};
use serde_json::Value;
use tempfile::TempDir;

use super::eventually;

/// The labels of a series.
pub(crate) type Labels = BTreeMap<String, String>;

/// A path in the folder `deploy`.
pub(crate) fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(path)
}

/// A running Prometheus or Alertmanager; killed when dropped.
pub(crate) struct Daemon {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Daemon {
    /// Starts the program and reads its address from its log.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stderr(Stdio::piped())
            .spawn()
            .expect("installed by `scripts/setup.sh test`");
        let output = BufReader::new(child.stderr.take().unwrap());
        let (found, address) = mpsc::channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("msg=\"Listening on\" address=") {
                    let _waits_no_more = found.send(address.trim().parse());
                }
            }
        });
        let address = address.recv_timeout(Duration::from_secs(30)).unwrap().unwrap();
        Self { child, address }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

pub(crate) struct Prometheus {
    daemon: Daemon,
    client: Client,
    _folder: TempDir,
}

/// A series in the result of a query.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) labels: Labels,
    /// One for a vector, several for a range.
    pub(crate) values: Vec<f64>,
    /// The Unix time of each value, in seconds.
    pub(crate) times: Vec<f64>,
}

impl Prometheus {
    /// Scrapes `targets` and evaluates `rules` every 250 ms.
    pub(crate) async fn start(
        targets: &[SocketAddr],
        rules: &[(&str, String)],
        alertmanager: Option<SocketAddr>,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        for (name, text) in rules {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let list = |items: Vec<String>| format!("[{}]", items.join(", "));
        let rules = list(rules.iter().map(|(name, _)| (*name).to_owned()).collect());
        let targets = list(targets.iter().map(|target| format!("'{target}'")).collect());
        let alertmanagers = list(alertmanager.iter().map(|address| format!("'{address}'")).collect());
        let configuration = format!(
            "global: {{ scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 250ms }}\n\
             rule_files: {rules}\n\
             alerting: {{ alertmanagers: [ {{ static_configs: [ {{ targets: {alertmanagers} }} ] }} ] }}\n\
             scrape_configs: [ {{ job_name: trazo, static_configs: [ {{ targets: {targets} }} ] }} ]\n"
        );
        let file = folder.path().join("prometheus.yml");
        fs::write(&file, configuration).unwrap();
        let mut command = Command::new("prometheus");
        command
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg("--web.listen-address=127.0.0.1:0");
        let prometheus = Self {
            daemon: Daemon::start(&mut command),
            client: Client::builder().no_proxy().build().unwrap(),
            _folder: folder,
        };
        // It listens before it has loaded the rules.
        let ready = format!("http://{}/-/ready", prometheus.daemon.address);
        eventually("ready Prometheus", async || {
            let answer = prometheus.client.get(&ready).send().await.unwrap();
            answer.status().is_success().then_some(())
        })
        .await;
        prometheus
    }

    /// Its address, as `PROMETHEUS_URL` has it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.daemon.address)
    }

    async fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Value {
        let url = format!("http://{}/api/v1/{path}", self.daemon.address);
        let url = Url::parse_with_params(&url, parameters).unwrap();
        let answer: Value = self.client.get(url).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["status"], "success", "{parameters:?}: {answer}");
        answer["data"].clone()
    }

    /// The result of a query, now or at a given time.
    pub(crate) async fn query(&self, query: &str, time: Option<&str>) -> Vec<Sample> {
        let mut parameters = vec![("query", query)];
        parameters.extend(time.map(|time| ("time", time)));
        let data = self.get("query", &parameters).await;
        let time_of = |value: &Value| value[0].as_f64().unwrap();
        let number = |value: &Value| value[1].as_str().unwrap().parse::<f64>().unwrap();
        if data["resultType"] == "scalar" {
            return vec![Sample {
                labels: Labels::new(),
                values: vec![number(&data["result"])],
                times: vec![time_of(&data["result"])],
            }];
        }
        let sample = |found: &Value| {
            let one = [found["value"].clone()];
            let points = found["values"].as_array().map_or(one.as_slice(), Vec::as_slice);
            Sample {
                labels: serde_json::from_value(found["metric"].clone()).unwrap(),
                values: points.iter().map(number).collect(),
                times: points.iter().map(time_of).collect(),
            }
        };
        data["result"].as_array().unwrap().iter().map(sample).collect()
    }

    /// The loaded rules.
    pub(crate) async fn rules(&self) -> Vec<Value> {
        let data = self.get("rules", &[]).await;
        let groups = data["groups"].as_array().unwrap();
        let rules = groups
            .iter()
            .flat_map(|group| group["rules"].as_array().unwrap().clone());
        rules.collect()
    }

    /// Whether an alert of this name is firing.
    pub(crate) async fn fires(&self, name: &str) -> bool {
        let data = self.get("alerts", &[]).await;
        let alerts = data["alerts"].as_array().unwrap();
        alerts
            .iter()
            .any(|alert| alert["labels"]["alertname"] == name && alert["state"] == "firing")
    }

    /// Waits until an alert is firing or not firing.
    pub(crate) async fn until(&self, name: &str, fires: bool) {
        let start = Instant::now();
        while self.fires(name).await != fires {
            let waited = start.elapsed();
            assert!(waited < Duration::from_mins(1), "{name} never was firing={fires}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Runs a tool on files, and returns its output if it succeeds.
pub(crate) fn checked(tool: &str, arguments: &[&str], files: &[PathBuf]) -> String {
    let output = Command::new(tool)
        .args(arguments)
        .args(files)
        .output()
        .expect("installed by `scripts/setup.sh test`");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{tool} {arguments:?}: {said}");
    said
}
