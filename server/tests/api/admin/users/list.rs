//! `GET /api/admin/users`.

use std::collections::HashSet;

use api::{Order, Role, User, UserCounts, UserSort};
use reqwest::Method;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};
use server::store::entities::{user, user_word};

use super::{SORTS, change, csv, five, found, list, names, row, word};
use crate::support::{TestServer, server::refused};

#[tokio::test]
async fn the_list_has_the_documented_fields() {
    let server = TestServer::start().await;
    let browser = server.browser("admin").await;
    let response = browser.get("/api/admin/users").await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    let body: Value = response.json().await.unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<HashSet<_>>();
    let expected = |keys: &[&str]| keys.iter().map(ToString::to_string).collect::<HashSet<_>>();
    let of_list = ["users", "total", "page", "per_page", "more", "counts"];
    assert_eq!(keys(&body), expected(&of_list));
    let of_user = [
        "id",
        "username",
        "email",
        "role",
        "email_confirmed",
        "disabled",
        "created_at",
        "last_login_at",
        "predictions",
        "keys",
        "changes",
    ];
    assert_eq!(keys(&body["users"][0]), expected(&of_user));
    let admin: User = serde_json::from_value(body["users"][0].clone()).unwrap();
    assert_eq!(
        (admin.username.as_str(), admin.role, admin.predictions),
        ("admin", Role::Admin, 0)
    );
    assert!(admin.last_login_at.is_some() && admin.email_confirmed && !admin.disabled);
    let text = body.to_string();
    assert!(!text.contains("argon2") && !text.contains("password"), "{text}");
}

#[tokio::test]
async fn a_search_matches_the_beginnings_of_words() {
    let server = five().await;
    for (search, expected) in [
        ("ana", "ana Anabel Ana.abad zoe_ana2"),
        ("ANA", "ana Anabel Ana.abad zoe_ana2"),
        ("%20ana%20", "ana Anabel Ana.abad zoe_ana2"),
        ("anab", "Anabel"),
        ("ana+aba", "Ana.abad"),
        ("abad.ana", "Ana.abad"),
        ("juan", "juana"),
        ("zoe", "zoe_ana2"),
        ("ana2", "zoe_ana2"),
        ("nobody", ""),
        // No word to search for, and no wildcard of the database.
        ("%25", ""),
        ("_", ""),
        ("'", ""),
        ("'%20OR%201=1--", ""),
        ("%00", ""),
        ("%F0%9F%98%80", ""),
    ] {
        let users = list(&server, &format!("search={search}")).await;
        assert_eq!(names(&users).join(" "), expected, "{search}");
        assert_eq!(users.total, users.users.len() as u64, "{search}");
        assert!(!users.more);
    }
    // All addresses are of example.com.
    assert_eq!(found(&server, "search=exam").await.1, 7);
    assert_eq!(found(&server, "search=").await.1, 7);
}

#[tokio::test]
async fn a_search_ignores_accents_in_both_directions() {
    let server = TestServer::start().await;
    for name in ["López", "lopez2", "ñandú", "nandu.b", "Ünal"] {
        server.add_user(name).await;
    }
    for (search, expected) in [
        ("lopez", "López lopez2"),
        ("L%C3%93PEZ", "López lopez2"),
        ("l%C3%B3p", "López lopez2"),
        // The same letter as two characters.
        ("lo%CC%81pez", "López lopez2"),
        ("nandu", "ñandú nandu.b"),
        ("%C3%B1and%C3%BA+b", "nandu.b"),
        ("unal", "Ünal"),
        ("lopes", ""),
    ] {
        let total = expected.split_whitespace().count() as u64;
        let query = format!("search={search}");
        assert_eq!(found(&server, &query).await, (expected.to_owned(), total), "{search}");
        let exported: Vec<_> = csv(&server, &query).await.iter().map(|row| row[1].to_owned()).collect();
        assert_eq!(exported.join(" "), expected, "{search}");
    }
}

#[tokio::test]
async fn filters_combine_with_each_other_and_with_a_search() {
    let server = TestServer::start().await;
    let kinds = [
        ("pia", false, false),
        ("pau", true, false),
        ("pol", false, true),
        ("pio", true, true),
    ];
    for (name, is_admin, disabled) in kinds {
        let id = if is_admin {
            server.add_admin(name).await
        } else {
            server.add_user(name).await
        };
        if disabled {
            change(&server, id, json!({ "disabled": true })).await;
        }
    }
    server.register("pep").await;
    for (query, expected) in [
        ("", "admin pia pau pol pio pep"),
        (
            "role=&confirmed=&disabled=&sort=&order=&page=&per_page=",
            "admin pia pau pol pio pep",
        ),
        ("role=user", "pia pol pep"),
        ("role=admin", "admin pau pio"),
        ("confirmed=true", "admin pia pau pol pio"),
        ("confirmed=false", "pep"),
        ("disabled=true", "pol pio"),
        ("disabled=false", "admin pia pau pep"),
        ("role=user&disabled=true", "pol"),
        ("role=admin&disabled=true&confirmed=true", "pio"),
        ("role=admin&confirmed=false", ""),
        ("role=user&confirmed=true&disabled=false", "pia"),
        ("search=p&role=admin", "pau pio"),
        ("search=p&disabled=false&confirmed=true", "pia pau"),
        ("search=pi&role=user", "pia"),
        ("search=pi&role=user&confirmed=false", ""),
    ] {
        let total = expected.split_whitespace().count() as u64;
        assert_eq!(found(&server, query).await, (expected.to_owned(), total), "{query}");
    }
    let counts = list(&server, "search=nobody").await.counts;
    let expected = UserCounts {
        total: 6,
        admins: 3,
        unconfirmed: 1,
        disabled: 2,
    };
    assert_eq!(counts, expected, "of all, whatever the search");
}

