//! Emails, received by a real SMTP server.

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    time::{Duration, Instant},
};

use chrono::Utc;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;
use server::store::entities::outbox;

use crate::support::{
    TestServer, eventually, log,
    mail::{Sink, by_smtp, dead_port},
    server::PASSWORD,
};

#[tokio::test]
async fn both_parts_are_in_the_users_language() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    for (language, name, subject, greeting, tag) in [
        (
            "en-GB,en;q=0.9",
            "ann",
            "Please confirm your email",
            "Hello ann,",
            "<html lang=\"en\">",
        ),
        (
            "es-ES",
            "ana",
            "Por favor confirma tu email",
            "Hola ana,",
            "<html lang=\"es\">",
        ),
        (
            "fr",
            "anne",
            "Por favor confirma tu email",
            "Hola anne,",
            "<html lang=\"es\">",
        ),
    ] {
        let email = format!("{name}@example.com");
        let new = json!({ "username": name, "email": email, "password": PASSWORD });
        let request = server
            .client
            .post(server.url("/register"))
            .header("accept-language", language);
        assert_eq!(request.json(&new).send().await.unwrap().status(), 201);
        let mail = sink.next().await;
        assert_eq!(
            (mail.to.as_slice(), mail.subject.as_str()),
            ([email].as_slice(), subject)
        );
        assert_eq!(mail.from, "noreply@tuapp.com");
        assert!(
            mail.text.starts_with(greeting) && mail.html.contains(greeting),
            "{mail:?}"
        );
        assert!(mail.html.contains(tag) && mail.text.contains("24"), "{mail:?}");
        assert!(mail.head.contains("multipart/alternative"), "{}", mail.head);
        for header in ["From:", "To:", "Subject:", "Date:", "Message-ID:"] {
            let found = mail.head.lines().filter(|line| line.starts_with(header)).count();
            assert_eq!(found, 1, "{header} in {}", mail.head);
        }
        mail.token(&server, "confirm");
    }
    // The language cookie takes precedence over `Accept-Language`.
    let new = json!({ "email": "ann@example.com" });
    let request = server.client.post(server.url("/api/password/forgot"));
    let request = request
        .header("accept-language", "en")
        .header("cookie", "trazo_lang=es");
    request.json(&new).send().await.unwrap();
    assert_eq!(sink.next().await.subject, "Cambia tu contraseña de Trazo");
}

#[tokio::test]
async fn links_use_the_public_url() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| {
        by_smtp(settings, sink.port);
        settings.mail.public_url = Some("https://trazo.example.com/".to_owned());
    })
    .await;
    // The `Host` header is ignored: otherwise the link would send the token to a host chosen by the client.
    let new = json!({ "username": "ana", "email": "ana@example.com", "password": PASSWORD });
    let request = server
        .client
        .post(server.url("/register"))
        .header("host", "evil.example.com");
    let request = request.header("x-forwarded-host", "evil.example.com");
    assert_eq!(request.json(&new).send().await.unwrap().status(), 201);
    let link = sink.next().await.link();
    assert!(link.starts_with("https://trazo.example.com/confirm/"), "{link}");
}

#[tokio::test]
async fn unusual_addresses_receive_mail() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    // Without spaces, angle brackets and a second @ in quotes, which the SMTP server of the tests, like most, rejects.
    let addresses = [
        "a+b@example.com",
        "o'brien_{x}@example.com",
        "ñandú@example.com",
        "ana@correo.españa.example",
        "\"a,b;c\"@example.com",
        r#""a\"b"@example.com"#,
        "ana@[127.0.0.1]",
        "=1+1@example.com",
    ];
    let mut sent = Vec::new();
    for (number, email) in addresses.into_iter().enumerate() {
        let new = json!({ "username": format!("ana{number}"), "email": email, "password": PASSWORD });
        let response = server.post("/register", &new).await;
        // Accepted addresses must be deliverable.
        if response.status() == 201 {
            sent.push(email.to_owned());
        } else {
            assert_eq!(response.status(), 400, "{email}");
        }
    }
    let must = ["a+b@example.com", "ñandú@example.com", "\"a,b;c\"@example.com"];
    assert!(
        must.iter().all(|email| sent.iter().any(|sent| sent == email)),
        "{sent:?}"
    );
    let mut arrived = Vec::new();
    for _ in &sent {
        let mail = sink.next().await;
        let to = mail.head.lines().filter(|line| line.starts_with("To:")).count();
        assert!(to == 1 && !mail.head.contains("<script>\r\n"), "{}", mail.head);
        arrived.extend(mail.to);
    }
    arrived.sort_unstable();
    sent.sort_unstable();
    assert_eq!(arrived, sent);
}

