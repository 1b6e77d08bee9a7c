//! One live run with faults: the real Prometheus and the real Alertmanager see them come and go, and mail is sent.
//!
//! The rules and the routing are those of `ops/`, sixty times as fast: a minute of theirs is a second here.

use std::{
    fs,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use classifier::Picture;
use reqwest::Client;
use server::{prediction::Model, settings::Settings};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::support::{
    TestServer,
    mail_sink::MailSink,
    models,
    pictures::numbered_png,
    program::Program,
    prometheus::{Daemon, Prometheus, ops},
};

/// A file of `ops/` with every duration a sixtieth of what it is.
fn faster(path: &str) -> String {
    let text = fs::read_to_string(ops(path)).unwrap();
    let mut faster = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, number) = rest.split_at(at);
        let digits = number
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(number.len());
        let (number, after) = number.split_at(digits);
        faster += before;
        let mut following = after.chars();
        let seconds = match following.next() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3_600,
            Some('d') => 86_400,
            _ => 0,
        };
        // A name such as rate5m holds no duration.
        let stands_alone = !before
            .ends_with(|character: char| character.is_alphanumeric() || "_.:".contains(character))
            && !following.next().is_some_and(char::is_alphanumeric);
        if seconds > 0 && stands_alone {
            faster += &format!("{}ms", number.parse::<u64>().unwrap() * seconds * 1_000 / 60);
            rest = &after[1..];
        } else {
            faster += number;
            rest = after;
        }
    }
    faster + rest
}

/// What is wrong with the model.
#[derive(Clone, Default)]
struct Fault(Arc<AtomicU8>);

const NONE: u8 = 0;
const PANICS: u8 = 1;
const SLOW: u8 = 2;
const STUCK: u8 = 3;

impl Fault {
    fn set(&self, fault: u8) {
        self.0.store(fault, Ordering::Relaxed);
    }

    fn is(&self, fault: u8) -> bool {
        self.0.load(Ordering::Relaxed) == fault
    }

    fn model(&self) -> Model {
        let (fault, three, panicking) = (self.clone(), models::three(), models::panicking());
        Box::new(move |pictures: &[Picture]| {
            if fault.is(PANICS) {
                return panicking(pictures);
            }
            if fault.is(SLOW) {
                thread::sleep(Duration::from_millis(1_500));
            }
            while fault.is(STUCK) {
                thread::sleep(Duration::from_millis(10));
            }
            three(pictures)
        })
    }
}

