//! The user list of administrators with 1,000, 10,000 and 100,000 users: its time must not grow with the table.
//!
//! On SQLite, and on Postgres where `TEST_DATABASE_URL` names a server (`scripts/postgres.sh cargo bench …`).

#![expect(clippy::expect_used, reason = "a benchmark that can't run should fail")]

use std::iter::successors;

use api::{Order, UserListQuery, UserSort};
use chrono::Duration;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, Database, DatabaseConnection, EntityTrait, QueryFilter,
    TransactionTrait, sea_query::Expr,
};
use server::{
    domain::words,
    settings::{Secret, Settings},
    store::{
        Position, Store,
        entities::{column, user, user_count, user_word},
    },
    util::Clock,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const SIZES: [i64; 3] = [1_000, 10_000, 100_000];

/// Rows per INSERT.
const CHUNK: i64 = 500;

const PER_PAGE: u64 = 20;

fn benchmark(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let folder = TempDir::new().expect("a folder");
    let sqlite = |size: i64| format!("sqlite://{}/{size}.db", folder.path().display());
    compare(criterion, &runtime, "users on sqlite", async |size| sqlite(size));
    if let Ok(server) = std::env::var("TEST_DATABASE_URL") {
        compare(criterion, &runtime, "users on postgres", async |size| {
            fresh(&server, size).await
        });
    }
}

fn compare(criterion: &mut Criterion, runtime: &Runtime, title: &str, url: impl AsyncFn(i64) -> String) {
    let mut group = criterion.benchmark_group(title);
    for size in SIZES {
        let store = runtime.block_on(async { filled(url(size).await, size).await });
        let search = |words: &str| UserListQuery {
            search: words.to_owned(),
            ..UserListQuery::default()
        };
        let sorted = UserListQuery {
            sort: UserSort::LastLoginAt,
            order: Order::Desc,
            ..UserListQuery::default()
        };
        let asked = [
            ("first page", UserListQuery::default()),
            ("by last sign-in", sorted),
            ("search, one match", search("user000777")),
            ("search, everyone matches", search("example")),
            ("search, everyone and one", search("example user000777")),
        ];
        for (name, query) in asked {
            group.bench_function(BenchmarkId::new(name, size), |bencher| {
                bencher.to_async(runtime).iter(async || {
                    let found = store
                        .users(&query, &Position::Page(1), PER_PAGE)
                        .await
                        .expect("an answer");
                    assert!(!found.page.rows.is_empty());
                });
            });
        }
    }
    group.finish();
}

/// Creates a database of that name on the Postgres server, replacing an existing one.
async fn fresh(server: &str, size: i64) -> String {
    let name = format!("bench_{size}");
    let db = Database::connect(server).await.expect("the server");
    for statement in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        db.execute_unprepared(&statement).await.expect("a database");
    }
    let (base, parameters) = server.split_once('?').unwrap_or((server, ""));
    let base = base.rsplit_once('/').expect("a database's name").0;
    format!("{base}/{name}?{parameters}")
}

/// Adds users as the registration does.
async fn filled(url: String, size: i64) -> Store {
    let mut settings = Settings::defaults().database;
    settings.database_url = Some(Secret::new(url.clone()));
    let store = Store::connect(&settings).await.expect("the database");
    let db = Database::connect(url).await.expect("the database");
    let begun = db.begin().await.expect("a transaction");
    for first in successors(Some(0), |first| Some(first + CHUNK)).take_while(|first| *first < size) {
        let users: Vec<_> = (first..size.min(first + CHUNK)).map(one).collect();
        let words = users.iter().flat_map(|user| {
            let words = words::of_user(&user.username, &user.email);
            words.into_iter().map(|word| user_word::ActiveModel {
                word: Set(word),
                user_id: Set(user.id),
            })
        });
        let words: Vec<_> = words.collect();
        let rows = users.into_iter().map(user::ActiveModel::from);
        user::Entity::insert_many(rows)
            .exec_without_returning(&begun)
            .await
            .expect("users");
        for words in words.chunks(1_000) {
            user_word::Entity::insert_many(words.iter().cloned())
                .exec_without_returning(&begun)
                .await
                .expect("words");
        }
    }
    user_count::Entity::update_many()
        .col_expr(user_count::Column::Users, Expr::value(size))
        .filter(user_count::Column::Role.eq(column::Role::User))
        .filter(user_count::Column::EmailConfirmed.eq(true))
        .filter(user_count::Column::Disabled.eq(false))
        .exec(&begun)
        .await
        .expect("counts");
    begun.commit().await.expect("written");
    plan(&db).await;
    store
}

/// Updates the statistics of Postgres, as autovacuum does after some time.
async fn plan(db: &DatabaseConnection) {
    if db.get_database_backend() == sea_orm::DbBackend::Postgres {
        db.execute_unprepared("VACUUM ANALYZE").await.expect("statistics");
    }
}

fn one(number: i64) -> user::Model {
    let username = format!("user{number:06}");
    let email = format!("{username}@example.com");
    let created_at = Clock::system().now() - Duration::minutes(number);
    user::Model {
        id: number + 1,
        username_key: username.clone(),
        username,
        email_key: email.clone(),
        email,
        password_hash: String::new(),
        role: column::Role::User,
        email_confirmed: true,
        disabled: false,
        language: "es".to_owned(),
        predictions: number % 100,
        created_at,
        last_login_at: (number % 3 > 0).then_some(created_at),
    }
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
