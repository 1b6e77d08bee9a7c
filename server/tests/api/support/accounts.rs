//! Accounts for tests, added directly to the database because hashing a password takes time.

use api::{Locale, Role};
use reqwest::{Method, RequestBuilder, Response};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use server::{
    domain::{Email, Username},
    store::{NewUser, entities::user},
};

use super::{TestServer, server::PASSWORD};

/// A session with a cookie.
pub(crate) struct Browser<'a> {
    server: &'a TestServer,
    /// `name=value`.
    pub(crate) cookie: String,
}

impl TestServer {
    /// Adds a confirmed user with [`PASSWORD`] and the address `username@example.com`, and returns the id.
    pub(crate) async fn add_user(&self, username: &str) -> i64 {
        self.add(username, Role::User).await
    }

    /// As [`TestServer::add_user`], with the role of an administrator.
    pub(crate) async fn add_admin(&self, username: &str) -> i64 {
        self.add(username, Role::Admin).await
    }

    async fn add(&self, username: &str, role: Role) -> i64 {
        let store = self.store().await;
        let admin = store.credentials("admin").await.unwrap().unwrap();
        let email: Email = format!("{username}@example.com").parse().unwrap();
        let username: Username = username.parse().unwrap();
        let new = NewUser {
            username: &username,
            email: &email,
            password_hash: admin.password_hash,
            role,
            email_confirmed: true,
            locale: Locale::Es,
        };
        store.add_user(new, None).await.unwrap().id
    }

    /// Adds a user and returns an access token.
    pub(crate) async fn user(&self, username: &str) -> String {
        self.add_user(username).await;
        self.sign_in(username).await
    }

    /// The row of an account.
    pub(crate) async fn row(&self, username: &str) -> user::Model {
        user::Entity::find()
            .filter(user::Column::Username.eq(username))
            .one(&self.database().await)
            .await
            .unwrap()
            .expect("the account")
    }

    /// Changes the row of an account.
    pub(crate) async fn change_row(&self, username: &str, change: impl FnOnce(&mut user::ActiveModel)) {
        let mut row = user::ActiveModel {
            id: Set(self.row(username).await.id),
            ..Default::default()
        };
        change(&mut row);
        row.update(&self.database().await).await.unwrap();
    }

    /// Logs in and keeps the cookie.
    pub(crate) async fn browser(&self, username: &str) -> Browser<'_> {
        let credentials = json!({ "username": username, "password": PASSWORD });
        let response = self.post("/api/login", &credentials).await;
        assert_eq!(response.status(), 200, "{username} signs in");
        let cookie = set_cookie(&response).split(';').next().unwrap().to_owned();
        Browser { server: self, cookie }
    }

    /// The response of `GET /api/me`.
    pub(crate) async fn me(&self, token: &str) -> Response {
        self.by(token, Method::GET, "/api/me").send().await.unwrap()
    }
}

impl<'a> Browser<'a> {
    /// With any cookie.
    pub(crate) fn with_cookie(server: &'a TestServer, cookie: &str) -> Self {
        let cookie = cookie.to_owned();
        Self { server, cookie }
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.server.client.request(method, self.server.url(path));
        request.header("cookie", &self.cookie)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.ask(Method::GET, path).send().await.unwrap()
    }

    /// The status of `GET /api/me`.
    pub(crate) async fn me(&self) -> u16 {
        self.get("/api/me").await.status().as_u16()
    }
}

/// The only `Set-Cookie` header of a response.
pub(crate) fn set_cookie(response: &Response) -> String {
    let mut cookies = response.headers().get_all("set-cookie").iter();
    let cookie = cookies.next().expect("a cookie").to_str().unwrap().to_owned();
    assert!(cookies.next().is_none(), "one cookie only");
    cookie
}
