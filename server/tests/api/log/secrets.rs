//! The whole API, called with recognisable secrets, logs none of them: not at level trace, and not in encoded form.

use std::{fs, path::Path, process::Command};

use api::AccessToken;
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use reqwest::{
    Method, Response,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    accounts::set_cookie,
    mail::{Mail, Sink},
    pictures::numbered_png,
    program::Program,
};

const FIRST: &str = "canary-first-password";
const SECOND: &str = "canary-second-password";
const WRONG: &str = "canary-wrong-password";
const ADMIN: &str = "canary-admin-password";
const METRICS: &str = "canary-metrics-token-of-32-bytes";
const SMTP: &str = "canary-smtp-password";
const DATABASE: &str = "canary%2Fdatabase-password";

/// Secrets in the settings and in requests; the program generates the two keys itself.
const SETTINGS: [(&str, &str); 6] = [
    ("ADMIN_PASSWORD", ADMIN),
    ("METRICS_TOKEN", METRICS),
    ("MAIL_SERVER", "127.0.0.1"),
    ("MAIL_USE_TLS", "false"),
    ("MAIL_USERNAME", "trazo"),
    ("MAIL_PASSWORD", SMTP),
];

/// A client that collects the values that must not be logged.
struct Caller<'a> {
    program: &'a Program,
    secrets: Vec<String>,
}

impl Caller<'_> {
    async fn post(&self, path: &str, body: &Value, status: u16) -> Response {
        let request = self.program.ask(Method::POST, path).json(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        response
    }

    async fn by(&self, token: &str, method: Method, path: &str, status: u16) -> Response {
        let request = self.program.ask(method, path).bearer_auth(token);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        response
    }

    async fn sign_in(&mut self, username: &str, password: &str) -> (String, String) {
        let credentials = json!({ "username": username, "password": password });
        let response = self.post("/login", &credentials, 200).await;
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
}

/// Calls every route as a user, as an administrator and as Prometheus.
async fn whole_api(caller: &mut Caller<'_>, sink: &mut Sink) {
    let new = json!({ "username": "ana", "email": "ana@example.com", "password": FIRST });
    caller.post("/register", &new, 201).await;
    caller.post("/register", &new, 409).await;
    let confirm = caller.mailed(&sink.next().await);
    caller
        .post("/api/confirm/resend", &json!({ "email": "ana@example.com" }), 202)
        .await;
    let confirm = [confirm, caller.mailed(&sink.next().await)];
    for token in &confirm {
        let page = caller.program.ask(Method::GET, &format!("/confirm/{token}"));
        assert_eq!(page.send().await.unwrap().status(), 200);
        let answer = caller.program.ask(Method::POST, &format!("/api/confirm/{token}"));
        answer.send().await.unwrap();
    }
    let wrong = json!({ "username": "ana", "password": WRONG });
    caller.post("/login", &wrong, 401).await;
    // An invalid body that contains a secret.
    let torn = format!("{{\"username\":\"ana\",\"password\":\"{WRONG}");
    let request = caller.program.ask(Method::POST, "/login").body(torn);
    let request = request.header("content-type", "application/json");
    assert_eq!(request.send().await.unwrap().status(), 400);

    let (token, cookie) = caller.sign_in("ana", FIRST).await;
    caller.by(&token, Method::GET, "/api/me", 200).await;
    caller.by(&format!("{token}x"), Method::GET, "/api/me", 401).await;
    let form = Form::new().part("file", Part::bytes(numbered_png(1)).file_name("a.png"));
    let request = caller.program.ask(Method::POST, "/predict").bearer_auth(&token);
    assert_eq!(request.multipart(form).send().await.unwrap().status(), 200);
    let history: Value = caller
        .by(&token, Method::GET, "/api/predictions", 200)
        .await
        .json()
        .await
        .unwrap();
    let id = &history["predictions"][0]["id"];
    let path = format!("/api/predictions/{id}/correction");
    let request = caller.program.ask(Method::POST, &path).bearer_auth(&token);
    let request = request.json(&json!({ "digito": 3 }));
    assert_eq!(request.send().await.unwrap().status(), 200);
    caller.by(&token, Method::GET, "/api/admin/users", 403).await;
    for path in ["/", "/account", "/nothing"] {
        let request = caller.program.ask(Method::GET, path);
        let request = request.header("cookie", format!("trazo_session={cookie}"));
        request.send().await.unwrap();
    }

    caller
        .post("/api/password/forgot", &json!({ "email": "ana@example.com" }), 202)
        .await;
    let reset = caller.mailed(&sink.next().await);
    let page = caller.program.ask(Method::GET, &format!("/reset/{reset}"));
    assert_eq!(page.send().await.unwrap().status(), 200);
    caller
        .post("/api/password/reset/check", &json!({ "token": reset }), 200)
        .await;
    for status in [200, 400] {
        let new = json!({ "token": reset, "password": SECOND });
        caller.post("/api/password/reset", &new, status).await;
    }
    let (token, _) = caller.sign_in("ana", SECOND).await;
    caller.by(&token, Method::POST, "/api/logout/everywhere", 200).await;
    caller.by(&token, Method::GET, "/api/me", 401).await;

    let (admin, _) = caller.sign_in("admin", ADMIN).await;
    for path in [
        "/api/admin/users?search=ana",
        "/api/admin/users.csv",
        "/api/admin/errors",
        "/api/openapi.json",
        "/metrics",
    ] {
        caller.by(&admin, Method::GET, path, 200).await;
    }
    caller.by(METRICS, Method::GET, "/metrics", 200).await;
    caller.by(&admin, Method::POST, "/api/logout", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_logged_at_any_level() {
    let logs = TempDir::new().unwrap();
    let mut sink = Sink::start().await;
    let port = sink.port.to_string();
    let own = [
        ("MAIL_PORT", port.as_str()),
        ("LOG_LEVEL", "trace"),
        ("LOG_MAX_BYTES", "1000000000"),
    ];
    let program = Program::start(logs.path(), &[], &[&SETTINGS[..], &own[..]].concat());
    let mut secrets = [FIRST, SECOND, WRONG, ADMIN, METRICS, SMTP]
        .map(ToOwned::to_owned)
        .to_vec();
    secrets.extend(["secret_key", "jwt_secret_key"].map(|file| program.kept(file).trim().to_owned()));
    let mut caller = Caller {
        program: &program,
        secrets,
    };
    whole_api(&mut caller, &mut sink).await;
    let secrets = caller.secrets;
    assert_eq!(
        secrets.len(),
        8 + 6 + 3,
        "passwords and keys, three sessions, three mails"
    );
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
    for secret in &secrets {
        for form in forms(secret) {
            let found = file.lines().find(|line| line.contains(&form));
            assert_eq!(found, None, "{form} of {secret}");
        }
    }
}

/// The forms of a secret: as it is, in base64 as in SMTP, and as the bytes of a buffer.
fn forms(secret: &str) -> [String; 4] {
    let bytes = format!("{:?}", secret.as_bytes());
    [
        secret.to_owned(),
        BASE64_STANDARD.encode(format!("\0trazo\0{secret}")),
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