#[tokio::test]
async fn mail_is_delivered_when_the_mail_server_is_back() {
    let port = dead_port();
    let server = TestServer::with(|settings| by_smtp(settings, port)).await;
    server.register("ana").await;
    log::line_with("No se pudo enviar un email a 'ana@example.com' (intento 1)").await;
    assert!(!log::text().contains("Email de confirmación enviado"));
    let database = server.database().await;
    let waiting = eventually("counted attempt", async || {
        let row = outbox::Entity::find()
            .one(&database)
            .await
            .unwrap()
            .expect("the mail waits");
        (row.attempts == 1 && row.claimed_at.is_none()).then_some(row)
    })
    .await;
    let pause = waiting.next_attempt_at - Utc::now();
    assert!((1..=10).contains(&pause.num_seconds()), "{pause}");
    let mut sink = Sink::start_on(port).await;
    // Makes the email due for a retry.
    outbox::Entity::update_many()
        .col_expr(outbox::Column::NextAttemptAt, Expr::value(Utc::now()))
        .exec(&database)
        .await
        .unwrap();
    let mail = sink.next().await;
    assert_eq!(mail.to, ["ana@example.com"]);
    server.all_mail_left().await;
    let token = mail.token(&server, "confirm");
    let confirmed = server
        .client
        .post(server.url(&format!("/api/confirm/{token}")))
        .send()
        .await
        .unwrap();
    assert_eq!(confirmed.status(), 200);
    // The next email is a later one, so the first was sent once.
    server.register("eva").await;
    assert_eq!(sink.next().await.to, ["eva@example.com"]);
}

#[tokio::test]
async fn two_servers_on_one_database_send_each_mail_once() {
    let mut sink = Sink::start().await;
    let one = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    let settings = one.settings.clone();
    let other = TestServer::start_with(&settings, || Ok(crate::support::models::three())).await;
    let names: Vec<_> = (0..24).map(|number| format!("ana{number}")).collect();
    let registered = names.iter().enumerate().map(|(number, name)| {
        if number % 2 == 0 {
            one.register(name)
        } else {
            other.register(name)
        }
    });
    for response in futures_util::future::join_all(registered).await {
        assert_eq!(response.status(), 201);
    }
    one.all_mail_left().await;
    one.register("last").await;
    let mut mails = BTreeMap::<String, u32>::new();
    loop {
        let to = sink.next().await.to.concat();
        if to == "last@example.com" {
            break;
        }
        *mails.entry(to).or_default() += 1;
    }
    assert_eq!(mails.len(), names.len());
    assert!(mails.values().all(|times| *times == 1), "{mails:?}");
}

#[tokio::test]
async fn without_a_mail_server_mail_is_written_to_files() {
    let server = TestServer::start().await;
    let folder = server.settings.database.data_dir.join("mail");
    log::line_with(&format!(
        "Sin MAIL_SERVER: los emails se guardan en '{}'",
        folder.display()
    ))
    .await;
    server.register("ana").await;
    log::line_with("Email de confirmación enviado a 'ana@example.com'.").await;
    let files: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(files[0].extension().unwrap(), "eml");
    let mail = fs::read_to_string(&files[0]).unwrap();
    assert!(mail.contains("\r\nTo: ana@example.com\r\n"), "{mail}");
}

