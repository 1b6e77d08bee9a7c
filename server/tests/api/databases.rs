//! Differences between SQLite and Postgres: sort order, nulls, and the NUL character. Like all tests of the API, these run
//! on both.

use std::collections::BTreeSet;

use chrono::{TimeDelta, Utc};
use migration::{Migrator, MigratorTrait};
use reqwest::Method;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, Database, DatabaseConnection, EntityTrait, QueryFilter, Statement,
};
use serde_json::{Value, json};
use server::store::entities::{audit, column, outbox, session};
use tempfile::TempDir;

use crate::{
    admin::review::corrected,
    keys::{make, status},
    support::{
        TestServer, database, eventually, log,
        mail::{Sink, by_smtp, dead_port},
        models,
        server::{PASSWORD, refused},
        settings,
    },
};

/// The usernames of a list, in its order.
async fn names(server: &TestServer, query: &str) -> Vec<String> {
    let list = server.get_json(&format!("/api/admin/users?{query}")).await;
    let users = list["users"].as_array().unwrap();
    let name = |user: &Value| user["username"].as_str().unwrap().to_owned();
    users.iter().map(name).collect()
}

#[tokio::test]
async fn names_and_addresses_are_sorted_by_bytes() {
    let server = TestServer::start().await;
    for name in ["ñandú", "Zoe", "b_a", "b.a", "zzz", "b-a"] {
        server.add_user(name).await;
    }
    let mut sorted = ["admin", "b-a", "b.a", "b_a", "Zoe", "zzz", "ñandú"];
    for column in ["username", "email"] {
        assert_eq!(names(&server, &format!("sort={column}")).await, sorted);
    }
    sorted.reverse();
    assert_eq!(names(&server, "sort=username&order=desc").await, sorted);
    // Other collations would sort the following words between the first two.
    let found: BTreeSet<_> = names(&server, "search=b").await.into_iter().collect();
    assert_eq!(found, ["b-a", "b.a", "b_a"].map(ToOwned::to_owned).into());
    assert_eq!(names(&server, "search=%C3%91AN").await, ["ñandú"]);
}

/// The words of accounts from before the search ignored accents are replaced by a migration.
#[tokio::test]
async fn accounts_of_an_earlier_version_are_found_without_accents() {
    let server = TestServer::start().await;
    let id = server.add_user("López").await;
    server.add_user("lopez2").await;
    let database = server.database().await;
    for (statement, rows) in [
        (
            format!("DELETE FROM user_words WHERE user_id = {id} AND word = 'lopez'"),
            1,
        ),
        (
            format!("INSERT INTO user_words (word, user_id) VALUES ('lópez', {id})"),
            1,
        ),
        (
            "DELETE FROM seaql_migrations WHERE version LIKE '%plain_words'".to_owned(),
            1,
        ),
    ] {
        let done = database.execute_unprepared(&statement).await.unwrap();
        assert_eq!(done.rows_affected(), rows, "{statement}");
    }
    assert_eq!(names(&server, "search=lopez").await, ["lopez2"]);
    let updated = TestServer::start_with(&server.settings, || Ok(models::three())).await;
    for search in ["lopez", "L%C3%B3pez", "exam+lop"] {
        assert_eq!(
            names(&updated, &format!("search={search}")).await,
            ["López", "lopez2"],
            "{search}"
        );
    }
}

#[tokio::test]
async fn users_who_never_logged_in_sort_first() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    server.user("eva").await;
    let by = "sort=last_login_at&order";
    assert_eq!(names(&server, &format!("{by}=asc")).await, ["ana", "admin", "eva"]);
    assert_eq!(names(&server, &format!("{by}=desc")).await, ["eva", "admin", "ana"]);
}

#[tokio::test]
async fn a_nul_character_is_rejected() {
    let server = TestServer::start().await;
    for name in ["\0", "ad\0min", "admin\0"] {
        let given = json!({ "username": name, "password": PASSWORD });
        refused(server.post("/login", &given).await, 401, "bad_credentials", "msg").await;
        let given = json!({ "username": name, "email": "a@example.com", "password": PASSWORD });
        refused(server.post("/register", &given).await, 400, "username_invalid", "msg").await;
    }
    for path in ["/api/confirm/resend", "/api/password/forgot"] {
        let given = json!({ "email": "a\0@example.com" });
        refused(server.post(path, &given).await, 400, "email_invalid", "msg").await;
    }
    let given = json!({ "token": "\0", "password": "una frase larga" });
    refused(
        server.post("/api/password/reset", &given).await,
        400,
        "token_invalid",
        "msg",
    )
    .await;
    let confirming = server.post("/api/confirm/%00", &json!({})).await;
    refused(confirming, 400, "token_invalid", "msg").await;
    assert_eq!(names(&server, "search=ad%00").await, ["admin"]);
}

