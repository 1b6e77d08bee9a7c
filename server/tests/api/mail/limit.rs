//! How many emails anyone can have sent to an account.

use serde_json::json;

use crate::support::{
    TestServer, log,
    mail::{Sink, by_smtp},
};

#[tokio::test]
async fn an_account_gets_few_emails_however_many_addresses_ask() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| {
        by_smtp(settings, sink.port);
        settings.limits.ratelimit_enabled = true;
        settings.limits.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await;
    assert_eq!(server.register("ana").await.status(), 201);
    server.add_user("eva").await;
    assert_eq!(sink.next().await.to, ["ana@example.com"]);
    // Each from another address.
    let ask = async |number: usize, path: &str, name: &str| {
        let request = server.client.post(server.url(path));
        let request = request.header("x-forwarded-for", format!("203.0.113.{number}"));
        let email = format!("{name}@example.com");
        let response = request.json(&json!({ "email": email })).send().await.unwrap();
        assert_eq!(response.status(), 202);
        response.text().await.unwrap()
    };
    let [forgot, resend] = ["/api/password/forgot", "/api/confirm/resend"];
    let answer = ask(0, forgot, "nobody").await;
    for (number, path) in [forgot, resend, forgot, resend, forgot].into_iter().enumerate() {
        ask(number, path, "ana").await;
        assert_eq!(sink.next().await.to, ["ana@example.com"]);
    }
    for number in 5..10 {
        assert_eq!(ask(number, forgot, "ana").await, answer, "it looks the same");
        ask(number, resend, "ana").await;
    }
    log::line_with("WARNING - Límite de emails superado para el usuario 'ana'.").await;
    // Other accounts aren't affected.
    ask(10, forgot, "eva").await;
    assert_eq!(sink.next().await.to, ["eva@example.com"]);
    server.all_mail_left().await;
    assert!(sink.arrived().is_empty(), "no other email to ana");
}