#[tokio::test]
async fn expired_mail_is_not_sent() {
    let port = dead_port();
    let server = TestServer::with(|settings| by_smtp(settings, port)).await;
    server.register("ana").await;
    log::line_with("(intento 1)").await;
    // Its link has expired: the next cleanup, here at the next start, removes it.
    let database = server.database().await;
    outbox::Entity::update_many()
        .col_expr(outbox::Column::ExpiresAt, Expr::value(Utc::now()))
        .col_expr(outbox::Column::NextAttemptAt, Expr::value(Utc::now()))
        .exec(&database)
        .await
        .unwrap();
    let mut sink = Sink::start_on(port).await;
    let next = TestServer::start_with(&server.settings, || Ok(crate::support::models::three())).await;
    log::line_with("Email a 'ana@example.com' abandonado tras 1 intentos").await;
    next.register("eva").await;
    assert_eq!(
        sink.next().await.to,
        ["eva@example.com"],
        "the other isn't sent any more"
    );
}

/// Registers an account with the address `name@example.com`.
async fn register_at(server: &TestServer, name: &str) {
    let email = format!("{name}@example.com");
    let new = json!({ "username": format!("ana{name}"), "email": email, "password": PASSWORD });
    assert_eq!(server.post("/api/register", &new).await.status(), 201);
}

/// Waits until the email to that address is being sent.
async fn being_sent(server: &TestServer, name: &str) {
    let database = server.database().await;
    eventually("claimed mail", async || {
        outbox::Entity::find()
            .filter(outbox::Column::Recipient.eq(format!("{name}@example.com")))
            .filter(outbox::Column::ClaimedAt.is_not_null())
            .one(&database)
            .await
            .unwrap()
    })
    .await;
}

#[tokio::test]
async fn mail_to_a_nonexistent_mailbox_is_not_retried() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    for code in ["550", "551", "553", "556"] {
        register_at(&server, code).await;
        let line = log::line_with(&format!("No se pudo enviar un email a '{code}@example.com'")).await;
        assert!(line.contains("y no se repite") && line.contains(code), "{line}");
    }
    server.all_mail_left().await;
    // Temporary errors and errors of the whole server are retried.
    for code in ["450", "451", "535", "554"] {
        register_at(&server, code).await;
        let line = log::line_with(&format!("No se pudo enviar un email a '{code}@example.com'")).await;
        assert!(line.contains("(intento 1), se repite en 10 s"), "{line}");
    }
    let database = server.database().await;
    eventually("four counted attempts", async || {
        let waiting = outbox::Entity::find().all(&database).await.unwrap();
        let tried = waiting.iter().filter(|mail| mail.attempts == 1).count();
        (tried == 4 && waiting.len() == 4).then_some(())
    })
    .await;
    assert!(sink.arrived().is_empty());
}

#[tokio::test]
async fn a_shutdown_finishes_only_the_mail_in_progress() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    let database = server.database().await;
    // The second and the third wait for the first, and are claimed together.
    for name in ["slow1", "slow2", "next"] {
        register_at(&server, name).await;
    }
    assert_eq!(sink.next().await.to, ["slow1@example.com"]);
    being_sent(&server, "slow2").await;
    server.stop().await.unwrap();
    assert_eq!(sink.next().await.to, ["slow2@example.com"]);
    let waiting = outbox::Entity::find().all(&database).await.unwrap();
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert!(waiting[0].recipient.starts_with("next@") && waiting[0].claimed_at.is_none());
    assert!(sink.arrived().is_empty());
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_an_unresponsive_mail_server() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let server = TestServer::with(|settings| by_smtp(settings, port)).await;
    register_at(&server, "ana").await;
    being_sent(&server, "ana").await;
    let start = Instant::now();
    server.stop().await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    log::line_with("Se corta el envío de un email que no acabó a tiempo.").await;
}