#[tokio::test]
async fn servers_can_start_concurrently_on_an_empty_database() {
    let folder = TempDir::new().unwrap();
    let settings = database::own(&settings(), &folder).await;
    let start = || TestServer::start_with(&settings, || Ok(models::three()));
    let (one, other, third) = tokio::join!(start(), start(), start());
    for server in [&one, &other, &third] {
        assert_eq!(names(server, "").await, ["admin"]);
    }
}

/// Each server remembers sessions, and hears of what the others change. SQLite is for one server only.
#[tokio::test]
async fn what_one_server_changes_holds_at_the_others() {
    let one = TestServer::start().await;
    if one.settings.database.sqlite_file().is_some() {
        return;
    }
    let other = TestServer::start_with(&one.settings, || Ok(models::three())).await;
    let [ended, disabled] = [one.user("ana").await, one.user("eva").await];
    for token in [&ended, &disabled] {
        assert_eq!(other.me(token).await.status(), 200);
    }
    let logout = one.by(&ended, Method::POST, "/api/logout").send().await.unwrap();
    assert!(logout.status().is_success());
    let list = one.get_json("/api/admin/users?search=eva").await;
    let eva = format!("/api/admin/users/{}", list["users"][0]["id"]);
    let disable = one
        .by(&one.token, Method::PATCH, &eva)
        .json(&json!({ "disabled": true }));
    assert_eq!(disable.send().await.unwrap().status(), 200);
    for token in [&ended, &disabled] {
        assert_eq!(one.me(token).await.status(), 401);
        assert_eq!(other.me(token).await.status(), 401, "from the next request on");
    }
}

/// As above, for what users change of their own account.
#[tokio::test]
async fn what_a_user_changes_holds_at_the_other_servers() {
    let one = TestServer::start().await;
    if one.settings.database.sqlite_file().is_some() {
        return;
    }
    let other = TestServer::start_with(&one.settings, || Ok(models::three())).await;
    for (path, body) in [
        (
            "/api/me/password",
            json!({ "current_password": PASSWORD, "password": "otra frase larga" }),
        ),
        ("/api/me/delete", json!({ "password": PASSWORD })),
        ("/api/me/sessions", json!(null)),
    ] {
        let name = path.rsplit('/').next().unwrap();
        let (own, ended) = (one.user(name).await, one.sign_in(name).await);
        assert_eq!(other.me(&ended).await.status(), 200);
        let request = if body.is_null() {
            let sessions = one.by(&ended, Method::GET, path).send().await.unwrap();
            let sessions: Value = sessions.json().await.unwrap();
            let sessions = sessions["sessions"].as_array().unwrap();
            let current = sessions.iter().find(|session| session["current"] == true);
            let id = current.unwrap()["id"].as_str().unwrap().to_owned();
            one.by(&own, Method::DELETE, &format!("{path}/{id}"))
        } else {
            one.by(&own, Method::POST, path).json(&body)
        };
        assert_eq!(request.send().await.unwrap().status(), 200, "{path}");
        assert_eq!(other.me(&ended).await.status(), 401, "from the next request on");
    }
}

/// As above, for what ends API keys.
#[tokio::test]
async fn a_key_that_one_server_revokes_is_refused_by_the_others() {
    let one = TestServer::start().await;
    if one.settings.database.sqlite_file().is_some() {
        return;
    }
    let other = TestServer::start_with(&one.settings, || Ok(models::three())).await;
    for (name, method, path, body) in [
        ("ana", Method::DELETE, "/api/keys/{key}", json!({})),
        ("eva", Method::POST, "/api/me/delete", json!({ "password": PASSWORD })),
        (
            "leo",
            Method::PATCH,
            "/api/admin/users/{user}",
            json!({ "disabled": true }),
        ),
    ] {
        let token = one.user(name).await;
        let key = make(&one, &token, &["history"]).await;
        assert_eq!(status(&other, &key.key).await, 200);
        let by = if path.contains("/admin/") { &one.token } else { &token };
        let user = one.row(name).await.id;
        let path = path
            .replace("{key}", &key.id.to_string())
            .replace("{user}", &user.to_string());
        let request = one.by(by, method, &path).json(&body);
        assert_eq!(request.send().await.unwrap().status(), 200, "{path}");
        assert_eq!(status(&one, &key.key).await, 401, "{path}");
        assert_eq!(status(&other, &key.key).await, 401, "from the next request on");
    }
}

/// Whether `server` answers for a session whose row has gone, because it remembers it.
async fn remembers(server: &TestServer, database: &DatabaseConnection, username: &str, user_id: i64) -> bool {
    let token = server.sign_in(username).await;
    assert_eq!(server.me(&token).await.status(), 200);
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id))
        .exec(database)
        .await
        .unwrap();
    server.me(&token).await.status() == 200
}

