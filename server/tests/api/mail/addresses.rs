//! Addresses that aren't in ASCII.

use serde_json::json;

use crate::support::{
    TestServer, log,
    log::lines_of,
    mail::{Sink, by_smtp},
    server::{PASSWORD, refused},
};

#[tokio::test]
async fn an_address_with_a_domain_in_unicode_gets_its_mail() {
    // The mail server doesn't take other addresses than ASCII.
    let mut sink = Sink::start_ascii().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    let new = |name: &str, email: &str| json!({ "username": name, "email": email, "password": PASSWORD });
    let response = server.post("/register", &new("ana", "ana@españa.es")).await;
    assert_eq!(response.status(), 201);
    let line = "INFO - Nuevo usuario registrado: 'ana' con email 'ana@xn--espaa-rta.es'.";
    assert!(lines_of(&response).contains(&line.to_owned()));
    let mail = sink.next().await;
    // The sink shows the domain of a recipient in Unicode.
    assert_eq!(mail.to, ["ana@españa.es"]);
    assert!(mail.head.contains("To: ana@xn--espaa-rta.es"), "{}", mail.head);
    let token = mail.token(&server, "confirm");
    let response = server.post(&format!("/api/confirm/{token}"), &json!({})).await;
    assert_eq!(response.status(), 200);

    // One account, whatever form of its address is given.
    for form in [
        "ana@españa.es",
        "ana@xn--espaa-rta.es",
        "ANA@ESPAÑA.ES",
        "ana@espan\u{303}a.es",
        "ana@españa。es",
    ] {
        let response = server.post("/register", &new("eva", form)).await;
        refused(response, 409, "email_taken", "msg").await;
        let credentials = json!({ "username": form, "password": PASSWORD });
        assert_eq!(server.post("/login", &credentials).await.status(), 200, "{form}");
        let response = server.post("/api/password/forgot", &json!({ "email": form })).await;
        assert_eq!(response.status(), 202, "{form}");
        assert_eq!(sink.next().await.to, ["ana@españa.es"], "{form}");
    }
    for search in ["espa%C3%B1a", "ana@espa%C3%B1a.es", "xn--espaa-rta"] {
        let list = server.get_json(&format!("/api/admin/users?search={search}")).await;
        assert_eq!(list["total"], 1, "{search}");
    }
}

#[tokio::test]
async fn an_address_that_the_mail_server_can_not_take_is_refused() {
    let mut sink = Sink::start_ascii().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    log::line_with("El servidor de correo no admite SMTPUTF8").await;
    let email = "ñandú@example.com";
    let new = json!({ "username": "ana", "email": email, "password": PASSWORD });
    let response = server.post("/register", &new).await;
    let line = format!("WARNING - Registro fallido: No se puede enviar correo a '{email}'.");
    assert_eq!(lines_of(&response), [line]);
    refused(response, 400, "email_undeliverable", "msg").await;
    // The name is still free.
    assert_eq!(server.register("ana").await.status(), 201);
    assert_eq!(sink.next().await.to, ["ana@example.com"]);
}
