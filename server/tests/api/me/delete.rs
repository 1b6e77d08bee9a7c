//! `POST /api/me/delete`.

use std::sync::Arc;

use api::UserAction;
use futures_util::future::{join, join_all};
use reqwest::{Method, Response};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter,
    Statement,
};
use serde_json::{Value, json};
use server::store::{
    NewPrediction,
    entities::{audit, correction_decision, prediction, recovery_code},
};

use super::{login, me, post};
use crate::{
    admin::users::{change, list},
    keys::make,
    support::{
        TestServer,
        accounts::set_cookie,
        log::lines_of,
        mail::{Sink, by_smtp, dead_port},
        pictures::numbered_png,
        server::{PASSWORD, refused},
    },
};

const ROUTE: &str = "/api/me/delete";

/// The tables that refer to an account, except the record of what admins did.
const TABLES: [&str; 9] = [
    "user_words",
    "sessions",
    "mail_tokens",
    "outbox",
    "predictions",
    "corrections",
    "second_factors",
    "recovery_codes",
    "api_keys",
];

async fn delete(server: &TestServer, token: &str) -> Response {
    post(server, token, ROUTE, &json!({ "password": PASSWORD })).await
}

/// The rows of a table that refer to an account.
async fn rows(db: &DatabaseConnection, table: &str, id: i64) -> usize {
    let sql = format!("SELECT user_id FROM {table} WHERE user_id = {id}");
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.query_all_raw(statement).await.unwrap().len()
}

/// Makes an account with rows in every table.
async fn with_everything(server: &TestServer) -> (i64, String) {
    server.register("ana").await;
    let id = server.row("ana").await.id;
    let token = server.sign_in("ana").await;
    let response = server.upload_by(&token, "a.png", numbered_png(1)).send().await;
    assert_eq!(response.unwrap().status(), 200);
    let history: Value = server
        .by(&token, Method::GET, "/api/predictions")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let path = format!("/api/predictions/{}/correction", history["predictions"][0]["id"]);
    assert_eq!(post(server, &token, &path, &json!({ "digito": 3 })).await.status(), 200);
    let decision = json!({ "ids": [history["predictions"][0]["id"]], "action": "agree" });
    let decided = post(server, &server.token, "/api/admin/review", &decision).await;
    assert_eq!(decided.status(), 200);
    change(server, id, json!({ "role": "admin" })).await;
    assert!(server.store().await.add_second_factor(id, vec![1]).await.unwrap());
    make(server, &token, &["predict"]).await;
    let code = recovery_code::ActiveModel {
        user_id: Set(id),
        code_hash: Set(vec![2]),
    };
    let code = recovery_code::Entity::insert(code);
    code.exec_without_returning(&server.database().await).await.unwrap();
    (id, token)
}

#[tokio::test]
async fn nothing_of_an_account_is_left() {
    // The email stays in the outbox: no server listens on the port yet.
    let port = dead_port();
    let server = TestServer::with(|settings| by_smtp(settings, port)).await;
    let (id, token) = with_everything(&server).await;
    let browser = server.browser("ana").await;
    let database = server.database().await;
    for table in TABLES {
        assert!(rows(&database, table, id).await > 0, "{table}");
    }
    assert_eq!(correction_decision::Entity::find().count(&database).await.unwrap(), 1);
    let audited = audit::Entity::find().count(&database).await.unwrap();
    let counts = list(&server, "").await.counts;
    assert_eq!((counts.total, counts.unconfirmed, counts.admins), (2, 1, 2));
    assert_eq!((me(&server, &token).await, browser.me().await), (200, 200));

    let response = delete(&server, &token).await;
    assert_eq!(response.status(), 200);
    assert!(set_cookie(&response).contains("Max-Age=0"));
    // The attempt to send the notice may have been logged, too.
    let lines = lines_of(&response);
    assert!(
        lines.contains(&"INFO - Usuario 'ana': Cuenta borrada.".to_owned()),
        "{lines:?}"
    );
    refused(server.me(&token).await, 401, "token_invalid", "msg").await;
    assert_eq!((browser.me().await, login(&server, "ana", PASSWORD).await), (401, 401));
    for table in TABLES {
        assert_eq!(rows(&database, table, id).await, 0, "{table}");
    }
    assert_eq!(list(&server, "search=ana").await.total, 0);
    let counts = list(&server, "").await.counts;
    assert_eq!((counts.total, counts.unconfirmed, counts.admins), (1, 0, 1));
    // Also from the data set, with what was decided about it.
    assert_eq!(correction_decision::Entity::find().count(&database).await.unwrap(), 0);
    assert_eq!(server.get_json("/api/admin/review").await["counts"]["agreed"], 0);
    // What admins did is still there, without the account.
    assert_eq!(audit::Entity::find().count(&database).await.unwrap(), audited);
    assert_eq!(rows(&database, "audit", id).await, 0);

    // The last mail needs no account.
    let mut sink = Sink::start_on(port).await;
    let notice = sink.next().await;
    assert_eq!(notice.to, ["ana@example.com"]);
    assert_eq!(notice.subject, "Tu cuenta de Trazo se ha borrado");
    assert!(!notice.text.contains("http"), "{notice:?}");
    server.all_mail_left().await;
    assert!(
        sink.arrived().is_empty(),
        "the mail that confirms the address was dropped"
    );

    assert_eq!(server.register("ana").await.status(), 201);
    assert_ne!(server.row("ana").await.id, id);
    let history = server.by(&server.sign_in("ana").await, Method::GET, "/api/predictions");
    let history: Value = history.send().await.unwrap().json().await.unwrap();
    assert_eq!(history["total"], 0);
}

