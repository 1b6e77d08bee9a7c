//! `POST /api/me/totp…`: the second factor, and logins with it.

use std::process::{Command, Output};

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::{Method, Response};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::{
    settings::Settings,
    store::entities::{recovery_code, second_factor},
    util::Clock,
};

use super::{from, me, post};
use crate::{
    admin::users::change,
    support::{
        TestServer,
        log::lines_of,
        mail::{Sink, by_smtp},
        metrics::scrape,
        program::output,
        server::{PASSWORD, refused},
        totp::code,
    },
};

/// A server with a clock, and an admin `eva` with an active second factor.
struct WithFactor {
    server: TestServer,
    clock: Clock,
    /// An access token of the admin.
    token: String,
    secret: String,
    recovery_codes: Vec<String>,
}

impl WithFactor {
    async fn start() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(settings: impl FnOnce(&mut Settings)) -> Self {
        let clock = Clock::mock();
        let server = TestServer::with_clock(clock.clone(), settings).await;
        server.add_admin("eva").await;
        let token = server.sign_in("eva").await;
        let secret = start(&server, &token).await;
        let response = activate(&server, &token, &code(&secret, clock.now())).await;
        assert_eq!(response.status(), 200);
        let body: Value = response.json().await.unwrap();
        let recovery_codes = serde_json::from_value(body["recovery_codes"].clone()).unwrap();
        let factor = Self {
            server,
            clock,
            token,
            secret,
            recovery_codes,
        };
        // The code that activated it is used up.
        factor.next_step();
        factor
    }

    /// Moves the clock to the start of the next step, so that the test has all of it.
    fn next_step(&self) {
        let passed = self.clock.now().timestamp_millis() % 30_000;
        self.clock.advance(TimeDelta::milliseconds(30_000 - passed));
    }

    /// The code of the current step.
    fn code(&self) -> String {
        code(&self.secret, self.clock.now())
    }

    /// A code that isn't one of the current step and its neighbours.
    fn wrong_code(&self) -> String {
        let near = [-30, 0, 30].map(|seconds| code(&self.secret, self.clock.now() + TimeDelta::seconds(seconds)));
        let mut others = ["000000", "111111", "222222", "333333"].into_iter();
        others
            .find(|other| !near.iter().any(|code| code == other))
            .unwrap()
            .to_owned()
    }

    async fn log_in(&self, code: &str) -> Response {
        log_in(&self.server, code).await
    }
}

/// A login of `eva` with a code.
async fn log_in(server: &TestServer, code: &str) -> Response {
    let credentials = json!({ "username": "eva", "password": PASSWORD, "code": code });
    server.post("/login", &credentials).await
}

/// Makes a secret.
async fn start(server: &TestServer, token: &str) -> String {
    let response = post(server, token, "/api/me/totp", &json!({ "password": PASSWORD })).await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.unwrap();
    body["secret"].as_str().unwrap().to_owned()
}

async fn activate(server: &TestServer, token: &str, code: &str) -> Response {
    post(server, token, "/api/me/totp/activate", &json!({ "code": code })).await
}

async fn remove(server: &TestServer, token: &str, code: &str) -> Response {
    let body = json!({ "password": PASSWORD, "code": code });
    post(server, token, "/api/me/totp/remove", &body).await
}

/// Removes a second factor on the command line.
async fn remove_factor(server: &TestServer, name: &str) -> Output {
    let settings = &server.settings.database;
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(["admin", "remove-second-factor", name])
        .env("LOG_DIR", server.site.path().join("logs"))
        .env("DATA_DIR", &settings.data_dir)
        .env("DATABASE_URL", settings.url().expose());
    output(command).await
}

/// Whether `GET /api/me` says that there is an active second factor.
async fn is_shown(server: &TestServer, token: &str) -> bool {
    let account: Value = server.me(token).await.json().await.unwrap();
    account["totp"].as_bool().unwrap()
}

