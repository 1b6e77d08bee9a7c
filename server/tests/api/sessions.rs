//! Sessions: how they end, and that pages of other origins can't use them.

use reqwest::{
    Method, Response,
    multipart::{Form, Part},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use server::store::entities::session;

use crate::support::{TestServer, accounts::set_cookie, log::lines_of, pictures::numbered_png, server::refused};

async fn change(server: &TestServer, id: i64, patch: Value) {
    let request = server.by(&server.token, Method::PATCH, &format!("/api/admin/users/{id}"));
    assert_eq!(request.json(&patch).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn logout_ends_only_this_session() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let one = server.browser("ana").await;
    let other = server.browser("ana").await;
    let account: Value = one.get("/api/me").await.json().await.unwrap();
    assert_eq!(account["sessions"], 3);
    let response = one.ask(Method::POST, "/api/logout").send().await.unwrap();
    assert_eq!(response.status(), 200);
    let cookie = set_cookie(&response);
    assert!(
        cookie.starts_with("trazo_session=;") && cookie.contains("Max-Age=0"),
        "{cookie}"
    );
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    assert_eq!(lines_of(&response), ["INFO - Usuario 'ana': Sesión cerrada."]);
    refused(one.get("/api/me").await, 401, "token_invalid", "msg").await;
    assert_eq!(
        (other.me().await, server.me(&token).await.status().as_u16()),
        (200, 200)
    );
    // Likewise for the session of a token.
    let response = server.by(&token, Method::POST, "/api/logout").send().await.unwrap();
    assert_eq!(response.status(), 200);
    refused(server.me(&token).await, 401, "token_invalid", "msg").await;
    refused(
        server.by(&token, Method::POST, "/api/logout").send().await.unwrap(),
        401,
        "token_invalid",
        "msg",
    )
    .await;
    assert_eq!(other.me().await, 200);
}

#[tokio::test]
async fn the_token_and_the_cookie_of_one_login_end_together() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    let credentials = json!({ "username": "ana", "password": crate::support::server::PASSWORD });
    let response = server.post("/login", &credentials).await;
    let cookie = set_cookie(&response).split(';').next().unwrap().to_owned();
    let body: Value = response.json().await.unwrap();
    let token = body["access_token"].as_str().unwrap();
    server.by(token, Method::POST, "/api/logout").send().await.unwrap();
    let request = server.client.get(server.url("/api/me")).header("cookie", cookie);
    refused(request.send().await.unwrap(), 401, "token_invalid", "msg").await;
}

#[tokio::test]
async fn logout_everywhere_ends_all_sessions_of_this_user_only() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let (one, other) = (server.browser("ana").await, server.browser("ana").await);
    let response = one.ask(Method::POST, "/api/logout/everywhere").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(set_cookie(&response).contains("Max-Age=0"));
    assert_eq!(
        (
            one.me().await,
            other.me().await,
            server.me(&token).await.status().as_u16()
        ),
        (401, 401, 401)
    );
    assert_eq!(server.me(&server.token).await.status(), 200);
    assert_eq!(server.browser("ana").await.me().await, 200);
}

#[tokio::test]
async fn disabling_applies_to_the_next_request() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let browser = server.browser("ana").await;
    let id = server.row("ana").await.id;
    assert_eq!(browser.me().await, 200);
    change(&server, id, json!({ "disabled": true })).await;
    refused(server.me(&token).await, 401, "token_invalid", "msg").await;
    refused(browser.get("/api/me").await, 401, "token_invalid", "msg").await;
    let picture = Part::bytes(numbered_png(1)).file_name("a.png");
    let request = server.by(&token, Method::POST, "/api/predict");
    let response = request.multipart(Form::new().part("file", picture)).send().await;
    refused(response.unwrap(), 401, "token_invalid", "error").await;
    // Enabling the account doesn't restore its sessions.
    change(&server, id, json!({ "disabled": false })).await;
    assert_eq!(
        (server.me(&token).await.status().as_u16(), browser.me().await),
        (401, 401)
    );
    assert_eq!(server.browser("ana").await.me().await, 200);
}