#[tokio::test]
async fn a_browser_is_signed_out() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    let browser = server.browser("ana").await;
    let request = browser.ask(Method::POST, ROUTE).json(&json!({ "password": PASSWORD }));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let cookie = set_cookie(&response);
    assert!(
        cookie.starts_with("trazo_session=;") && cookie.contains("Max-Age=0"),
        "{cookie}"
    );
    assert_eq!(browser.me().await, 401);
}

#[tokio::test]
async fn what_a_deleted_admin_did_stays_without_the_name() {
    let server = TestServer::start().await;
    let ana = server.add_user("ana").await;
    server.add_admin("eva").await;
    let eva = server.sign_in("eva").await;
    let path = format!("/api/admin/users/{ana}");
    let disable = server.by(&eva, Method::PATCH, &path).json(&json!({ "disabled": true }));
    assert_eq!(disable.send().await.unwrap().status(), 200);
    change(&server, ana, json!({ "disabled": false })).await;
    assert_eq!(delete(&server, &eva).await.status(), 200);
    let user = list(&server, "search=ana").await.users.remove(0);
    let changes: Vec<_> = user
        .changes
        .iter()
        .map(|change| (change.action, change.by.as_str()))
        .collect();
    assert_eq!(
        changes,
        [
            (UserAction::Enabled, "admin"),
            (UserAction::Disabled, "-"),
            (UserAction::Created, "")
        ]
    );
    let actors = audit::Entity::find().all(&server.database().await).await.unwrap();
    assert!(actors.iter().all(|row| row.actor != "eva"), "{actors:?}");
}

#[tokio::test]
async fn the_last_admin_stays() {
    let server = TestServer::start().await;
    refused(delete(&server, &server.token).await, 409, "last_admin", "msg").await;
    // Disabled admins don't count, and users may go.
    let eva = server.add_admin("eva").await;
    change(&server, eva, json!({ "disabled": true })).await;
    refused(delete(&server, &server.token).await, 409, "last_admin", "msg").await;
    let ana = server.user("ana").await;
    assert_eq!(delete(&server, &ana).await.status(), 200);
    change(&server, eva, json!({ "disabled": false })).await;
    assert_eq!(delete(&server, &server.token).await.status(), 200);
    server.sign_in("eva").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_last_admins_one_stays() {
    let server = TestServer::start().await;
    let store = server.store().await;
    let admin = server.row("admin").await.id;
    let patch = |patch: Value| serde_json::from_value(patch).unwrap();
    for round in 0..5 {
        let names = [format!("ana{round}"), format!("eva{round}")];
        let mut tokens = Vec::new();
        for name in &names {
            server.add_admin(name).await;
            tokens.push(server.sign_in(name).await);
        }
        let disable = patch(json!({ "disabled": true }));
        store.change_user(admin, disable, "test").await.unwrap();
        let (one, other) = join(delete(&server, &tokens[0]), delete(&server, &tokens[1])).await;
        let statuses = [one.status().as_u16(), other.status().as_u16()];
        assert!(statuses == [200, 409] || statuses == [409, 200], "{statuses:?}");
        let left = &names[usize::from(statuses[0] == 200)];
        let enable = patch(json!({ "disabled": false }));
        store.change_user(admin, enable, "test").await.unwrap();
        let demote = patch(json!({ "role": "user" }));
        store
            .change_user(server.row(left).await.id, demote, "test")
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_deleted_once() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let answers = join_all((0..10).map(|_| delete(&server, &token))).await;
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| [200, 401, 403].contains(status)),
        "{statuses:?}"
    );
    assert_eq!(list(&server, "").await.counts.total, 1);
}

/// Predictions that arrive together are written together.
#[tokio::test(flavor = "multi_thread")]
async fn predictions_of_a_deleted_account_do_not_keep_those_of_others_from_the_history() {
    let server = TestServer::start().await;
    let deleted = server.add_user("ana").await;
    let other = server.add_user("eva").await;
    let token = server.sign_in("ana").await;
    assert_eq!(delete(&server, &token).await.status(), 200);
    let store = server.store().await;
    let new = || NewPrediction {
        digit: 3,
        number: None,
        probability: 1.0,
        model: "test".to_owned(),
        image: Arc::from([0; 784]),
    };
    let added = join_all((0..40).map(|number| {
        let user = [deleted, other][number % 2];
        store.add_predictions(user, vec![new(), new()], None)
    }))
    .await;
    for (number, added) in added.into_iter().enumerate() {
        assert_eq!(added.unwrap().is_some(), number % 2 == 1, "{number}");
    }
    let of_other = prediction::Entity::find().filter(prediction::Column::UserId.eq(other));
    assert_eq!(of_other.count(&server.database().await).await.unwrap(), 40);
    assert_eq!(server.row("eva").await.predictions, 40);
}
