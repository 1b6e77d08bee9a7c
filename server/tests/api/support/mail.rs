//! A real SMTP server that prints the emails it receives: `end2end/support/smtp-sink.mjs`, npm's smtp-server.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use sea_orm::{EntityTrait, PaginatorTrait};
use serde::Deserialize;
use server::{settings::Settings, store::entities::outbox};
use tokio::{sync::mpsc, time::timeout};

use super::{TestServer, eventually};

/// The running SMTP server.
pub(crate) struct Sink {
    process: Child,
    mails: mpsc::UnboundedReceiver<Mail>,
    pub(crate) port: u16,
}

/// A received email.
#[derive(Debug, Deserialize)]
pub(crate) struct Mail {
    /// From the envelope.
    pub(crate) from: String,
    /// From the envelope.
    pub(crate) to: Vec<String>,
    /// All header lines as sent.
    pub(crate) head: String,
    pub(crate) subject: String,
    #[serde(default)]
    pub(crate) text: String,
    pub(crate) html: String,
}

#[derive(Deserialize)]
struct Listening {
    port: u16,
}

impl Sink {
    pub(crate) async fn start() -> Self {
        Self::start_on(0).await
    }

    /// Without SMTPUTF8.
    pub(crate) async fn start_ascii() -> Self {
        Self::spawn(&["0", "ascii"]).await
    }

    /// On the port that the server under test is configured with.
    pub(crate) async fn start_on(port: u16) -> Self {
        Self::spawn(&[&port.to_string()]).await
    }

    async fn spawn(arguments: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/support/smtp-sink.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let (sender, mails) = mpsc::unbounded_channel();
        let (said, listening) = tokio::sync::oneshot::channel();
        thread::spawn(move || {
            let first = lines.next().map(Result::unwrap);
            let _waited_for = said.send(first);
            for line in lines.map_while(Result::ok) {
                if sender.send(serde_json::from_str(&line).unwrap()).is_err() {
                    break;
                }
            }
        });
        let first = listening
            .await
            .unwrap()
            .expect("the sink listens (npm packages: scripts/setup.sh test)");
        let Listening { port } = serde_json::from_str(&first).unwrap();
        Self { process, mails, port }
    }

    /// Waits for the next email.
    pub(crate) async fn next(&mut self) -> Mail {
        let mail = timeout(Duration::from_secs(20), self.mails.recv()).await;
        let refused = || {
            super::log::text()
                .lines()
                .filter(|line| line.contains("WARNING"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        mail.unwrap_or_else(|_| panic!("no mail arrives:\n{}", refused()))
            .expect("the sink runs")
    }

    /// All emails received so far.
    pub(crate) fn arrived(&mut self) -> Vec<Mail> {
        std::iter::from_fn(|| self.mails.try_recv().ok()).collect()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

impl Mail {
    /// The link, which must be the same in the text and in the HTML.
    pub(crate) fn link(&self) -> String {
        let mut links = self.text.split_whitespace().filter(|word| word.starts_with("http"));
        let link = links.next().expect("a link").to_owned();
        assert!(links.next().is_none(), "one link only: {}", self.text);
        assert_eq!(
            self.html.matches(&format!("href=\"{link}\"")).count(),
            2,
            "{}",
            self.html
        );
        link
    }

    /// The token in the link, which must lead to `page` of this server.
    pub(crate) fn token(&self, server: &TestServer, page: &str) -> String {
        let link = self.link();
        let token = link.strip_prefix(&server.url(&format!("/{page}/")));
        token.unwrap_or_else(|| panic!("{link} leads to {page}")).to_owned()
    }
}

/// Configures the SMTP server on a local port.
pub(crate) fn by_smtp(settings: &mut Settings, port: u16) {
    settings.mail.mail_server = Some("127.0.0.1".to_owned());
    settings.mail.mail_port = port;
    settings.mail.mail_use_tls = false;
}

/// A port without a listener.
pub(crate) fn dead_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl TestServer {
    /// Waits until the outbox is empty.
    pub(crate) async fn all_mail_left(&self) {
        let database = self.database().await;
        eventually("empty outbox", async || {
            (outbox::Entity::find().count(&database).await.unwrap() == 0).then_some(())
        })
        .await;
    }
}
