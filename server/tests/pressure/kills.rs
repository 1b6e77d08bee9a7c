//! `kill -9` at any moment under mixed load: what was answered is there after the next start.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use reqwest::{Method, Response};
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait,
    QueryFilter, Statement,
};
use server::store::entities::{outbox, prediction, user};
use tokio::time::sleep;

use crate::{
    cluster::Cluster,
    harness::{Installation, Row, percentile, predict, register, short_or_long, shown, status, until_ready},
    support::{program::Program, server::PASSWORD},
};

/// Cycles that share a database: its check takes longer the more there is in it.
const CYCLES_PER_DATABASE: usize = 50;

/// Clients that upload pictures, and clients that register accounts.
const PREDICTING: usize = 4;
const REGISTERING: usize = 2;

/// Lines of answers that are older than this at the end of the process are in the log file (docs/logs.md).
const LOG_DELAY: Duration = Duration::from_millis(500);

/// What the clients of one process have seen.
#[derive(Default)]
struct Seen {
    /// Pictures sent, and those answered with a prediction.
    sent: u64,
    predicted: u64,
    /// Names of registered accounts.
    registered: Vec<String>,
    /// When requests that are logged were answered, with their IDs.
    logged: Vec<(Instant, String)>,
}

/// Notes an answer; `false` if the process has ended.
fn note(seen: &Mutex<Seen>, answer: reqwest::Result<Response>, success: u16, count: impl FnOnce(&mut Seen)) -> bool {
    let Ok(response) = answer else { return false };
    let status = response.status().as_u16();
    assert!(status == success || status == 503, "{status}");
    if status == success {
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let mut seen = seen.lock().unwrap();
        seen.logged.push((Instant::now(), id));
        count(&mut seen);
    }
    true
}

/// Several processes, one after another, on one database.
struct Series {
    installation: Installation,
    database: String,
    is_sqlite: bool,
    /// Sums over all processes.
    sent: u64,
    predicted: u64,
    registered: Vec<String>,
    /// What the last process is to have left.
    last: Option<Left>,
    starts: Vec<Duration>,
    readies: Vec<Duration>,
    lines: usize,
}

/// What a killed process is to have left.
struct Left {
    token: String,
    registered: Vec<String>,
    lines: Vec<String>,
    log: PathBuf,
}

impl Series {
    fn new(postgres: Option<String>) -> Self {
        let is_sqlite = postgres.is_none();
        let installation = match &postgres {
            Some(url) => Installation::new(&[("DATABASE_URL", url)]),
            None => Installation::new(&[]),
        };
        Self {
            database: postgres.unwrap_or_else(|| installation.sqlite()),
            installation,
            is_sqlite,
            sent: 0,
            predicted: 0,
            registered: Vec::new(),
            last: None,
            starts: Vec::new(),
            readies: Vec::new(),
            lines: 0,
        }
    }

    /// Starts the program, and checks what the last one is to have left.
    async fn start(&mut self, number: usize) -> (Program, PathBuf) {
        let logs = self.installation.folder().join(format!("logs{number}"));
        let begun = Instant::now();
        let program = self.installation.start_logging(&logs, &[]);
        self.starts.push(begun.elapsed());
        until_ready(&program).await;
        self.readies.push(begun.elapsed());
        if let Some(left) = self.last.take() {
            self.check(&program, left).await;
        }
        (program, logs.join("app.log"))
    }

    async fn check(&mut self, program: &Program, left: Left) {
        let me = program.ask(Method::GET, "/api/me").bearer_auth(&left.token);
        assert_eq!(me.send().await.unwrap().status(), 200, "the session is kept");

        let mut options = ConnectOptions::new(&self.database);
        options.max_connections(1);
        let db = Database::connect(options).await.unwrap();
        let rows = prediction::Entity::find().count(&db).await.unwrap();
        assert!(
            (self.predicted..=self.sent).contains(&rows),
            "{rows} predictions kept of {} answered and {} sent",
            self.predicted,
            self.sent
        );
        let accounts = user::Entity::find().filter(user::Column::Username.is_in(&left.registered));
        let accounts = accounts.count(&db).await.unwrap();
        assert_eq!(accounts, left.registered.len() as u64, "accounts are kept");
        // Read in this order: an email leaves the outbox when its file is there.
        let waiting = outbox::Entity::find().all(&db).await.unwrap();
        let waiting = waiting.into_iter().map(|mail| mail.recipient);
        let mails: HashSet<_> = waiting.chain(self.installation.mailed()).collect();
        for name in &self.registered {
            assert!(
                mails.contains(&format!("{name}@example.com")),
                "the email to {name} is kept"
            );
        }
        if self.is_sqlite {
            assert_eq!(integrity(&db).await, "ok");
        }
        db.close().await.unwrap();

        let text = fs::read_to_string(&left.log).unwrap();
        let mut times = BTreeMap::<&str, usize>::new();
        // Lines about an email have the ID of the request that it is for.
        let lines = text.lines().filter(|line| !line.contains(" - server::mail - "));
        for (_, id) in lines.filter_map(|line| line.rsplit_once(" request_id=")) {
            *times.entry(id).or_default() += 1;
        }
        for id in &left.lines {
            assert_eq!(times.get(id.as_str()), Some(&1), "the line of request {id}");
        }
        self.lines += left.lines.len();
    }