/// So many clients that post one new picture after the other, until they are stopped.
fn clients(server: &TestServer, number: u32) -> Vec<JoinHandle<()>> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let url = server.url("/api/predict");
    let client = move |_| {
        let (url, client) = (url.clone(), Client::builder().no_proxy().build().unwrap());
        tokio::spawn(async move {
            loop {
                let picture = numbered_png(NEXT.fetch_add(1, Ordering::Relaxed));
                let part = reqwest::multipart::Part::bytes(picture).file_name("a.png");
                let form = reqwest::multipart::Form::new().part("file", part);
                // Whatever is answered is what the alerts are about.
                let _answer = client.post(&url).multipart(form).send().await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
    };
    (0..number).map(client).collect()
}

fn alertmanager(sink: &MailSink, folder: &TempDir) -> Daemon {
    let configuration = faster("alertmanager/alertmanager.yml").replace("mail:1025", &sink.address.to_string());
    let file = folder.path().join("alertmanager.yml");
    fs::write(&file, configuration).unwrap();
    Daemon::start(
        Command::new("prometheus-alertmanager")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!(
                "--storage.path={}",
                folder.path().join("alertmanager").display()
            ))
            .args(["--web.listen-address=127.0.0.1:0", "--cluster.listen-address="]),
    )
}

/// A request that logs a line.
async fn post_nothing(program: &Program) {
    let client = Client::builder().no_proxy().build().unwrap();
    assert_eq!(client.post(program.url("/predict")).send().await.unwrap().status(), 400);
}

/// Wait for a mail to somebody about an alert in a state.
async fn mailed(sink: &MailSink, to: &str, state: &str, alert: &str) {
    for _ in 0..600 {
        let is_it = |mail: &String| {
            let header = |name: &str| mail.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            header("To:").contains(to) && header("Subject:").contains(state) && header("Subject:").contains(alert)
        };
        if sink.mails().iter().any(is_it) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no mail: {state} {alert}; but {:?}", sink.mails());
}

#[test]
fn durations_are_shortened_and_names_are_not() {
    let rules = faster("prometheus/rules.yml") + &faster("prometheus/alerts.yml");
    assert!(rules.contains("record: trazo:requests:rate5m\n"));
    assert!(rules.contains("(rate(http_requests_total[5000ms]))"));
    assert!(rules.contains("[1440000ms] offset 60000ms"));
    assert!(rules.contains("for: 1000ms"));
    assert!(rules.contains("> 0.05 and trazo:requests:rate5m > 0.1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_seen_mailed_and_seen_to_end() {
    let folder = TempDir::new().unwrap();
    let sink = MailSink::start().await;
    let alertmanager = alertmanager(&sink, &folder);

    // One server whose model can be made to fail, and the program itself, whose disk is full and which can be killed.
    let (load, loaded) = std::sync::mpsc::channel();
    let fault = Fault::default();
    let model = fault.model();
    let mut settings = Settings::defaults();
    settings.inference.queue_length = 8;
    settings.inference.batch_size = 8;
    let server = TestServer::start_with(&settings, move || {
        loaded.recv().unwrap();
        Ok(model)
    })
    .await;
    let logs = folder.path().join("logs");
    fs::write(&logs, "a file where the folder should be").unwrap();
    let program = Program::start(&logs, &[], &[("LOG_LEVEL", "info")]);
    let address = program.address();
    let rules = ["rules.yml", "alerts.yml"].map(|name| (name, faster(&format!("prometheus/{name}"))));
    let prometheus = Prometheus::start(&[server.address, address], &rules, Some(alertmanager.address));

    // No model, until it is loaded.
    prometheus.until("NoModelReady", true).await;
    mailed(&sink, "guardia@trazo.example", "[FIRING:1]", "NoModelReady").await;
    load.send(()).unwrap();
    prometheus.until("NoModelReady", false).await;
    mailed(&sink, "guardia@trazo.example", "[RESOLVED]", "NoModelReady").await;

    // Lines that the program can't write, until its folder can be made.
    post_nothing(&program).await;
    prometheus.until("LogLinesLost", true).await;
    mailed(&sink, "equipo@trazo.example", "[FIRING:1]", "LogLinesLost").await;
    fs::remove_file(&logs).unwrap();
    post_nothing(&program).await;
    prometheus.until("LogLinesLost", false).await;

    // Errors, slow answers, a queue that doesn't move.
    let busy = clients(&server, 6);
    for (what, alert) in [(PANICS, "HighErrorRatio"), (SLOW, "SlowRequests")] {
        fault.set(what);
        prometheus.until(alert, true).await;
        fault.set(NONE);
        prometheus.until(alert, false).await;
    }
    fault.set(STUCK);
    let crowd = clients(&server, 24);
    prometheus.until("QueueSaturated", true).await;
    fault.set(NONE);
    crowd.iter().for_each(JoinHandle::abort);
    prometheus.until("QueueSaturated", false).await;
    busy.iter().for_each(JoinHandle::abort);

    // The program killed, and started again where it was.
    assert!(!prometheus.fires("ServiceDown").await);
    program.kill();
    prometheus.until("ServiceDown", true).await;
    mailed(&sink, "guardia@trazo.example", "[FIRING:1]", "ServiceDown").await;
    let port = address.port().to_string();
    let program = Program::start(&logs, &[], &[("PORT", &port)]);
    prometheus.until("ServiceDown", false).await;
    mailed(&sink, "guardia@trazo.example", "[RESOLVED]", "ServiceDown").await;
    program.stop();
}