#[tokio::test]
async fn a_second_factor_is_prepared_and_activated() {
    let clock = Clock::mock();
    let server = TestServer::with_clock(clock.clone(), |_| ()).await;
    let response = post(&server, &server.token, "/api/me/totp", &json!({ "password": PASSWORD })).await;
    assert_eq!(
        lines_of(&response),
        ["INFO - Segundo factor preparado por el usuario 'admin'."]
    );
    assert_eq!(response.headers()["cache-control"], "no-store");
    let body: Value = response.json().await.unwrap();
    let secret = body["secret"].as_str().unwrap();
    assert_eq!((body.as_object().unwrap().len(), secret.len()), (2, 32));
    let uri = format!("otpauth://totp/Trazo:admin?secret={secret}&issuer=Trazo&algorithm=SHA1&digits=6&period=30");
    assert_eq!(body["uri"], uri);
    // The login doesn't ask for it yet.
    assert!(!is_shown(&server, &server.token).await);
    server.sign_in("admin").await;
    for wrong in ["12345", "1234567", "abcdef"] {
        let response = activate(&server, &server.token, wrong).await;
        let line = "WARNING - Código incorrecto del usuario 'admin' en '/api/me/totp/activate'.";
        assert_eq!(lines_of(&response), [line]);
        refused(response, 403, "code_wrong", "msg").await;
    }
    let response = activate(&server, &server.token, " ").await;
    refused(response, 400, "fields_required", "msg").await;
    let response = activate(&server, &server.token, &code(secret, clock.now())).await;
    assert_eq!(response.status(), 200);
    assert_eq!(
        lines_of(&response),
        ["INFO - Segundo factor activado por el usuario 'admin'."]
    );
    let body: Value = response.json().await.unwrap();
    let codes: Vec<String> = serde_json::from_value(body["recovery_codes"].clone()).unwrap();
    let mut different = codes.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!((codes.len(), different.len()), (10, 10));
    assert!(is_shown(&server, &server.token).await);
    // Once it is active, it has to be removed before another is prepared.
    let response = post(&server, &server.token, "/api/me/totp", &json!({ "password": PASSWORD })).await;
    refused(response, 409, "totp_active", "msg").await;
    clock.advance(TimeDelta::seconds(30));
    let response = activate(&server, &server.token, &code(secret, clock.now())).await;
    refused(response, 409, "totp_active", "msg").await;
}

#[tokio::test]
async fn the_login_asks_for_a_code() {
    let factor = WithFactor::start().await;
    let before = scrape(&factor.server).await;
    let response = factor.log_in("").await;
    assert!(!response.headers().contains_key("set-cookie"));
    assert_eq!(
        lines_of(&response),
        ["INFO - Inicio de sesión del username 'eva': falta el código."]
    );
    refused(response, 401, "code_required", "msg").await;
    for body in [
        json!({ "username": "eva", "password": PASSWORD }),
        json!({ "username": "eva@example.com", "password": PASSWORD, "code": null }),
        json!({ "username": "eva", "password": PASSWORD, "code": " - " }),
    ] {
        refused(factor.server.post("/login", &body).await, 401, "code_required", "msg").await;
    }
    let response = factor.log_in(&factor.wrong_code()).await;
    assert!(!response.headers().contains_key("set-cookie"));
    assert_eq!(
        lines_of(&response),
        ["WARNING - Inicio de sesión fallido para el username 'eva'."]
    );
    refused(response, 401, "code_wrong", "msg").await;
    // Without the password a code says nothing, not even that there is a second factor.
    for code in ["", &factor.code()] {
        let body = json!({ "username": "eva", "password": "wrong password", "code": code });
        refused(factor.server.post("/login", &body).await, 401, "bad_credentials", "msg").await;
    }
    assert_eq!(factor.log_in(&factor.code()).await.status(), 200);
    let after = scrape(&factor.server).await;
    let [before, after] = [before, after].map(|scrape| scrape.get("logins_total", &[("result", "failure")]));
    assert_eq!((before, after), (Some(0.0), Some(3.0)));
    // Accounts without a second factor ignore a code.
    let body = json!({ "username": "admin", "password": PASSWORD, "code": "123456" });
    assert_eq!(factor.server.post("/login", &body).await.status(), 200);
}