    /// Starts the program, puts it under load, and kills it.
    async fn cycle(&mut self, number: usize) {
        let (program, log) = self.start(number).await;
        let token = program.sign_in("admin", PASSWORD).await;
        let seen = Arc::<Mutex<Seen>>::default();
        let program = Arc::new(program);
        let mut clients = Vec::new();
        for client in 0..PREDICTING {
            let (program, token, seen) = (Arc::clone(&program), token.clone(), Arc::clone(&seen));
            clients.push(tokio::spawn(async move {
                for picture in 0.. {
                    seen.lock().unwrap().sent += 1;
                    // Different in all processes, and not found in the cache.
                    let picture = u32::try_from((number * PREDICTING + client) * 10_000 + picture).unwrap();
                    let answer = predict(&program, &token, picture).await;
                    if !note(&seen, answer, 200, |seen| seen.predicted += 1) {
                        break;
                    }
                    sleep(Duration::from_millis(10)).await;
                }
            }));
        }
        for client in 0..REGISTERING {
            let (program, seen) = (Arc::clone(&program), Arc::clone(&seen));
            clients.push(tokio::spawn(async move {
                for account in 0.. {
                    let name = format!("user{number}x{client}x{account}");
                    let answer = register(&program, &name).await;
                    if !note(&seen, answer, 201, |seen| seen.registered.push(name)) {
                        break;
                    }
                }
            }));
        }
        let reader = Arc::clone(&program);
        clients.push(tokio::spawn(async move {
            while let Ok(response) = reader.ask(Method::GET, "/").send().await {
                assert_eq!(response.status(), 200);
                sleep(Duration::from_millis(20)).await;
            }
        }));
        // At another moment of what is going on each time.
        let moment = u64::try_from(number * 137 % 500).unwrap();
        sleep(LOG_DELAY + Duration::from_millis(300 + moment)).await;
        let killed = Instant::now();
        program.signal("-KILL");
        for client in clients {
            client.await.unwrap();
        }
        let seen = std::mem::take(&mut *seen.lock().unwrap());
        self.sent += seen.sent;
        self.predicted += seen.predicted;
        self.registered.extend(seen.registered.iter().cloned());
        let lines = seen.logged.into_iter();
        self.last = Some(Left {
            token,
            registered: seen.registered,
            lines: lines
                .filter(|(answered, _)| *answered + LOG_DELAY < killed)
                .map(|(_, id)| id)
                .collect(),
            log,
        });
    }
}

async fn integrity(db: &DatabaseConnection) -> String {
    let check = Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check");
    let row = db.query_one_raw(check).await.unwrap().unwrap();
    row.try_get("", "integrity_check").unwrap()
}

async fn run(name: &'static str, postgres: Option<&Cluster>, cycles: usize) {
    let mut row = Row::new(name);
    let (mut predicted, mut registered, mut lines) = (0, 0, 0);
    let (mut starts, mut readies) = (Vec::new(), Vec::new());
    for first in (0..cycles).step_by(CYCLES_PER_DATABASE) {
        let database = match postgres {
            Some(cluster) => Some(cluster.database().await),
            None => None,
        };
        let mut series = Series::new(database);
        let last = cycles.min(first + CYCLES_PER_DATABASE);
        for number in first..last {
            series.cycle(number).await;
        }
        let (program, _) = series.start(last).await;
        assert_eq!(status(&program, "/health/live").await, 200);
        program.stop();
        assert!(series.predicted > 0 && !series.registered.is_empty(), "there was load");
        predicted += series.predicted;
        registered += series.registered.len();
        lines += series.lines;
        // Without the first, which creates the database and hashes the password of the administrator.
        starts.extend_from_slice(&series.starts[1..]);
        readies.extend_from_slice(&series.readies[1..]);
    }
    row.figure(format!("{cycles} kills"));
    row.figure(format!(
        "{predicted} predictions, {registered} accounts with their emails and {lines} log lines answered, none lost"
    ));
    let start = percentile(&starts, 99);
    row.bounded(
        format!("p99 of the start {}", shown(start)),
        start <= Duration::from_millis(300),
    );
    row.figure(format!("ready after {}", shown(percentile(&readies, 99))));
    row.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_answered_is_lost_on_sqlite() {
    run("kill -9 under mixed load, SQLite", None, short_or_long(3, 1_000)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_answered_is_lost_on_postgres() {
    let cluster = Cluster::start();
    run(
        "kill -9 under mixed load, Postgres",
        Some(&cluster),
        short_or_long(2, 1_000),
    )
    .await;
}
