//! Registration, confirmation and a new password.

use reqwest::Response;
use sea_orm::ActiveValue::Set;

use super::{answer, help, input, shown, submit, target};
use crate::support::{
    TestServer,
    log::lines_of,
    mail::{Sink, by_smtp},
    server::PASSWORD,
};

async fn with_sink() -> (TestServer, Sink) {
    let sink = Sink::start().await;
    (TestServer::with(|settings| by_smtp(settings, sink.port)).await, sink)
}

async fn register(server: &TestServer, username: &str, email: &str, password: &str) -> Response {
    let fields = [("username", username), ("email", email), ("password", password)];
    submit(server, "/register", "", &fields).await
}

#[tokio::test]
async fn a_new_account_is_created_and_the_next_page_says_so() {
    let (server, mut sink) = with_sink().await;
    // Keyboards append a space to what they suggest.
    let response = register(&server, " ana ", "ana@example.com ", PASSWORD).await;
    assert_eq!(target(&response), "/login?done=registered");
    assert_eq!(
        lines_of(&response),
        ["INFO - Nuevo usuario registrado: 'ana' con email 'ana@example.com'."]
    );
    assert!(shown(&server, &response, "").await.contains("Cuenta creada."));
    assert_eq!(sink.next().await.to, ["ana@example.com"]);
    server.sign_in("ana").await;
    let fields = [
        ("username", "eva"),
        ("email", "eva@example.com"),
        ("password", PASSWORD),
    ];
    let response = submit(&server, "/register?next=/account", "", &fields).await;
    assert_eq!(target(&response), "/login?next=/account&done=registered");
}

#[tokio::test]
async fn each_error_is_at_its_field_and_only_the_password_is_lost() {
    let server = TestServer::start().await;
    let free = ("eva", "eva@example.com");
    let secret = "una frase que no vuelve";
    for (username, email, password, status, field, error) in [
        ("an", free.1, secret, 400, "username", "Usa de 3 a 32"),
        ("ADMIN", free.1, secret, 409, "username", "ya está en uso"),
        ("", free.1, secret, 400, "username", "Falta el nombre"),
        (free.0, "eva", secret, 400, "email", "no está completa"),
        (free.0, "", secret, 400, "email", "Falta el correo"),
        (free.0, free.1, "corta", 400, "password", "8 a 128"),
        (free.0, free.1, "password", 400, "password", "fácil de adivinar"),
        (free.0, free.1, "", 400, "password", "Falta la contraseña"),
    ] {
        let response = register(&server, username, email, password).await;
        assert_eq!(response.headers()["cache-control"], "no-store");
        let html = answer(response, status).await;
        assert!(help(&html, field).contains(error), "{error} in {html}");
        for (name, value) in [("username", username), ("email", email)] {
            let input = input(&html, name);
            assert!(input.contains(&format!("value=\"{value}\"")), "{input}");
            assert_eq!(input.contains("aria-invalid=\"true\""), name == field, "{input}");
        }
        let password_input = input(&html, "password");
        assert!(!password_input.contains("value=") && !html.contains(secret), "{html}");
        assert_eq!(password_input.contains("aria-invalid"), field == "password");
        assert!(!html.contains("error-message"), "{html}");
    }
    // The address of another account, too.
    server.add_user("ana").await;
    let html = answer(register(&server, "eva", "ana@example.com", secret).await, 409).await;
    assert!(help(&html, "email").contains("Ya hay una cuenta"), "{html}");
    // All that the page itself would find is shown at once.
    let html = answer(register(&server, "an", "eva", "corta").await, 400).await;
    assert_eq!(html.matches("aria-invalid=\"true\"").count(), 3, "{html}");
}

#[tokio::test]
async fn what_was_typed_is_escaped() {
    let server = TestServer::start().await;
    for payload in ["\"><script>alert(1)</script>", "</title><img src=x onerror=alert(1)>"] {
        let html = answer(register(&server, payload, payload, PASSWORD).await, 400).await;
        assert!(
            !html.contains("<script>alert") && !html.contains("<img src=x"),
            "{html}"
        );
    }
}

