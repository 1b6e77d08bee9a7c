//! The whole API, called with recognisable secrets, shows none of them: not in the log at level trace, not in a response,
//! not in the metrics, and not in the database; not in encoded form either.

use std::{fs, path::Path, process::Command};

use api::AccessToken;
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use reqwest::{
    Method, RequestBuilder,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    openapi::{filled, operations},
    support::{
        accounts::set_cookie,
        mail::{Mail, Sink},
        pictures::numbered_png,
        program::Program,
        totp::code,
    },
};

const FIRST: &str = "canary-first-password";
const SECOND: &str = "canary-second-password";
const THIRD: &str = "canary-third-password";
const WRONG: &str = "canary-wrong-password";
const ADMIN: &str = "canary-admin-password";
const METRICS: &str = "canary-metrics-token-of-32-bytes";
const SMTP: &str = "canary-smtp-password";
const PROMETHEUS: &str = "canary-prometheus-password";
const FORGED: &str = "canary-forged-token";
const DATABASE: &str = "canary%2Fdatabase-password";

/// Secrets in the settings and in requests; the program generates the two keys itself.
const SETTINGS: [(&str, &str); 7] = [
    ("ADMIN_PASSWORD", ADMIN),
    ("METRICS_TOKEN", METRICS),
    ("MAIL_SERVER", "127.0.0.1"),
    ("MAIL_USE_TLS", "false"),
    ("MAIL_USERNAME", "trazo"),
    ("MAIL_PASSWORD", SMTP),
    // Nothing listens there.
    ("PROMETHEUS_URL", "http://trazo:canary-prometheus-password@127.0.0.1:1"),
];

/// A client that collects the values that must not be shown, and what was shown to it.
struct Caller<'a> {
    program: &'a Program,
    secrets: Vec<String>,
    /// The headers and bodies of all responses, except of those that hand a secret to its owner.
    shown: String,
}

impl Caller<'_> {
    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.program.ask(method, path)
    }

    async fn send(&mut self, request: RequestBuilder) -> (u16, String) {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = format!("{:?}\n", response.headers());
        let text = response.text().await.unwrap();
        self.shown.extend([headers.as_str(), text.as_str(), "\n"]);
        (status, text)
    }

    async fn expect(&mut self, request: RequestBuilder, status: u16) -> String {
        let (found, text) = self.send(request).await;
        assert_eq!(found, status, "{text}");
        text
    }

    async fn post(&mut self, path: &str, body: &Value, status: u16) {
        let request = self.ask(Method::POST, path).json(body);
        self.expect(request, status).await;
    }

    async fn by(&mut self, token: &str, method: Method, path: &str, status: u16) -> String {
        let request = self.ask(method, path).bearer_auth(token);
        self.expect(request, status).await
    }

    async fn sign_in(&mut self, username: &str, password: &str) -> (String, String) {
        let credentials = json!({ "username": username, "password": password });
        let request = self.ask(Method::POST, "/login").json(&credentials);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let cookie = set_cookie(&response);
        let cookie = cookie.split([';', '=']).nth(1).unwrap().to_owned();
        let token = response.json::<AccessToken>().await.unwrap().access_token;
        self.secrets.extend([cookie.clone(), token.clone()]);
        (token, cookie)
    }

    fn mailed(&mut self, mail: &Mail) -> String {
        let token = mail.link().rsplit('/').next().unwrap().to_owned();
        self.secrets.push(token.clone());
        token
    }

    /// Opens the page of a link, which may contain its token.
    async fn open(&self, path: &str) {
        let response = self.ask(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200);
    }
}

