//! Pages of `GET /api/admin/users` that are found by `cursor`.

use api::{Order, User, UserListQuery, UserSort};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{TimeDelta, Utc};
use reqwest::Method;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::Value;
use server::store::{
    Position,
    entities::{column, user, user_count},
};

use super::{SORTS, five, list, row, word};
use crate::support::{TestServer, plans::assert_found_by_index, server::refused};

#[tokio::test]
async fn cursors_lead_through_the_list_in_both_directions() {
    let server = five().await;
    for sort in SORTS {
        for order in [Order::Asc, Order::Desc] {
            for filter in ["", "&search=example", "&role=user", "&confirmed=true&disabled=false"] {
                let query = format!("sort={}&order={}{filter}", word(sort), word(order));
                let all = list(&server, &query).await;
                assert_eq!((all.previous, all.next), (None, None));
                let mut page = list(&server, &format!("{query}&per_page=2")).await;
                assert_eq!((page.page, page.previous.clone()), (Some(1), None));
                let mut forwards = page.users.clone();
                while let Some(next) = &page.next {
                    page = list(&server, &format!("{query}&per_page=2&cursor={next}")).await;
                    assert_eq!((page.page, page.total), (None, all.total));
                    assert!(page.previous.is_some() && !page.users.is_empty());
                    forwards.extend(page.users.clone());
                }
                assert_eq!(forwards, all.users, "{query}");
                let mut backwards = page.users.clone();
                while let Some(previous) = &page.previous {
                    page = list(&server, &format!("{query}&per_page=2&cursor={previous}")).await;
                    assert!(page.next.is_some());
                    backwards.splice(0..0, page.users.clone());
                }
                assert_eq!(backwards, all.users, "{query}");
            }
        }
    }
    // Also from a page found by its number.
    let second = list(&server, "page=2&per_page=3").await;
    let third = list(&server, &format!("per_page=3&cursor={}", second.next.unwrap())).await;
    assert_eq!(third.users, list(&server, "page=3&per_page=3").await.users);
    let first = list(&server, &format!("per_page=3&cursor={}", second.previous.unwrap())).await;
    assert_eq!(first.users, list(&server, "per_page=3").await.users);
}

/// While it is read, accounts are added before and after the place that was reached, and some are deleted, among them
/// the one that the cursor names.
#[tokio::test]
async fn each_account_is_seen_once_while_others_come_and_go() {
    let server = TestServer::start().await;
    let database = server.database().await;
    let add = async |numbers: Vec<i64>| {
        let rows = numbers.into_iter().map(row);
        user::Entity::insert_many(rows)
            .exec_without_returning(&database)
            .await
            .unwrap();
    };
    for (round, sort) in [UserSort::Username, UserSort::Predictions, UserSort::LastLoginAt]
        .into_iter()
        .enumerate()
    {
        for order in [Order::Asc, Order::Desc] {
            user::Entity::delete_many()
                .filter(user::Column::Id.gte(1_000))
                .exec(&database)
                .await
                .unwrap();
            add((1_000..1_060).map(|number| number * 10).collect()).await;
            let query = format!("sort={}&order={}&per_page=7", word(sort), word(order));
            let (mut seen, mut deleted) = (Vec::<i64>::new(), Vec::new());
            let mut cursor = String::new();
            for step in 0.. {
                let page = list(&server, &format!("{query}&cursor={cursor}")).await;
                seen.extend(page.users.iter().map(|user| user.id));
                let Some(next) = page.next else { break };
                cursor = next;
                add(vec![10_001 + step * 10, 10_301 + step * 10, 10_601 + step]).await;
                let last = page.users.last().unwrap().id;
                deleted.push(last);
                deleted.push(10_100 + step * 30);
                user::Entity::delete_many()
                    .filter(user::Column::Id.is_in(deleted.clone()))
                    .filter(user::Column::Id.gte(1_000))
                    .exec(&database)
                    .await
                    .unwrap();
            }
            let mut once = seen.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), seen.len(), "{round} {query}: {seen:?}");
            for id in (1_000..1_060).map(|number| number * 10) {
                assert!(seen.contains(&id) || deleted.contains(&id), "{id} in {query}: {seen:?}");
            }
        }
    }
}

