//! Faults of a running server are alerted and resolved by a real Prometheus and Alertmanager, and emails are sent.
//!
//! Rules and routing are those of `deploy/` with all durations divided by sixty.

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

use classifier::ModelInput;
use reqwest::{Client, Method};
use serde_json::json;
use server::prediction::Model;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::support::{
    TestServer, eventually,
    mail::{Mail, Sink, by_smtp, dead_port},
    models,
    pictures::numbered_png,
    program::Program,
    prometheus::{Daemon, Prometheus, deploy},
    redis::Redis,
    server::file,
    settings,
};

/// A file of `deploy/` with all durations divided by sixty.
fn faster(path: &str) -> String {
    let text = fs::read_to_string(deploy(path)).unwrap();
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
        // A name such as rate5m is not a duration.
        let stands_alone = !before
            .ends_with(|character: char| character.is_alphanumeric() || "_.:".contains(character))
            && !following.next().is_some_and(char::is_alphanumeric);
        if seconds > 0 && stands_alone {
            let milliseconds = number.parse::<u64>().unwrap() * seconds * 1_000 / 60;
            faster += &milliseconds.to_string();
            faster += "ms";
            rest = &after[1..];
        } else {
            faster += number;
            rest = after;
        }
    }
    faster + rest
}

/// The receivers of alerts with the severities page and ticket.
const ON_CALL: &str = "guardia@trazo.example";
const TICKETS: &str = "equipo@trazo.example";