/// The sort key of a column; ties are broken by the id.
fn key(user: &User, sort: UserSort) -> (String, i64) {
    let key = match sort {
        UserSort::Id => String::new(),
        UserSort::Username => user.username.to_lowercase(),
        UserSort::Email => user.email.to_lowercase(),
        UserSort::Role => serde_json::to_string(&user.role).unwrap(),
        UserSort::EmailConfirmed => user.email_confirmed.to_string(),
        UserSort::Disabled => user.disabled.to_string(),
        UserSort::CreatedAt => user.created_at.clone(),
        // Users without a login sort first.
        UserSort::LastLoginAt => user.last_login_at.clone().unwrap_or_default(),
        UserSort::Predictions => format!("{:09}", user.predictions),
    };
    (key, user.id)
}

#[tokio::test]
async fn every_column_sorts_in_both_directions() {
    let server = five().await;
    for sort in SORTS {
        for search in ["", "example"] {
            for order in [Order::Asc, Order::Desc] {
                let query = format!("search={search}&sort={}&order={}", word(sort), word(order));
                let users = list(&server, &query).await.users;
                let keys: Vec<_> = users.iter().map(|user| key(user, sort)).collect();
                let mut sorted = keys.clone();
                sorted.sort();
                if order == Order::Desc {
                    sorted.reverse();
                }
                assert_eq!(keys, sorted, "{query}");
                assert_eq!(keys.len(), 7);
            }
        }
    }
}

#[tokio::test]
async fn each_user_is_on_exactly_one_page() {
    let server = TestServer::start().await;
    for number in 0..24 {
        server.add_user(&format!("user{number:02}")).await;
    }
    // All have the same sort value, so that only the id separates the pages.
    for query in ["sort=role&order=desc", "search=user&sort=predictions"] {
        let total = if query.contains("search") { 24 } else { 25 };
        let mut seen = HashSet::new();
        for (page, length) in [(1, 10), (2, 10), (3, total - 20), (4, 0), (4_294_967_295, 0)] {
            let users = list(&server, &format!("{query}&page={page}&per_page=10")).await;
            assert_eq!(
                (users.page, users.per_page, users.total),
                (Some(page), 10, total as u64),
                "{query}"
            );
            assert_eq!(users.users.len(), length, "{query}, page {page}");
            seen.extend(users.users.iter().map(|user| user.id));
        }
        assert_eq!(seen.len(), total);
    }
    assert_eq!(list(&server, "").await.users.len(), 20);
    assert_eq!(list(&server, "per_page=100").await.users.len(), 25);
    assert_eq!(names(&list(&server, "per_page=1&page=25").await), ["user23"]);
}

/// Adds 1,001 users with their search words.
async fn a_thousand_and_one(server: &TestServer) {
    let database = server.database().await;
    let words = |numbers: std::ops::Range<i64>| {
        numbers.map(|number| user_word::ActiveModel {
            word: Set(format!("mass{number}")),
            user_id: Set(number),
        })
    };
    for start in (10_000..11_001).step_by(500) {
        let numbers = start..(start + 500).min(11_001);
        let rows = user::Entity::insert_many(numbers.clone().map(row));
        rows.exec_without_returning(&database).await.unwrap();
        let words = user_word::Entity::insert_many(words(numbers));
        words.exec_without_returning(&database).await.unwrap();
    }
}

#[tokio::test]
async fn a_search_with_too_many_matches_is_marked_and_the_export_is_complete() {
    let server = TestServer::start().await;
    a_thousand_and_one(&server).await;
    let users = list(&server, "search=mass&sort=id&page=50").await;
    assert_eq!((users.total, users.more, users.users.len()), (1000, true, 20));
    let users = list(&server, "search=mass1000").await;
    assert_eq!((users.total, users.more), (10, false), "10000 to 10009");
    let records = csv(&server, "search=mass").await;
    let ids: Vec<i64> = records.iter().map(|record| record[0].parse().unwrap()).collect();
    assert_eq!(ids, (10_000..11_001).collect::<Vec<_>>());
    assert_eq!(csv(&server, "").await.len(), 1002);
}

#[tokio::test]
async fn unknown_values_are_rejected() {
    let server = TestServer::start().await;
    for query in [
        "role=king",
        "role=Admin",
        "confirmed=yes",
        "confirmed=1",
        "disabled=si",
        "sort=password_hash",
        "sort=id;drop",
        "order=up",
        "page=0",
        "page=-1",
        "page=x",
        "per_page=x",
        "role=user&role=admin",
    ] {
        for path in ["/api/admin/users", "/api/admin/users.csv"] {
            let request = server.by(&server.token, Method::GET, &format!("{path}?{query}"));
            refused(request.send().await.unwrap(), 400, "request_invalid", "msg").await;
        }
    }
    for query in ["per_page=0", "per_page=101", "per_page=-1"] {
        let request = server.by(&server.token, Method::GET, &format!("/api/admin/users?{query}"));
        refused(request.send().await.unwrap(), 400, "request_invalid", "msg").await;
    }
}
