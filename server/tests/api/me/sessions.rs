//! `GET /api/me/sessions` and `DELETE /api/me/sessions/{id}`.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use server::util::Clock;

use super::me;
use crate::support::{
    TestServer,
    accounts::{Browser, set_cookie},
    log::lines_of,
    server::{PASSWORD, refused},
};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn list(server: &TestServer, token: &str) -> Vec<Value> {
    let response = server.by(token, Method::GET, "/api/me/sessions").send().await;
    of(response.unwrap()).await
}

async fn of(response: Response) -> Vec<Value> {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "no-store");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body.as_object().unwrap().len(), 1);
    body["sessions"].as_array().unwrap().clone()
}

async fn end(server: &TestServer, token: &str, id: &str) -> Response {
    let path = format!("/api/me/sessions/{id}");
    server.by(token, Method::DELETE, &path).send().await.unwrap()
}

/// The id of the current session.
async fn own(server: &TestServer, token: &str) -> String {
    let sessions = list(server, token).await;
    let mut current = sessions.iter().filter(|session| session["current"] == true);
    let id = current.next().unwrap()["id"].as_str().unwrap().to_owned();
    assert!(current.next().is_none());
    id
}

#[tokio::test]
async fn sessions_are_listed_newest_first_with_their_client() {
    let clock = Clock::mock();
    let server = TestServer::with_clock(clock.clone(), |_| ()).await;
    let token = server.user("ana").await;
    let credentials = json!({ "username": "ana", "password": PASSWORD });
    let mut cookies = Vec::new();
    for user_agent in [FIREFOX, "curl/8.14.1", "<script>"] {
        clock.advance(TimeDelta::minutes(1));
        let request = server.client.post(server.url("/login")).header("user-agent", user_agent);
        let response = request.json(&credentials).send().await.unwrap();
        cookies.push(set_cookie(&response).split(';').next().unwrap().to_owned());
    }
    let sessions = list(&server, &token).await;
    let clients: Vec<_> = sessions.iter().map(|session| session["client"].clone()).collect();
    assert_eq!(json!(clients), json!([null, "curl", "Firefox, Linux", null]));
    let current: Vec<_> = sessions.iter().map(|session| session["current"].clone()).collect();
    assert_eq!(json!(current), json!([false, false, false, true]));
    for session in &sessions {
        assert_eq!(session.as_object().unwrap().len(), 5, "{session}");
        let time = |name: &str| session[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
        let beyond = time("expires_at") - time("created_at") - TimeDelta::days(30);
        assert!(beyond.abs() < TimeDelta::minutes(1), "{session}");
    }
    // The same list in another session, where that is the current one.
    let request = server.client.get(server.url("/api/me/sessions"));
    let seen = of(request.header("cookie", &cookies[0]).send().await.unwrap()).await;
    let ids = |sessions: &[Value]| sessions.iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&seen), ids(&sessions));
    assert_eq!(seen[2]["current"], true);
    // Those of other users aren't listed, nor expired ones.
    assert_eq!(list(&server, &server.token).await.len(), 1);
    clock.advance(TimeDelta::days(30) - TimeDelta::seconds(90));
    let token = server.sign_in("ana").await;
    assert_eq!(list(&server, &token).await.len(), 3, "the last two and the new one");
}

#[tokio::test]
async fn one_session_is_ended() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let (other, browser) = (server.sign_in("ana").await, server.browser("ana").await);
    let id = own(&server, &other).await;
    assert_eq!((me(&server, &other).await, browser.me().await), (200, 200));
    let response = end(&server, &token, &id).await;
    assert_eq!(response.status(), 200);
    assert!(!response.headers().contains_key("set-cookie"));
    assert_eq!(lines_of(&response), ["INFO - Usuario 'ana': Sesión cerrada."]);
    assert_eq!(
        (
            me(&server, &other).await,
            browser.me().await,
            me(&server, &token).await
        ),
        (401, 200, 200)
    );
    assert_eq!(list(&server, &token).await.len(), 2);
    refused(end(&server, &token, &id).await, 404, "not_found", "msg").await;
}

#[tokio::test]
async fn sessions_of_others_can_not_be_ended() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let admins = own(&server, &server.token).await;
    for id in [admins.as_str(), "x", "%00", "%ff", "..%2F", &"a".repeat(10_000)] {
        refused(end(&server, &token, id).await, 404, "not_found", "msg").await;
    }
    // An admin can't, either: disabling the account is the way.
    let anas = own(&server, &token).await;
    refused(end(&server, &server.token, &anas).await, 404, "not_found", "msg").await;
    assert_eq!((me(&server, &token).await, me(&server, &server.token).await), (200, 200));
}

#[tokio::test]
async fn ending_the_current_session_signs_out() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let browser = server.browser("ana").await;
    let current = |sessions: Vec<Value>| {
        let current = sessions.into_iter().find(|session| session["current"] == true);
        current.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let id = current(of(browser.get("/api/me/sessions").await).await);
    let request = browser.ask(Method::DELETE, &format!("/api/me/sessions/{id}"));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let cookie = set_cookie(&response);
    assert!(cookie.starts_with("trazo_session=;") && cookie.contains("Max-Age=0"), "{cookie}");
    assert_eq!((browser.me().await, me(&server, &token).await), (401, 200));
    let id = own(&server, &token).await;
    assert_eq!(end(&server, &token, &id).await.status(), 200);
    assert_eq!(me(&server, &token).await, 401);
}

#[tokio::test]
async fn an_id_gives_no_access() {
    let server = TestServer::start().await;
    let id = own(&server, &server.token).await;
    refused(server.me(&id).await, 401, "token_invalid", "msg").await;
    let browser = Browser::with_cookie(&server, &format!("trazo_session={id}"));
    assert_eq!(browser.me().await, 401);
}

#[tokio::test]
async fn the_newest_hundred_are_listed() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let store = server.store().await;
    let checked = store.credentials("ana").await.unwrap().unwrap();
    for number in 0..105_u8 {
        let row = server::store::NewSession {
            id: format!("{number:032}"),
            token_hash: vec![number; 32],
            expires_at: Utc::now() + TimeDelta::days(1),
            client: None,
        };
        assert!(store.add_session(&checked, row).await.unwrap());
    }
    let sessions = list(&server, &token).await;
    assert_eq!((sessions.len(), &sessions[0]["id"]), (100, &json!(format!("{:032}", 104))));
}