/// Calls every route as a user, as an administrator and as Prometheus.
async fn whole_api(caller: &mut Caller<'_>, sink: &mut Sink) {
    let new = json!({ "username": "ana", "email": "ana@example.com", "password": FIRST });
    caller.post("/register", &new, 201).await;
    caller.post("/register", &new, 409).await;
    let confirm = caller.mailed(&sink.next().await);
    let ana = json!({ "email": "ana@example.com" });
    caller.post("/api/confirm/resend", &ana, 202).await;
    let confirm = [confirm, caller.mailed(&sink.next().await)];
    for (token, status) in confirm.iter().zip([200, 400]) {
        caller.open(&format!("/confirm/{token}")).await;
        let request = caller.ask(Method::POST, &format!("/api/confirm/{token}"));
        caller.expect(request, status).await;
    }
    let wrong = json!({ "username": "ana", "password": WRONG });
    caller.post("/login", &wrong, 401).await;
    // An invalid body that contains a secret.
    let torn = format!("{{\"username\":\"ana\",\"password\":\"{WRONG}");
    let request = caller.ask(Method::POST, "/login").body(torn);
    let request = request.header("content-type", "application/json");
    caller.expect(request, 400).await;

    let (token, cookie) = caller.sign_in("ana", FIRST).await;
    caller.by(&token, Method::GET, "/api/me", 200).await;
    caller.by(&format!("{token}x"), Method::GET, "/api/me", 401).await;
    let form = Form::new().part("file", Part::bytes(numbered_png(1)).file_name("a.png"));
    let request = caller.ask(Method::POST, "/predict").bearer_auth(&token);
    caller.expect(request.multipart(form), 200).await;
    let history = caller.by(&token, Method::GET, "/api/predictions", 200).await;
    let history: Value = serde_json::from_str(&history).unwrap();
    let id = &history["predictions"][0]["id"];
    let path = format!("/api/predictions/{id}/correction");
    let request = caller.ask(Method::POST, &path).bearer_auth(&token);
    caller.expect(request.json(&json!({ "digito": 3 })), 200).await;
    caller.by(&token, Method::GET, "/api/admin/users", 403).await;
    for path in ["/", "/account", "/admin/users", "/nothing"] {
        let request = caller.ask(Method::GET, path);
        caller
            .send(request.header("cookie", format!("trazo_session={cookie}")))
            .await;
    }

    caller.post("/api/password/forgot", &ana, 202).await;
    let reset = caller.mailed(&sink.next().await);
    caller.open(&format!("/reset/{reset}")).await;
    caller
        .post("/api/password/reset/check", &json!({ "token": reset }), 200)
        .await;
    for status in [200, 400] {
        let new = json!({ "token": reset, "password": SECOND });
        caller.post("/api/password/reset", &new, status).await;
    }
    sink.next().await;
    let (token, _) = caller.sign_in("ana", SECOND).await;
    caller.by(&token, Method::POST, "/api/logout/everywhere", 200).await;
    caller.by(&token, Method::GET, "/api/me", 401).await;

    let (admin, _) = caller.sign_in("admin", ADMIN).await;
    own_account(caller, sink, &admin).await;
    every_error(caller, &[&token, &admin]).await;
    caller.by(METRICS, Method::GET, "/metrics", 200).await;
    for path in [
        "/api/admin/users?search=ana",
        "/api/admin/users.csv",
        "/api/admin/errors",
        "/api/openapi.json",
        "/metrics",
    ] {
        caller.by(&admin, Method::GET, path, 200).await;
    }
    caller.by(&admin, Method::POST, "/api/logout", 200).await;
}

