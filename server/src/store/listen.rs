//! Changes of sessions, API keys and accounts by other processes on the same Postgres, by `LISTEN` and `NOTIFY`.

use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, Statement,
    sqlx::{
        self, Executor,
        postgres::{PgListener, PgPoolOptions},
    },
};
use tokio::time::{sleep, timeout};
use tracing::warn;

use super::{
    StoreError,
    remembered::{Change, Remembered},
};

const CHANNEL: &str = "trazo_changes";

/// The name of the connection in `pg_stat_activity`.
const APPLICATION: &str = "trazo listen";

/// Without a notification for so long, the connection is tested.
const TEST_AFTER: Duration = Duration::from_secs(5);

/// How long the test may take, and how long a lost connection is left alone.
const LISTEN_TIMEOUT: Duration = Duration::from_secs(2);

/// Tells the other processes of `change` when `transaction` is committed.
pub(super) async fn notify(transaction: &impl ConnectionTrait, change: &Change) -> Result<(), StoreError> {
    let payload = match change {
        Change::Session(id) => format!("session {id}"),
        Change::User(id) => format!("user {id}"),
    };
    let statement = Statement::from_sql_and_values(
        transaction.get_database_backend(),
        "SELECT pg_notify($1, $2)",
        [CHANNEL.into(), payload.into()],
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

/// Listens for as long as the process runs. While the connection is down, nothing is remembered.
pub(super) async fn listen(db: DatabaseConnection, remembered: Remembered) {
    loop {
        let lost = match connect(&db).await {
            Ok(listener) => {
                remembered.set_enabled(true);
                let lost = hear(listener, &remembered).await;
                remembered.set_enabled(false);
                lost
            }
            Err(error) => error.to_string(),
        };
        warn!("Sin avisos de la base de datos; las sesiones se consultan cada vez: {lost}");
        sleep(LISTEN_TIMEOUT).await;
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
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Forgets what other processes change, until the connection is lost; returns why.
async fn hear(mut listener: PgListener, remembered: &Remembered) -> String {
    loop {
        match timeout(TEST_AFTER, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => match parse(notification.payload()) {
                Some(change) => remembered.forget(&[change]),
                // From another version of this program: it may concern anything.
                None => remembered.set_enabled(true),
            },
            Ok(Ok(None)) => return "connection closed".to_owned(),
            Ok(Err(error)) => return error.to_string(),
            Err(_silent) => match timeout(LISTEN_TIMEOUT, listener.execute("SELECT 1")).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return error.to_string(),
                Err(_) => return "no answer".to_owned(),
            },
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