/// A switchable fault of the model.
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
        Box::new(move |pictures: &[ModelInput]| {
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

/// Clients that post new images one after the other until they are aborted.
fn clients(server: &TestServer, number: u32) -> Vec<JoinHandle<()>> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let (url, token) = (server.url("/api/predict"), server.token.clone());
    let client = move |_| {
        let (url, token) = (url.clone(), token.clone());
        let client = Client::builder().no_proxy().build().unwrap();
        tokio::spawn(async move {
            loop {
                let picture = numbered_png(NEXT.fetch_add(1, Ordering::Relaxed));
                let part = reqwest::multipart::Part::bytes(picture).file_name("a.png");
                let form = reqwest::multipart::Form::new().part("file", part);
                // The alerts are about the responses.
                let _answer = client.post(&url).bearer_auth(&token).multipart(form).send().await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
    };
    (0..number).map(client).collect()
}

fn alertmanager(sink: &Sink, folder: &TempDir) -> Daemon {
    let server = format!("127.0.0.1:{}", sink.port);
    let configuration = faster("alertmanager/alertmanager.yml").replace("mail:1025", &server);
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

/// Sends a request that logs a line.
async fn post_nothing(program: &Program) {
    let request = program.ask(Method::POST, "/login").json(&json!({}));
    assert_eq!(request.send().await.unwrap().status(), 400);
}

/// The emails sent by Alertmanager.
struct Inbox {
    sink: Sink,
    mails: Vec<Mail>,
}

impl Inbox {
    /// Waits for an email to a receiver about an alert in a state.
    async fn wait(&mut self, to: &str, state: &str, alert: &str) {
        let is_it =
            |mail: &Mail| mail.to == [to.to_owned()] && mail.subject.contains(state) && mail.subject.contains(alert);
        eventually(&format!("mail to {to}: {state} {alert}"), async || {
            self.mails.extend(self.sink.arrived());
            self.mails.iter().any(is_it).then_some(())
        })
        .await;
    }
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
async fn faults_are_alerted_by_mail_and_resolved() {
    let folder = TempDir::new().unwrap();
    let sink = Sink::start().await;
    let alertmanager = alertmanager(&sink, &folder);
    let mut inbox = Inbox {
        sink,
        mails: Vec::new(),
    };

    // A server with a switchable model and an unreachable mail server, and the program as a process, whose log folder can't
    // be created, which counts limits in Redis, and which can be killed.
    let (load, loaded) = std::sync::mpsc::channel();
    let fault = Fault::default();
    let model = fault.model();
    let mut settings = settings();
    settings.inference.queue_length = 8;
    settings.inference.batch_size = 8;
    let mail_port = dead_port();
    by_smtp(&mut settings, mail_port);
    let server = TestServer::start_with(&settings, move || {
        loaded.recv().unwrap();
        Ok(model)
    })
    .await;
    let logs = folder.path().join("logs");
    fs::write(&logs, "a file where the folder should be").unwrap();
    let mut redis = Redis::start();
    let program = Program::start(
        &logs,
        &[],
        &[
            ("LOG_LEVEL", "info"),
            ("RATELIMIT_ENABLED", "true"),
            ("RATELIMIT_STORAGE_URL", &*redis.url),
        ],
    );
    let address = program.address();
    eventually("model of the program", async || {
        let ready = program.ask(Method::GET, "/health/ready").send().await.unwrap();
        ready.status().is_success().then_some(())
    })
    .await;
    let rules = ["rules.yml", "alerts.yml"].map(|name| (name, faster(&format!("prometheus/{name}"))));
    let prometheus = Prometheus::start(&[server.address, address], &rules, Some(alertmanager.address)).await;

    // No model until it is loaded.
    prometheus.until("NoModelReady", true).await;
    inbox.wait(ON_CALL, "[FIRING:1]", "NoModelReady").await;
    load.send(()).unwrap();
    prometheus.until("NoModelReady", false).await;
    inbox.wait(ON_CALL, "[RESOLVED]", "NoModelReady").await;

    // Undelivered emails until the mail server is back.
    assert_eq!(server.register("ana").await.status(), 201);
    prometheus.until("MailOutboxStuck", true).await;
    inbox.wait(TICKETS, "[FIRING:1]", "MailOutboxStuck").await;
    let mut mail_server = Sink::start_on(mail_port).await;
    prometheus.until("MailOutboxStuck", false).await;
    assert_eq!(mail_server.next().await.to, ["ana@example.com"]);

    // Lines that can't be written until the log folder can be created.
    post_nothing(&program).await;
    prometheus.until("LogLinesLost", true).await;
    inbox.wait(TICKETS, "[FIRING:1]", "LogLinesLost").await;
    fs::remove_file(&logs).unwrap();
    post_nothing(&program).await;
    prometheus.until("LogLinesLost", false).await;

    // Redis is stopped and started: requests are answered meanwhile.
    assert!(!prometheus.fires("LimitStorageDown").await);
    redis.kill();
    prometheus.until("LimitStorageDown", true).await;
    inbox.wait(TICKETS, "[FIRING:1]", "LimitStorageDown").await;
    post_nothing(&program).await;
    redis.resume();
    prometheus.until("LimitStorageDown", false).await;
    inbox.wait(TICKETS, "[RESOLVED]", "LimitStorageDown").await;

    // Readings of the page that are not the server's. The model reads a 3.
    let browser = server.browser("admin").await;
    for number in 0..10_u32 {
        let request = browser.ask(Method::POST, "/api/predict");
        let request = request.header("page-reading", format!("{} 7", classifier::model_version()));
        let response = request
            .multipart(file("a.png", numbered_png(1_000_000 + number)))
            .send()
            .await;
        assert_eq!(response.unwrap().status(), 200);
    }
    prometheus.until("PageDisagrees", true).await;
    inbox.wait(TICKETS, "[FIRING:1]", "PageDisagrees").await;
    prometheus.until("PageDisagrees", false).await;

    // Errors, slow responses, a blocked queue.
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

    // The program killed and started again on the same port.
    assert!(!prometheus.fires("ServiceDown").await);
    program.kill();
    prometheus.until("ServiceDown", true).await;
    inbox.wait(ON_CALL, "[FIRING:1]", "ServiceDown").await;
    let port = address.port().to_string();
    let program = Program::start(&logs, &[], &[("PORT", &port)]);
    prometheus.until("ServiceDown", false).await;
    inbox.wait(ON_CALL, "[RESOLVED]", "ServiceDown").await;
    program.stop();
}
