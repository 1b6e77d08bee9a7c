//! Contents and recipients.

use serde_json::json;

use crate::support::{
    TestServer,
    mail::{Sink, by_smtp},
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
    let must = [
        "a+b@example.com",
        "ñandú@example.com",
        "ana@correo.españa.example",
        "\"a,b;c\"@example.com",
    ];
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
    // The sink shows the domains of recipients in Unicode.
    arrived.sort_unstable();
    sent.sort_unstable();
    assert_eq!(arrived, sent);
}
