//! A server in this process, on a free port.

use std::{fs, net::SocketAddr};

use leptos::config::LeptosOptions;
use reqwest::{
    Client, Method, RequestBuilder, Response,
    multipart::{Form, Part},
};
use sea_orm::{Database, DatabaseConnection};
use serde_json::{Value, json};
use server::{
    Server,
    prediction::Model,
    settings::{Secret, Settings},
    store::Store,
    util::Clock,
};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

use super::{database, log, models};

pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    pub(crate) client: Client,
    /// The server stops when this is sent or dropped.
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
    pub(crate) site: TempDir,
    /// The settings including the database: a second server with them uses the same database.
    pub(crate) settings: Settings,
    /// An access token of the administrator.
    pub(crate) token: String,
}

/// The password of all accounts in tests.
pub(crate) const PASSWORD: &str = "adminpassword";

/// The defaults without rate limits, and with a known password of the administrator.
pub(crate) fn settings() -> Settings {
    let mut settings = Settings::defaults();
    settings.limits.ratelimit_enabled = false;
    settings.accounts.admin_password = Some(Secret::new(PASSWORD));
    settings
}

impl TestServer {
    /// With [`settings`] and a model that predicts a 3 for every image.
    pub(crate) async fn start() -> Self {
        Self::start_with(&settings(), || Ok(models::three())).await
    }

    /// With the shipped model.
    pub(crate) async fn shipped() -> Self {
        Self::shipped_with(&settings()).await
    }

    /// With the shipped model, or the live one of the database that the settings name.
    pub(crate) async fn shipped_with(settings: &Settings) -> Self {
        let site = TempDir::new().unwrap();
        let settings = database::own(settings, &site).await;
        log::capture();
        let server = Server::bind(&settings, options(&site)).await.unwrap();
        Self::run(server, settings, site).await
    }

    /// With a built page, whose files have hashes in their names. The build is read once for each process; nextest starts
    /// one for each test.
    pub(crate) async fn built() -> Self {
        let site = TempDir::new().unwrap();
        let settings = database::own(&settings(), &site).await;
        log::capture();
        let mut options = options(&site);
        let hashes = "js: AAAA\nwasm: BBBB\ncss: CCCC\nmanifest: DDDD\nsplit: EEEE\n";
        fs::write(site.path().join("hash.txt"), hashes).unwrap();
        let manifest = json!({ "image_file": ["chunk_0.FFFF"], "account_page_1": ["split_account_page_1.GGGG"] });
        let file = site.path().join("pkg/__wasm_split_manifest.DDDD.json");
        fs::write(file, manifest.to_string()).unwrap();
        options.hash_files = true;
        options.hash_file = site.path().join("hash.txt").to_string_lossy().into();
        let server = Server::bind(&settings, options).await.unwrap();
        Self::run(server, settings, site).await
    }

    /// With changed [`settings`] and a model that predicts a 3 for every image.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings();
        change(&mut settings);
        Self::start_with(&settings, || Ok(models::three())).await
    }

    /// As [`TestServer::with`], with a clock that the test can move.
    pub(crate) async fn with_clock(clock: Clock, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings();
        change(&mut settings);
        Self::start_at(&settings, || Ok(models::three()), clock).await
    }

    pub(crate) async fn start_with<L>(settings: &Settings, load: L) -> Self
    where
        L: FnOnce() -> Result<Model, String> + Send + 'static,
    {
        Self::start_at(settings, load, Clock::system()).await
    }

    async fn start_at<L>(settings: &Settings, load: L, clock: Clock) -> Self
    where
        L: FnOnce() -> Result<Model, String> + Send + 'static,
    {
        let site = TempDir::new().unwrap();
        let settings = database::own(settings, &site).await;
        log::capture();
        let server = Server::bind_with_clock(&settings, options(&site), load, clock);
        Self::run(server.await.unwrap(), settings, site).await
    }

    async fn run(server: Server, settings: Settings, site: TempDir) -> Self {
        let address = server.local_addr();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server.run(async {
            let _sent_or_dropped = stopped.await;
        }));
        let client = Client::builder().no_proxy().build().unwrap();
        let mut server = Self {
            address,
            client,
            stop: Some(stop),
            running,
            site,
            settings,
            token: String::new(),
        };
        server.token = server.sign_in("admin").await;
        // A new client without the connection of the login: some tests count connections.
        server.client = Client::builder().no_proxy().build().unwrap();
        server
    }

    /// An access token of `username`, whose password is [`PASSWORD`].
    pub(crate) async fn sign_in(&self, username: &str) -> String {
        let credentials = json!({ "username": username, "password": PASSWORD });
        let response = self.post("/api/login", &credentials).await;
        assert_eq!(response.status(), 200, "{username} signs in");
        let body: Value = response.json().await.unwrap();
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// Registers an account with the address `username@example.com`.
    pub(crate) async fn register(&self, username: &str) -> Response {
        let email = format!("{username}@example.com");
        let new = json!({ "username": username, "email": email, "password": PASSWORD });
        self.post("/api/register", &new).await
    }

    /// A connection to its database, for example to change timestamps.
    pub(crate) async fn database(&self) -> DatabaseConnection {
        Database::connect(self.settings.database.url().expose()).await.unwrap()
    }

    /// A store on its database.
    pub(crate) async fn store(&self) -> Store {
        Store::connect(&self.settings.database).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.client.post(self.url(path)).json(body).send().await.unwrap()
    }

    /// A request with an access token.
    pub(crate) fn by(&self, token: &str, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path)).bearer_auth(token)
    }

    /// The response of a GET request by the administrator.
    pub(crate) async fn get_json(&self, path: &str) -> Value {
        let response = self.by(&self.token, Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    /// A prediction request with one file by the administrator.
    pub(crate) fn upload(&self, name: &str, bytes: impl Into<Vec<u8>>) -> RequestBuilder {
        self.upload_by(&self.token, name, bytes)
    }

    /// A prediction request with one file.
    pub(crate) fn upload_by(&self, token: &str, name: &str, bytes: impl Into<Vec<u8>>) -> RequestBuilder {
        self.by(token, Method::POST, "/api/predict")
            .multipart(file(name, bytes))
    }

    pub(crate) async fn predict(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Response {
        self.upload(name, bytes).send().await.unwrap()
    }

    /// Begins the shutdown; the handle completes when the server has stopped.
    pub(crate) fn stop(mut self) -> JoinHandle<()> {
        drop(self.stop.take());
        self.running
    }

    /// Begins the shutdown and keeps the server for further requests.
    pub(crate) fn begin_stop(&mut self) {
        drop(self.stop.take());
    }
}

/// A form with one file.
pub(crate) fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Form {
    Form::new().part("file", Part::bytes(bytes.into()).file_name(name.to_owned()))
}

fn options(site: &TempDir) -> LeptosOptions {
    fs::create_dir(site.path().join("pkg")).unwrap();
    fs::write(site.path().join("pkg/trazo.js"), "").unwrap();
    LeptosOptions::builder()
        .output_name("trazo")
        .site_root(site.path().to_string_lossy())
        .site_addr(SocketAddr::from(([127, 0, 0, 1], 0)))
        .build()
}

/// Asserts the status, the code and the key of the text of an error response, and returns the text. Nothing else but the
/// type of a refused file may be beside them.
pub(crate) async fn refused(response: Response, status: u16, code: &str, text: &str) -> String {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/json");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["code"], code, "{body}");
    let others = body.as_object().unwrap().keys().filter(|key| *key != "tipo");
    assert_eq!(others.count(), 2, "{body}");
    body[text].as_str().expect("a text").to_owned()
}
