//! `POST /api/admin/users/{id}/resend`.

use reqwest::Method;
use serde_json::json;

use super::{actions, list};
use crate::support::{
    TestServer,
    mail::{Sink, by_smtp},
    server::refused,
};

#[tokio::test]
async fn the_confirmation_is_sent_again() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    server.register("ana").await;
    let first = sink.next().await;
    assert_eq!(first.to, ["ana@example.com"]);
    let id = server.row("ana").await.id;
    let resend = async |id: &str| {
        let path = format!("/api/admin/users/{id}/resend");
        server.by(&server.token, Method::POST, &path).send().await.unwrap()
    };
    assert_eq!(resend(&id.to_string()).await.status(), 202);
    let mail = sink.next().await;
    assert_eq!(
        (mail.to.as_slice(), &mail.subject),
        (["ana@example.com".to_owned()].as_slice(), &first.subject)
    );
    let user = list(&server, "search=ana").await.users.remove(0);
    assert_eq!(actions(&user), ["confirmation_resent by admin"]);
    let token = mail.token(&server, "confirm");
    let response = server.post(&format!("/api/confirm/{token}"), &json!({})).await;
    assert_eq!(response.status(), 200);
    // Nothing is sent to a confirmed address.
    assert_eq!(resend(&id.to_string()).await.status(), 202);
    for id in ["0", "-1", "999", "x"] {
        refused(resend(id).await, 404, "not_found", "msg").await;
    }
    server.all_mail_left().await;
    assert!(sink.arrived().is_empty());
    let user = list(&server, "search=ana").await.users.remove(0);
    assert_eq!(user.changes.len(), 1);
}
