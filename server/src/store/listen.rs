//! Changes of sessions, API keys and accounts by other processes on the same Postgres, by `LISTEN` and `NOTIFY`.
//!
//! A notification arrives soon after the commit, which isn't before: a request that follows the answer to the change could
//! find another process that remembers what was. So the process that changes something asks the others, after its
//! notifications, whether they have heard them, and answers when they have.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement,
    sqlx::{
        self, Executor,
        postgres::{PgListener, PgPoolOptions},
    },
};
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};
use tracing::{debug, warn};

use super::{
    StoreError,
    remembered::{Change, Remembered},
};
use crate::util::random;

const CHANGES: &str = "trazo_changes";
const QUESTIONS: &str = "trazo_questions";
const ANSWERS: &str = "trazo_answers";

/// The name of the connection in `pg_stat_activity`.
const APPLICATION: &str = "trazo listen";

/// Without a notification for so long, the connection is tested.
const TEST_AFTER: Duration = Duration::from_secs(5);

/// How long the test may take, and how long a lost connection is left alone.
const LISTEN_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a change waits for the answers. They don't come from a process that is about to end or of a version that can't
/// answer, nor to one that doesn't listen, such as a command.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// The processes that listen, this one included; cheap to clone.
#[derive(Clone)]
pub(super) struct Listeners(Arc<Inner>);

struct Inner {
    db: DatabaseConnection,
    /// A permit for each answer, by question.
    questions: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// What is asked with the commit of a change.
pub(super) struct Question {
    listeners: Listeners,
    id: String,
    answers: Arc<Semaphore>,
}

impl Listeners {
    pub(super) fn new(db: DatabaseConnection) -> Self {
        Self(Arc::new(Inner {
            db,
            questions: Mutex::default(),
        }))
    }

    /// Tells all processes of `changes` when `transaction` is committed.
    pub(super) async fn notify(
        &self,
        transaction: &impl ConnectionTrait,
        changes: &[Change],
    ) -> Result<Question, StoreError> {
        for change in changes {
            let payload = match change {
                Change::Session(id) => format!("session {id}"),
                Change::User(id) => format!("user {id}"),
            };
            send(transaction, CHANGES, payload).await?;
        }
        let question = Question {
            listeners: self.clone(),
            id: random::id(),
            answers: Arc::new(Semaphore::new(0)),
        };
        self.questions()
            .insert(question.id.clone(), Arc::clone(&question.answers));
        send(transaction, QUESTIONS, question.id.clone()).await?;
        Ok(question)
    }

    fn answered(&self, id: &str) {
        if let Some(answers) = self.questions().get(id) {
            answers.add_permits(1);
        }
    }

    fn questions(&self) -> MutexGuard<'_, HashMap<String, Arc<Semaphore>>> {
        self.0.questions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many processes listen.
    async fn count(&self) -> Result<i64, DbErr> {
        let listening = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT COUNT(*) AS listening FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1",
            [APPLICATION.into()],
        );
        let row = self.0.db.query_one_raw(listening).await?;
        row.map_or(Ok(0), |row| row.try_get("", "listening"))
    }
}

impl Question {
    /// Waits until all processes have forgotten what was changed. To be called after the commit: a process that begins to
    /// listen later reads what was committed.
    pub(super) async fn all_have_answered(self) {
        let answers = async {
            let count = self.listeners.count().await?;
            // The semaphore is never closed.
            let _answers = self
                .answers
                .acquire_many(u32::try_from(count).unwrap_or_default())
                .await;
            Ok::<_, DbErr>(())
        };
        match timeout(ANSWER_TIMEOUT, answers).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => debug!("No se sabe quién ha oído un cambio: {error}"),
            Err(_) => debug!("No todos los servidores dicen que han oído un cambio."),
        }
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        self.listeners.questions().remove(&self.id);
    }
}

/// Sends a notification when `transaction` is committed.
async fn send(transaction: &impl ConnectionTrait, channel: &str, payload: String) -> Result<(), StoreError> {
    let statement = Statement::from_sql_and_values(
        transaction.get_database_backend(),
        "SELECT pg_notify($1, $2)",
        [channel.into(), payload.into()],
    );
    transaction.execute_raw(statement).await?;
    Ok(())
}

fn parse(payload: &str) -> Option<Change> {
    match payload.split_once(' ')? {
        ("session", id) => Some(Change::Session(id.to_owned())),
        ("user", id) => id.parse().ok().map(Change::User),
        _ => None,
    }
}

/// Listens for as long as the process runs. While the connection is down, nothing is remembered. Returns after the first
/// attempt to connect.
pub(super) async fn start(listeners: Listeners, remembered: Remembered) {
    let connected = connect(&listeners.0.db).await;
    tokio::spawn(listen(connected, listeners, remembered));
}

async fn listen(mut connected: Result<PgListener, sqlx::Error>, listeners: Listeners, remembered: Remembered) {
    loop {
        let lost = match connected {
            Ok(listener) => {
                remembered.set_enabled(true);
                let lost = hear(listener, &listeners, &remembered).await;
                remembered.set_enabled(false);
                lost
            }
            Err(error) => error.to_string(),
        };
        warn!("Sin avisos de la base de datos; las sesiones se consultan cada vez: {lost}");
        sleep(LISTEN_TIMEOUT).await;
        connected = connect(&listeners.0.db).await;
    }
}

/// A connection beside those of the pool, which all belong to requests.
async fn connect(db: &DatabaseConnection) -> Result<PgListener, sqlx::Error> {
    let options = db.get_postgres_connection_pool().connect_options();
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(LISTEN_TIMEOUT)
        .connect_lazy_with((*options).clone().application_name(APPLICATION));
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen_all([CHANGES, QUESTIONS, ANSWERS]).await?;
    Ok(listener)
}

/// Forgets what other processes change, until the connection is lost; returns why.
async fn hear(mut listener: PgListener, listeners: &Listeners, remembered: &Remembered) -> String {
    loop {
        let reply = match timeout(TEST_AFTER, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => match notification.channel() {
                QUESTIONS => {
                    let answer = sqlx::query::<sqlx::Postgres>("SELECT pg_notify($1, $2)")
                        .bind(ANSWERS)
                        .bind(notification.payload().to_owned());
                    timeout(LISTEN_TIMEOUT, answer.execute(&mut listener)).await
                }
                ANSWERS => {
                    listeners.answered(notification.payload());
                    continue;
                }
                _ => {
                    match parse(notification.payload()) {
                        Some(change) => remembered.forget(&[change]),
                        // From another version of this program: it may concern anything.
                        None => remembered.set_enabled(true),
                    }
                    continue;
                }
            },
            Ok(Ok(None)) => return "connection closed".to_owned(),
            Ok(Err(error)) => return error.to_string(),
            Err(_silent) => timeout(LISTEN_TIMEOUT, listener.execute("SELECT 1")).await,
        };
        match reply {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return error.to_string(),
            Err(_) => return "no answer".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_names_a_session_or_an_account() {
        assert_eq!(parse("session abc"), Some(Change::Session("abc".to_owned())));
        assert_eq!(parse("user 7"), Some(Change::User(7)));
        for unknown in ["", "user", "user x", "other 7"] {
            assert_eq!(parse(unknown), None);
        }
    }
}