#[tokio::test]
async fn a_role_applies_to_the_next_request() {
    let server = TestServer::start().await;
    let id = server.add_admin("eva").await;
    let token = server.sign_in("eva").await;
    let browser = server.browser("eva").await;
    let list = async || {
        let by_token = server.by(&token, Method::GET, "/api/admin/users").send().await.unwrap();
        (
            by_token.status().as_u16(),
            browser.get("/api/admin/users").await.status().as_u16(),
        )
    };
    assert_eq!(list().await, (200, 200));
    change(&server, id, json!({ "role": "user" })).await;
    assert_eq!(list().await, (403, 403));
    assert_eq!(browser.me().await, 200);
    change(&server, id, json!({ "role": "admin" })).await;
    assert_eq!(list().await, (200, 200));
}

#[tokio::test]
async fn a_session_expires_and_depends_on_its_row() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let browser = server.browser("ana").await;
    let database = server.database().await;
    session::Entity::update_many()
        .col_expr(
            session::Column::ExpiresAt,
            sea_orm::sea_query::Expr::value(chrono::Utc::now()),
        )
        .exec(&database)
        .await
        .unwrap();
    refused(server.me(&token).await, 401, "token_invalid", "msg").await;
    assert_eq!(browser.me().await, 401);
    let [later, unused] = [server.browser("ana").await, server.browser("ana").await];
    assert_eq!(later.me().await, 200);
    // A session that was used is remembered; it ends through the server.
    session::Entity::delete_many().exec(&database).await.unwrap();
    assert_eq!(unused.me().await, 401);
}

#[tokio::test]
async fn the_database_contains_no_usable_credentials() {
    let server = TestServer::start().await;
    let browser = server.browser("admin").await;
    let token = browser.cookie.split_once('=').unwrap().1;
    let rows = session::Entity::find().all(&server.database().await).await.unwrap();
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert_ne!(row.token_hash, token.as_bytes());
        for stolen in [
            row.id.clone(),
            row.token_hash
                .iter()
                .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}")),
        ] {
            let request = server
                .client
                .get(server.url("/api/me"))
                .header("cookie", format!("trazo_session={stolen}"));
            refused(request.send().await.unwrap(), 401, "token_invalid", "msg").await;
        }
    }
}

/// Every request that changes data of the current user.
const UNSAFE: [(Method, &str); 27] = [
    (Method::POST, "/predict"),
    (Method::POST, "/api/predict"),
    (Method::POST, "/api/predict/number"),
    (Method::POST, "/api/predictions/1/correction"),
    (Method::DELETE, "/api/predictions/1/correction"),
    (Method::DELETE, "/api/me/corrections"),
    (Method::DELETE, "/api/me/data"),
    (Method::POST, "/api/admin/review"),
    (Method::POST, "/api/admin/review/plain"),
    (Method::POST, "/api/admin/review/people/1/drop"),
    (Method::POST, "/api/admin/models"),
    (Method::DELETE, "/api/admin/models/x"),
    (Method::POST, "/api/admin/models/x/live"),
    (Method::POST, "/api/admin/models/x/evaluation"),
    (Method::PATCH, "/api/admin/users/1"),
    (Method::POST, "/api/admin/users/1/resend"),
    (Method::POST, "/api/me/password"),
    (Method::POST, "/api/me/email"),
    (Method::POST, "/api/me/delete"),
    (Method::POST, "/api/me/totp"),
    (Method::POST, "/api/me/totp/activate"),
    (Method::POST, "/api/me/totp/remove"),
    (Method::DELETE, "/api/me/sessions/x"),
    (Method::POST, "/api/keys"),
    (Method::DELETE, "/api/keys/1"),
    (Method::POST, "/api/logout/everywhere"),
    (Method::POST, "/api/logout"),
];

async fn refused_as_foreign(response: Response, path: &str) {
    let text = if path.contains("/predict") && !path.contains("/predictions") {
        "error"
    } else {
        "msg"
    };
    refused(response, 403, "origin_forbidden", text).await;
}