#[tokio::test]
async fn a_code_is_valid_once_and_for_a_step_before_and_after() {
    let factor = WithFactor::start().await;
    let code_in = |seconds: i64| code(&factor.secret, factor.clock.now() + TimeDelta::seconds(seconds));
    for (seconds, status) in [
        (-60, 401),
        // It was used to activate.
        (-30, 401),
        (0, 200),
        (0, 401),
        (60, 401),
        (30, 200),
        // Older than one that was used.
        (0, 401),
    ] {
        let response = factor.log_in(&code_in(seconds)).await;
        assert_eq!(response.status(), status, "{seconds}");
    }
    factor.next_step();
    factor.next_step();
    factor.next_step();
    assert_eq!(factor.log_in(&code_in(-30)).await.status(), 200, "typed late");
    let code = code_in(0);
    let grouped = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(factor.log_in(&grouped).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_concurrent_logins_with_one_code_one_succeeds() {
    let factor = WithFactor::start().await;
    for code in [factor.code(), factor.recovery_codes[0].clone()] {
        let answers = join_all((0..10).map(|_| factor.log_in(&code))).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status().as_u16()).collect();
        assert_eq!(
            statuses.iter().filter(|status| **status == 200).count(),
            1,
            "{statuses:?}"
        );
        assert!(
            statuses.iter().all(|status| [200, 401].contains(status)),
            "{statuses:?}"
        );
    }
}

#[tokio::test]
async fn each_recovery_code_replaces_a_code_once() {
    let factor = WithFactor::start().await;
    let codes = &factor.recovery_codes;
    assert_eq!(factor.log_in(&codes[0]).await.status(), 200);
    refused(factor.log_in(&codes[0]).await, 401, "code_wrong", "msg").await;
    let typed = codes[1].to_lowercase().replace('-', " ");
    assert_eq!(factor.log_in(&typed).await.status(), 200);
    refused(factor.log_in(&codes[1]).await, 401, "code_wrong", "msg").await;
    for code in &codes[2..] {
        assert_eq!(factor.log_in(code).await.status(), 200);
    }
    // The app goes on.
    assert_eq!(factor.log_in(&factor.code()).await.status(), 200);
    let left = recovery_code::Entity::find()
        .count(&factor.server.database().await)
        .await;
    assert_eq!(left.unwrap(), 0);
}

#[tokio::test]
async fn guessing_at_a_code_is_throttled_also_at_the_same_time() {
    let factor = WithFactor::with(|settings| {
        settings.limits.ratelimit_enabled = true;
        settings.limits.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await;
    let server = &factor.server;
    let guess = async |ip: &str, code: &str| {
        let body = json!({ "username": "eva", "password": PASSWORD, "code": code });
        let request = from(server.client.post(server.url("/login")), ip).json(&body);
        request.send().await.unwrap().status().as_u16()
    };
    let wrong = factor.wrong_code();
    let mut statuses = join_all((0..20).map(|_| guess("203.0.113.66", &wrong))).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![401; 5], vec![429; 15]].concat());
    assert_eq!(guess("203.0.113.66", &factor.code()).await, 429);
    // A password is asked for within the same limit, and right codes don't count.
    let response = post(
        server,
        &factor.token,
        "/api/me/totp/remove",
        &json!({ "password": "x" }),
    )
    .await;
    assert_eq!(response.status(), 403, "from another address");
    for _ in 0..7 {
        assert_eq!(guess("198.51.100.7", &factor.code()).await, 200);
        factor.next_step();
    }
}

#[tokio::test]
async fn it_is_for_admins_and_stays_until_it_is_removed() {
    let factor = WithFactor::start().await;
    let server = &factor.server;
    let ana = server.user("ana").await;
    let response = post(server, &ana, "/api/me/totp", &json!({ "password": PASSWORD })).await;
    refused(response, 403, "admin_only", "msg").await;
    refused(activate(server, &ana, "123456").await, 403, "admin_only", "msg").await;
    refused(remove(server, &ana, "").await, 409, "totp_missing", "msg").await;
    let admin = &server.token;
    refused(activate(server, admin, "123456").await, 409, "totp_missing", "msg").await;
    // A user who is no longer an admin is asked for a code, and can remove the factor.
    change(server, server.row("eva").await.id, json!({ "role": "user" })).await;
    refused(factor.log_in("").await, 401, "code_required", "msg").await;
    assert_eq!(factor.log_in(&factor.code()).await.status(), 200);
    factor.next_step();
    refused(remove(server, &factor.token, "").await, 403, "code_required", "msg").await;
    let response = remove(server, &factor.token, &factor.wrong_code()).await;
    let line = "WARNING - Código incorrecto del usuario 'eva' en '/api/me/totp/remove'.";
    assert_eq!(lines_of(&response), [line]);
    refused(response, 403, "code_wrong", "msg").await;
    let response = remove(server, &factor.token, &factor.code()).await;
    assert_eq!(response.status(), 200);
    assert_eq!(
        lines_of(&response),
        ["INFO - Segundo factor quitado por el usuario 'eva'."]
    );
    assert!(!is_shown(server, &factor.token).await);
    server.sign_in("eva").await;
    let database = server.database().await;
    assert_eq!(second_factor::Entity::find().count(&database).await.unwrap(), 0);
    assert_eq!(recovery_code::Entity::find().count(&database).await.unwrap(), 0);
}

#[tokio::test]
async fn the_owner_is_told_when_it_is_activated_and_removed() {
    let mut sink = Sink::start().await;
    let factor = WithFactor::with(|settings| by_smtp(settings, sink.port)).await;
    let server = &factor.server;
    let notice = sink.next().await;
    assert_eq!(notice.to, ["eva@example.com"]);
    assert_eq!(notice.subject, "Tu cuenta de Trazo tiene un segundo factor");
    for secret in factor.recovery_codes.iter().chain([&factor.secret]) {
        assert!(!notice.text.contains(secret) && !notice.html.contains(secret));
    }
    assert!(!notice.text.contains("http"), "{notice:?}");
    // In the language of the account, with its name escaped. (Such a name can't be registered any more.)
    server
        .change_row("eva", |row| {
            row.language = Set("en".to_owned());
            row.username = Set("<b>eva</b>".to_owned());
        })
        .await;
    let removed = remove_factor(server, "eva").await;
    assert!(removed.status.success(), "{removed:?}");
    let notice = sink.next().await;
    assert_eq!(notice.to, ["eva@example.com"]);
    assert_eq!(notice.subject, "Your Trazo account has no second factor any more");
    assert!(notice.html.contains("Hello &lt;b&gt;eva&lt;/b&gt;,"), "{notice:?}");
    // A secret that was never activated changes nothing.
    start(server, &server.token).await;
    assert!(remove_factor(server, "admin").await.status.success());
    let token = server.user("ana").await;
    refused(remove(server, &token, "").await, 409, "totp_missing", "msg").await;
    server.all_mail_left().await;
    assert!(sink.arrived().is_empty());
}

#[tokio::test]
async fn preparing_it_again_replaces_the_secret() {
    let clock = Clock::mock();
    let server = TestServer::with_clock(clock.clone(), |_| ()).await;
    let first = start(&server, &server.token).await;
    let second = start(&server, &server.token).await;
    assert_ne!(first, second);
    let response = activate(&server, &server.token, &code(&first, clock.now())).await;
    refused(response, 403, "code_wrong", "msg").await;
    let response = activate(&server, &server.token, &code(&second, clock.now())).await;
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_reset_by_mail_does_not_remove_it() {
    let mut sink = Sink::start().await;
    let factor = WithFactor::with(|settings| by_smtp(settings, sink.port)).await;
    let server = &factor.server;
    sink.next().await;
    let forgot = json!({ "email": "eva@example.com" });
    server.post("/api/password/forgot", &forgot).await;
    let reset = sink.next().await.token(server, "reset");
    let body = json!({ "token": reset, "password": super::NEW });
    assert_eq!(server.post("/api/password/reset", &body).await.status(), 200);
    let mut credentials = json!({ "username": "eva", "password": super::NEW });
    refused(server.post("/login", &credentials).await, 401, "code_required", "msg").await;
    credentials["code"] = json!(factor.code());
    assert_eq!(server.post("/login", &credentials).await.status(), 200);
}

#[tokio::test]
async fn deleting_the_account_asks_for_it() {
    let factor = WithFactor::start().await;
    let delete = async |code: &str| {
        let body = json!({ "password": PASSWORD, "code": code });
        post(&factor.server, &factor.token, "/api/me/delete", &body).await
    };
    refused(delete("").await, 403, "code_required", "msg").await;
    refused(delete(&factor.wrong_code()).await, 403, "code_wrong", "msg").await;
    assert_eq!(me(&factor.server, &factor.token).await, 200);
    assert_eq!(delete(&factor.recovery_codes[0]).await.status(), 200);
    assert_eq!(me(&factor.server, &factor.token).await, 401);
}

#[tokio::test]
async fn a_browser_can_use_it_too() {
    let clock = Clock::mock();
    let server = TestServer::with_clock(clock.clone(), |_| ()).await;
    let browser = server.browser("admin").await;
    let ask = async |path: &str, body: Value| {
        let request = browser.ask(Method::POST, path).json(&body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json::<Value>().await.unwrap()
    };
    let secret = ask("/api/me/totp", json!({ "password": PASSWORD })).await;
    let secret = secret["secret"].as_str().unwrap();
    let now = code(secret, clock.now());
    ask("/api/me/totp/activate", json!({ "code": now })).await;
    clock.advance(TimeDelta::seconds(30));
    let now = code(secret, clock.now());
    ask("/api/me/totp/remove", json!({ "password": PASSWORD, "code": now })).await;
    assert_eq!(browser.me().await, 200);
}

#[tokio::test]
async fn the_command_line_removes_it() {
    let factor = WithFactor::start().await;
    for name in ["nobody", "admin"] {
        let output = remove_factor(&factor.server, name).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains(&format!("'{name}' isn't an account with a second factor")),
            "{said}"
        );
    }
    let output = remove_factor(&factor.server, "EVA").await;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("Segundo factor del usuario 'eva' quitado desde la línea de comandos."),
        "{said}"
    );
    assert_eq!(factor.log_in("").await.status(), 200);
}