/// Sends several requests at once, so that the server has connections for what it does at the same time.
async fn warm(server: &TestServer) {
    let requests = (0..8).map(|_| server.get_json("/api/admin/users"));
    futures_util::future::join_all(requests).await;
}

#[tokio::test]
async fn nothing_is_remembered_while_changes_of_other_servers_can_not_be_heard() {
    let Ok(postgres) = std::env::var("TEST_DATABASE_URL") else {
        // On SQLite there are no other servers.
        return;
    };
    let one = TestServer::start().await;
    let other = TestServer::start_with(&one.settings, || Ok(models::three())).await;
    let id = one.add_user("ana").await;
    let (postgres, own) = (Database::connect(postgres).await.unwrap(), one.database().await);
    let name = database::name(&one.settings);
    let remembering = async |expected: bool| {
        eventually("listening as expected", async || {
            (remembers(&other, &own, "ana", id).await == expected).then_some(())
        })
        .await;
    };
    remembering(true).await;
    warm(&one).await;
    warm(&other).await;

    // The servers keep the connections that they have, except those that listen, and get no new ones.
    let connections = async |allowed: bool| {
        let alter = format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {allowed}");
        postgres.execute_unprepared(&alter).await.unwrap();
    };
    connections(false).await;
    let terminate = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = '{name}' AND application_name = 'trazo listen'"
    );
    let terminated = postgres.execute_unprepared(&terminate).await.unwrap();
    assert_eq!(terminated.rows_affected(), 2);
    remembering(false).await;
    for _ in 0..3 {
        assert!(!remembers(&other, &own, "ana", id).await);
        let token = one.sign_in("ana").await;
        assert_eq!(other.me(&token).await.status(), 200);
        let logout = one.by(&token, Method::POST, "/api/logout").send().await.unwrap();
        assert_eq!(logout.status(), 200);
        assert_eq!(other.me(&token).await.status(), 401, "from the next request on");
    }

    connections(true).await;
    remembering(true).await;
    let token = one.sign_in("ana").await;
    assert_eq!(other.me(&token).await.status(), 200);
    one.by(&token, Method::POST, "/api/logout").send().await.unwrap();
    assert_eq!(other.me(&token).await.status(), 401, "from the next request on");
}

/// During a rolling update, a server of the old version meets what the new one has written.
#[tokio::test]
async fn a_server_works_on_the_database_of_a_later_version() {
    let mut sink = Sink::start().await;
    let folder = TempDir::new().unwrap();
    let mut settings = database::own(&settings(), &folder).await;
    by_smtp(&mut settings, sink.port);
    let start = || TestServer::start_with(&settings, || Ok(models::three()));
    let server = start().await;
    let database = server.database().await;
    server.stop().await.unwrap();
    for statement in [
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_later', 1)",
        "ALTER TABLE users ADD COLUMN later text",
    ] {
        database.execute_unprepared(statement).await.unwrap();
    }
    let now = Utc::now();
    let mail = |is_expired: bool| outbox::ActiveModel {
        user_id: Set(None),
        purpose: Set(column::Purpose::AccountDeleted),
        recipient: Set("later@example.com".to_owned()),
        username: Set("later".to_owned()),
        language: Set("es".to_owned()),
        seed: Set(Vec::new()),
        request_id: Set("later".to_owned()),
        created_at: Set(now),
        expires_at: Set(now + TimeDelta::days(if is_expired { -1 } else { 1 })),
        attempts: Set(0),
        next_attempt_at: Set(now - TimeDelta::hours(1)),
        claimed_at: Set(None),
        ..Default::default()
    };
    let mails = outbox::Entity::insert_many([mail(true), mail(false)]);
    mails.exec_without_returning(&database).await.unwrap();
    let renamed = "UPDATE outbox SET purpose = 'later'";
    database.execute_unprepared(renamed).await.unwrap();

    let old = start().await;
    log::line_with("La base de datos es de una versión posterior").await;
    // Its mails are sent although others are due before them.
    for name in ["ana", "eva"] {
        assert_eq!(old.register(name).await.status(), 201);
        assert_eq!(sink.next().await.to, [format!("{name}@example.com")]);
    }
    // The first round has also removed what has expired.
    let left = "SELECT COUNT(*) AS mails FROM outbox WHERE purpose = 'later'";
    let left = Statement::from_string(database.get_database_backend(), left);
    let left: i64 = database
        .query_one_raw(left)
        .await
        .unwrap()
        .unwrap()
        .try_get("", "mails")
        .unwrap();
    assert_eq!(left, 2, "for a server that knows them");
}