/// Changes password and address of `ana`, prepares, uses and removes a second factor of the administrator, and deletes `ana`.
async fn own_account(caller: &mut Caller<'_>, sink: &mut Sink, admin: &str) {
    let (ana, _) = caller.sign_in("ana", SECOND).await;
    let change = |current: &str| json!({ "current_password": current, "password": THIRD });
    for (current, status) in [(WRONG, 403), (SECOND, 200)] {
        let request = caller.ask(Method::POST, "/api/me/password").bearer_auth(&ana);
        caller.expect(request.json(&change(current)), status).await;
    }
    sink.next().await;
    let change = json!({ "email": "new@example.com", "password": THIRD });
    let request = caller.ask(Method::POST, "/api/me/email").bearer_auth(&ana);
    caller.expect(request.json(&change), 202).await;
    let confirm = caller.mailed(&sink.next().await);
    let request = caller.ask(Method::POST, &format!("/api/confirm/{confirm}"));
    caller.expect(request.bearer_auth(&ana), 200).await;
    sink.next().await;
    caller.by(&ana, Method::GET, "/api/me/sessions", 200).await;
    api_key(caller, sink, admin).await;

    // Its answers are for the owner only.
    let hand_over = async |path: &str, body: Value| {
        let request = caller.program.ask(Method::POST, path).bearer_auth(admin);
        let response = request.json(&body).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json::<Value>().await.unwrap()
    };
    let password = json!({ "password": ADMIN });
    let secret = hand_over("/api/me/totp", password).await;
    let secret = secret["secret"].as_str().unwrap().to_owned();
    let now = code(&secret, chrono::Utc::now());
    let recovery = hand_over("/api/me/totp/activate", json!({ "code": now })).await;
    let recovery: Vec<String> = serde_json::from_value(recovery["recovery_codes"].clone()).unwrap();
    sink.next().await;
    caller
        .post("/login", &json!({ "username": "admin", "password": ADMIN }), 401)
        .await;
    for (code, status) in [(now.as_str(), 401), (FORGED, 401)] {
        let credentials = json!({ "username": "admin", "password": ADMIN, "code": code });
        caller.post("/login", &credentials, status).await;
    }
    let remove = json!({ "password": ADMIN, "code": recovery[0] });
    let request = caller.ask(Method::POST, "/api/me/totp/remove").bearer_auth(admin);
    caller.expect(request.json(&remove), 200).await;
    sink.next().await;
    caller.secrets.push(secret);
    caller.secrets.extend(recovery);

    let delete = json!({ "password": THIRD });
    let request = caller.ask(Method::POST, "/api/me/delete").bearer_auth(&ana);
    caller.expect(request.json(&delete), 200).await;
    sink.next().await;
}

/// Makes an API key of the administrator, uses it, and enters it and a forged one where they don't belong.
async fn api_key(caller: &mut Caller<'_>, sink: &mut Sink, admin: &str) {
    let new = json!({ "name": "script", "scopes": ["history"], "password": ADMIN });
    let request = caller.ask(Method::POST, "/api/keys").bearer_auth(admin).json(&new);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 201);
    // The answer is for the owner only.
    let made: Value = response.json().await.unwrap();
    let key = made["key"].as_str().unwrap().to_owned();
    sink.next().await;
    caller.by(admin, Method::GET, "/api/keys", 200).await;
    caller.by(&key, Method::GET, "/api/predictions", 200).await;
    caller.by(&key, Method::GET, "/api/admin/users", 403).await;
    let forged = format!("trazo_{}", "c0ffee42".repeat(8));
    caller.by(&forged, Method::GET, "/api/predictions", 401).await;
    for key in [key, forged] {
        let credentials = json!({ "username": key, "password": WRONG });
        caller.post("/login", &credentials, 401).await;
        caller.secrets.push(key);
    }
}