#[tokio::test]
async fn an_address_is_confirmed_once() {
    let (server, mut sink) = with_sink().await;
    server.register("ana").await;
    let token = sink.next().await.token(&server, "confirm");
    let path = format!("/confirm/{token}");
    let response = submit(&server, &path, "", &[]).await;
    assert_eq!(target(&response), "/login?done=confirmed");
    assert!(shown(&server, &response, "").await.contains("tu cuenta está completa"));
    assert!(server.row("ana").await.email_confirmed);
    // The used link says what to do: the page then has the form that asks for another mail.
    let html = answer(submit(&server, &path, "", &[]).await, 400).await;
    assert!(html.contains("Este enlace no vale"), "{html}");
    input(&html, "email");
}

#[tokio::test]
async fn another_mail_is_asked_for() {
    let (server, mut sink) = with_sink().await;
    server.register("ana").await;
    sink.next().await;
    let path = "/confirm/no-such-token";
    let response = submit(&server, path, "", &[("email", "ana@example.com")]).await;
    assert_eq!(target(&response), "/login?done=confirmation_requested");
    let page = shown(&server, &response, "").await;
    assert!(page.contains("Si hay una cuenta sin confirmar"), "{page}");
    assert_eq!(sink.next().await.to, ["ana@example.com"]);
    // The same for an unknown address.
    let other = submit(&server, path, "", &[("email", "nobody@example.com")]).await;
    assert_eq!(target(&other), target(&response));
    for (email, error) in [("", "Falta el correo"), ("ana", "no está completa")] {
        let html = answer(submit(&server, path, "", &[("email", email)]).await, 400).await;
        assert!(help(&html, "email").contains(error), "{html}");
        assert!(!html.contains("error-message"), "{html}");
    }
    // Also on the account page, which knows the address.
    let browser = server.browser("ana").await;
    let page = browser.get("/account").await.text().await.unwrap();
    assert!(input(&page, "email").contains("value=\"ana@example.com\""), "{page}");
    let response = submit(&server, "/account", &browser.cookie, &[("email", "ana@example.com")]).await;
    assert_eq!(target(&response), "/account?done=confirmation_requested");
    let page = shown(&server, &response, &browser.cookie).await;
    assert!(page.contains("El correo va de camino"), "{page}");
    assert_eq!(sink.next().await.to, ["ana@example.com"]);
}

#[tokio::test]
async fn a_forgotten_password_is_changed() {
    let (server, mut sink) = with_sink().await;
    server.add_user("ana").await;
    let session = server.browser("ana").await;
    let response = submit(&server, "/forgot", "", &[("email", "ana@example.com")]).await;
    assert_eq!(target(&response), "/forgot?done=reset_requested");
    let page = shown(&server, &response, "").await;
    assert!(page.contains("Si hay una cuenta con esa dirección"), "{page}");
    for (email, error) in [("", "Falta el correo"), ("ana", "no está completa")] {
        let html = answer(submit(&server, "/forgot", "", &[("email", email)]).await, 400).await;
        assert!(help(&html, "email").contains(error), "{html}");
    }
    let token = sink.next().await.token(&server, "reset");
    let path = format!("/reset/{token}");
    for (password, error) in [
        ("", "Falta la contraseña"),
        ("corta", "8 a 128"),
        ("password", "fácil de adivinar"),
    ] {
        let html = answer(submit(&server, &path, "", &[("password", password)]).await, 400).await;
        assert!(help(&html, "password").contains(error), "{html}");
        assert!(!input(&html, "password").contains("value="), "{html}");
    }
    let fields = [("password", "otra frase larga")];
    let response = submit(&server, &path, &session.cookie, &fields).await;
    assert_eq!(target(&response), "/login?done=reset");
    let page = shown(&server, &response, &session.cookie).await;
    assert!(page.contains("Todas tus sesiones se han cerrado"), "{page}");
    assert_eq!(session.me().await, 401);
    // The link is used up.
    let html = answer(submit(&server, &path, "", &fields).await, 400).await;
    assert!(html.contains("Este enlace no vale"), "{html}");
}

#[tokio::test]
async fn a_disabled_account_gets_no_session() {
    let server = TestServer::start().await;
    server.add_user("off").await;
    server.change_row("off", |row| row.disabled = Set(true)).await;
    let fields = [("username", "off"), ("password", PASSWORD)];
    let response = submit(&server, "/login", "", &fields).await;
    assert!(!response.headers().contains_key("set-cookie"));
    assert!(answer(response, 403).await.contains("Esta cuenta está desactivada"));
}