/// Addresses of older versions: their domains were stored as they were given.
#[tokio::test]
async fn domains_of_existing_addresses_become_ascii() {
    let server = TestServer::start().await;
    for (name, email) in [
        ("ana", "Ana@españa.es"),
        ("eva", "eva@example.com"),
        ("pía", "pía@example.com"),
        // The same address in two forms was two accounts.
        ("leo", "leo@españa.es"),
        ("noa", "leo@xn--espaa-rta.es"),
    ] {
        server.add_user(name).await;
        server
            .change_row(name, |row| {
                row.email = Set(email.to_owned());
                row.email_key = Set(email.to_lowercase());
            })
            .await;
    }
    let migration = "DELETE FROM seaql_migrations WHERE version = 'm20261127_000011_ascii_domains'";
    let undone = server.database().await.execute_unprepared(migration).await.unwrap();
    assert_eq!(undone.rows_affected(), 1);
    let updated = TestServer::start_with(&server.settings, || Ok(models::three())).await;
    for (name, email) in [
        ("ana", "Ana@xn--espaa-rta.es"),
        ("eva", "eva@example.com"),
        ("pía", "pía@example.com"),
        ("leo", "leo@españa.es"),
        ("noa", "leo@xn--espaa-rta.es"),
    ] {
        assert_eq!(updated.row(name).await.email, email);
    }
    for (given, name) in [
        ("ana@españa.es", "ana"),
        ("pía@example.com", "pía"),
        ("leo@españa.es", "noa"),
        ("leo", "leo"),
    ] {
        let token = updated.sign_in(given).await;
        let me: Value = updated.me(&token).await.json().await.unwrap();
        assert_eq!(me["username"], name, "{given}");
    }
}

/// Takes back the migration whose name ends so, and all after it.
async fn undo_since(database: &DatabaseConnection, name: &str) {
    let migrations = Migrator::migrations();
    let first = migrations.iter().position(|migration| migration.name().ends_with(name));
    let count = migrations.len() - first.unwrap();
    Migrator::down(database, Some(u32::try_from(count).unwrap()))
        .await
        .unwrap();
}

/// A migration replaces two tables on SQLite.
#[tokio::test]
async fn rows_of_an_earlier_version_are_kept() {
    let folder = TempDir::new().unwrap();
    let mut settings = database::own(&settings(), &folder).await;
    by_smtp(&mut settings, dead_port());
    let start = || TestServer::start_with(&settings, || Ok(models::three()));
    let server = start().await;
    server.register("ana").await;
    let database = server.database().await;
    server.stop().await.unwrap();
    let rows = async || {
        (
            outbox::Entity::find().all(&database).await.unwrap(),
            audit::Entity::find().all(&database).await.unwrap(),
            session::Entity::find().all(&database).await.unwrap(),
        )
    };
    let before = rows().await;
    assert_eq!((before.0.len(), before.1.len(), before.2.len()), (1, 1, 1));
    undo_since(&database, "own_account").await;
    Migrator::up(&database, None).await.unwrap();
    assert_eq!(rows().await, before);
    // New rows get other numbers.
    start().await.register("eva").await;
    let mails = rows().await.0;
    assert_eq!(mails.len(), 2);
    assert_ne!(mails[0].id, mails[1].id);
}

/// Corrections were columns of the predictions.
#[tokio::test]
async fn corrections_of_an_earlier_version_wait_for_review() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let kept = corrected(&server, &token, "7-plain", "8").await;
    let none = corrected(&server, &token, "1-plain", "none").await;
    let database = server.database().await;
    undo_since(&database, "corrections").await;
    let rows = database
        .query_all_raw(Statement::from_string(
            database.get_database_backend(),
            "SELECT id, correction FROM predictions WHERE corrected_at IS NOT NULL",
        ))
        .await
        .unwrap();
    let rows: Vec<(i64, i16)> = rows
        .iter()
        .map(|row| (row.try_get("", "id").unwrap(), row.try_get("", "correction").unwrap()))
        .collect();
    // It had no word for what is no digit.
    assert_eq!(rows, [(kept, 8)]);
    let updated = TestServer::start_with(&server.settings, || Ok(models::three())).await;
    let queue = updated.get_json("/api/admin/review").await;
    assert_eq!(queue["entries"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&queue["entries"][0]["id"], &queue["entries"][0]["said"]),
        (&json!(kept), &json!("8"))
    );
    let token = updated.sign_in("ana").await;
    let history = updated
        .by(&token, Method::GET, "/api/predictions")
        .send()
        .await
        .unwrap();
    let history: Value = history.json().await.unwrap();
    assert_eq!(
        (
            &history["predictions"][0]["id"],
            &history["predictions"][0]["correccion"]
        ),
        (&json!(none), &Value::Null)
    );
    assert_eq!(history["predictions"][1]["correccion"], 8);
}