/// Calls every described route with a forged token in its path and a wrong password in its body.
async fn every_error(caller: &mut Caller<'_>, tokens: &[&str]) {
    let api = caller.expect(caller.ask(Method::GET, "/api/openapi.json"), 200).await;
    let body = json!({
        "username": "ana", "email": "nobody@example.com", "password": WRONG, "token": FORGED, "code": FORGED,
        "current_password": WRONG,
    });
    for (name, _) in operations(&serde_json::from_str(&api).unwrap()) {
        // The first would end the sessions of this test, the second depends on the site's files.
        if name.contains("/logout") || name.contains("/health/") {
            continue;
        }
        let (method, path) = name.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let path = filled(&path.replace("{token}", FORGED));
        for token in tokens {
            let request = caller.ask(method.clone(), &path).bearer_auth(token);
            let (status, text) = caller.send(request.json(&body)).await;
            assert!(status < 500, "{name}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_shown_logged_or_stored() {
    let logs = TempDir::new().unwrap();
    let mut sink = Sink::start().await;
    let port = sink.port.to_string();
    let own = [
        ("MAIL_PORT", port.as_str()),
        ("LOG_LEVEL", "trace"),
        ("LOG_MAX_BYTES", "1000000000"),
    ];
    let program = Program::start(logs.path(), &[], &[&SETTINGS[..], &own[..]].concat());
    let mut secrets = [FIRST, SECOND, THIRD, WRONG, ADMIN, METRICS, SMTP, PROMETHEUS, FORGED]
        .map(ToOwned::to_owned)
        .to_vec();
    secrets.extend(["secret_key", "jwt_secret_key"].map(|file| program.kept(file).trim().to_owned()));
    let mut caller = Caller {
        program: &program,
        secrets,
        shown: String::new(),
    };
    whole_api(&mut caller, &mut sink).await;
    let Caller { secrets, shown, .. } = caller;
    assert_eq!(
        secrets.len(),
        11 + 8 + 4 + 2 + 11,
        "passwords and keys, four sessions, four mails, API keys, a second factor with ten recovery codes"
    );
    let stored = program.database();
    let console = program.stop();
    let file = fs::read_to_string(logs.path().join("app.log")).unwrap();
    assert_eq!(file, console);
    // Lines below level info were captured, and every kind of request.
    for heard in [
        " - DEBUG - GET /confirm/{token}: 200",
        " - DEBUG - POST /api/password/reset: 200",
        " - DEBUG - GET /metrics: 200",
        "Usuario 'ana' inició sesión",
    ] {
        assert!(file.contains(heard), "{heard}");
    }
    // The responses include pages, errors, the metrics and the log of the admins; the database has the account.
    for heard in [
        "class=\"user-name\"",
        "bad_credentials",
        "logins_total",
        "Inicio de sesión fallido",
    ] {
        assert!(shown.contains(heard), "{heard}");
    }
    assert!(stored.contains("admin@example.com") && stored.contains("$argon2id$"));
    for secret in &secrets {
        for form in forms(secret) {
            for text in [&file, &shown, &stored] {
                let found = text.lines().find(|line| line.contains(&form));
                assert_eq!(found, None, "{form} of {secret}");
            }
        }
    }
}

/// The forms of a secret: as it is, in base64 as in SMTP and in HTTP, and as the bytes of a buffer.
fn forms(secret: &str) -> [String; 5] {
    let bytes = format!("{:?}", secret.as_bytes());
    [
        secret.to_owned(),
        BASE64_STANDARD.encode(format!("\0trazo\0{secret}")),
        BASE64_STANDARD.encode(format!("trazo:{secret}")),
        BASE64_URL_SAFE_NO_PAD.encode(secret),
        bytes.trim_matches(['[', ']']).to_owned(),
    ]
}

/// An unreachable database: the error at the start doesn't contain the password.
#[test]
fn the_database_password_is_not_logged() {
    let folder = TempDir::new().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_server"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env("PORT", "0")
        .env("LOG_DIR", folder.path())
        .env("DATA_DIR", folder.path())
        .env("LOG_LEVEL", "trace")
        .env("DATABASE_URL", format!("postgres://trazo:{DATABASE}@127.0.0.1:1/trazo"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let file = fs::read_to_string(folder.path().join("app.log")).unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains(" - ERROR - "), "{said}");
    for text in [file, said] {
        for form in [DATABASE, "canary/database-password"] {
            assert!(!text.contains(form), "{text}");
        }
    }
}