/// Adds users that are disabled in turns, and counts them.
async fn fill(server: &TestServer, count: i64) {
    let database = server.database().await;
    let rows: Vec<_> = (10_000..10_000 + count).map(row).collect();
    for rows in rows.chunks(500) {
        let rows = user::Entity::insert_many(rows.to_vec());
        rows.exec_without_returning(&database).await.unwrap();
    }
    user_count::Entity::update_many()
        .col_expr(user_count::Column::Users, Expr::value(count / 2))
        .filter(user_count::Column::Role.eq(column::Role::User))
        .filter(user_count::Column::EmailConfirmed.eq(true))
        .exec(&database)
        .await
        .unwrap();
    database.execute_unprepared("ANALYZE").await.unwrap();
    if server.settings.database.sqlite_file().is_some() {
        // The server never analyses.
        database.execute_unprepared("DELETE FROM sqlite_stat1").await.unwrap();
    }
}

#[tokio::test]
async fn a_page_in_the_middle_is_found_by_an_index() {
    let server = TestServer::start().await;
    fill(&server, 4_000).await;
    let (store, database) = (server.store().await, server.database().await);
    for sort in SORTS {
        for order in [Order::Asc, Order::Desc] {
            for (role, confirmed, disabled) in [
                (None, None, None),
                (Some(api::Role::User), None, None),
                (None, Some(true), Some(false)),
            ] {
                let query = UserListQuery {
                    role,
                    confirmed,
                    disabled,
                    sort,
                    order,
                    ..UserListQuery::default()
                };
                let middle = store.users(&query, &Position::Page(40), 20).await.unwrap().page;
                assert_eq!(middle.rows.len(), 20);
                for position in [
                    Position::After(middle.next.unwrap()),
                    Position::Before(middle.previous.unwrap()),
                ] {
                    for statement in store.user_statements(&query, &position, 20).await.unwrap() {
                        assert_found_by_index(&database, statement, &format!("{query:?}")).await;
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_is_rejected() {
    let server = five().await;
    let own = list(&server, "sort=email&per_page=2").await.next.unwrap();
    let json = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(&own).unwrap()).unwrap();
    let forged = |from: &str, to: &str| {
        assert!(json.contains(from), "{json}");
        BASE64_URL_SAFE_NO_PAD.encode(json.replace(from, to))
    };
    let history = BASE64_URL_SAFE_NO_PAD.encode(r#"{"after":3}"#);
    for query in [
        format!("cursor={own}"),
        format!("sort=username&cursor={own}"),
        format!("sort=email&page=1&cursor={own}"),
        format!("sort=email&cursor={own}x"),
        format!("sort=email&cursor={}", &own[..own.len() - 2]),
        format!("sort=email&cursor={}", forged("after", "beside")),
        format!("sort=email&cursor={}", forged("example", "\\u0000")),
        format!("sort=username&cursor={}", forged("email", "password_hash")),
        format!("cursor={history}"),
        "cursor=2".to_owned(),
        "cursor=%00".to_owned(),
    ] {
        let request = server.by(&server.token, Method::GET, &format!("/api/admin/users?{query}"));
        refused(request.send().await.unwrap(), 400, "request_invalid", "msg").await;
    }
    // Filters may change: the place in the list is the same.
    let users = list(&server, &format!("sort=email&role=user&cursor={own}")).await.users;
    let rest = list(&server, &format!("sort=email&cursor={own}")).await.users;
    let of_user: Vec<User> = rest.into_iter().filter(|user| user.role == api::Role::User).collect();
    assert_eq!(users, of_user);
    let export = server.by(
        &server.token,
        Method::GET,
        &format!("/api/admin/users.csv?cursor={own}"),
    );
    assert_eq!(export.send().await.unwrap().status(), 200);
    // A client that doesn't know cursors gets an answer without a value for what there isn't.
    let body: Value = server.get_json("/api/admin/users").await;
    assert!(body.get("next").is_none() && body.get("previous").is_none(), "{body}");
}

#[tokio::test]
async fn a_time_is_a_key_with_all_its_digits() {
    let server = TestServer::start().await;
    let database = server.database().await;
    let at = Utc::now() - TimeDelta::seconds(100);
    let rows = (10_000..10_010).map(|number| user::ActiveModel {
        created_at: Set(at + TimeDelta::nanoseconds(number % 3)),
        ..row(number)
    });
    user::Entity::insert_many(rows)
        .exec_without_returning(&database)
        .await
        .unwrap();
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = list(&server, &format!("sort=created_at&per_page=2&cursor={cursor}")).await;
        seen.extend(page.users.iter().map(|user| user.id));
        let Some(next) = page.next else { break };
        cursor = next;
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 11);
}