#[tokio::test]
async fn pages_of_other_origins_can_not_use_the_cookie() {
    let server = TestServer::start().await;
    let browser = server.browser("admin").await;
    let own = server.url("");
    for (method, path) in UNSAFE {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "nonsense"),
            ("origin", "https://evil.example.com"),
            ("origin", "null"),
            ("origin", "http://127.0.0.1:1"),
            ("origin", "https://evil.example.com/http://127.0.0.1"),
        ] {
            let response = browser
                .ask(method.clone(), path)
                .header(name, value)
                .send()
                .await
                .unwrap();
            refused_as_foreign(response, path).await;
        }
        // Where there are both, both have to name this origin.
        for (site, origin) in [
            ("cross-site", own.as_str()),
            ("none", "https://evil.example.com"),
            ("same-origin", "https://evil.example.com"),
        ] {
            let request = browser.ask(method.clone(), path).header("sec-fetch-site", site);
            let response = request.header("origin", origin).send().await.unwrap();
            refused_as_foreign(response, path).await;
        }
    }
    assert_eq!(browser.me().await, 200, "nobody signed out");
    // The same origin is accepted; without a body most requests fail later, with another error.
    for (name, value) in [
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
        ("origin", own.as_str()),
    ] {
        for (method, path) in UNSAFE.iter().filter(|(_, path)| !path.contains("logout")) {
            let response = browser
                .ask(method.clone(), path)
                .header(name, value)
                .send()
                .await
                .unwrap();
            assert_ne!(response.status(), 403, "{method} {path} with {name}");
        }
    }
    // Safe methods are accepted: other sites may link here.
    let request = browser
        .ask(Method::GET, "/api/me")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(request.send().await.unwrap().status(), 200);
    // Browsers don't send tokens automatically.
    let request = server
        .by(&server.token, Method::POST, "/api/logout")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(request.send().await.unwrap().status(), 200);
    let request = browser
        .ask(Method::POST, "/api/logout")
        .header("sec-fetch-site", "same-origin");
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn pages_of_the_public_url_can_use_the_cookie_whatever_the_proxy_names_as_host() {
    let server = TestServer::with(|settings| {
        settings.mail.public_url = Some("https://Trazo.example.com:443/digits".to_owned());
    })
    .await;
    let browser = server.browser("admin").await;
    for (origin, status) in [
        ("https://trazo.example.com", 404),
        ("http://trazo.example.com", 403),
        ("https://trazo.example.com:8443", 403),
        ("https://trazo.example.com.evil.example", 403),
        ("https://evil.example.com", 403),
        ("null", 403),
    ] {
        let request = browser.ask(Method::POST, "/api/predictions/999/correction");
        let request = request.header("origin", origin).json(&json!({ "digito": 3 }));
        assert_eq!(request.send().await.unwrap().status(), status, "{origin}");
    }
}

#[tokio::test]
async fn an_authorization_header_of_a_proxy_does_not_hide_the_session() {
    let server = TestServer::start().await;
    let browser = server.browser("admin").await;
    let basic = "Basic YWRtaW46c2VjcmV0";
    let request = browser.ask(Method::GET, "/api/me").header("authorization", basic);
    assert_eq!(request.send().await.unwrap().status(), 200);
    let request = browser.ask(Method::GET, "/account").header("authorization", basic);
    let response = request.send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.url().path()), (200, "/account"));
    // It doesn't exempt from the check of the origin, as a bearer token does.
    let request = browser.ask(Method::POST, "/api/logout").header("authorization", basic);
    let request = request.header("sec-fetch-site", "cross-site");
    refused_as_foreign(request.send().await.unwrap(), "/api/logout").await;
    // A bearer token comes before the cookie, also beside another header.
    let token = server.user("ana").await;
    let request = browser.ask(Method::GET, "/api/me").header("authorization", basic);
    let me: Value = request.bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    assert_eq!(me["username"], "ana");
}
