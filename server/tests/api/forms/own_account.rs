//! The forms of the account page.

use reqwest::Method;
use serde_json::{Value, json};
use server::util::Clock;

use super::{answer, help, input, shown, submit, target};
use crate::support::{
    TestServer,
    accounts::set_cookie,
    mail::{Sink, by_smtp},
    server::PASSWORD,
    totp,
};

/// Its spaces belong to it.
const NEW_PASSWORD: &str = " otra frase larga ";

#[tokio::test]
async fn the_password_is_changed() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    let (browser, other) = (server.browser("ana").await, server.browser("ana").await);
    let change = async |current: &str, new: &str| {
        let fields = [("form", "password"), ("current_password", current), ("password", new)];
        submit(&server, "/account", &browser.cookie, &fields).await
    };
    for (current, new, status, field, error) in [
        ("", NEW_PASSWORD, 400, "current-password", "Falta la contraseña"),
        (PASSWORD, "corta", 400, "new-password", "8 a 128"),
        (PASSWORD, "password", 400, "new-password", "fácil de adivinar"),
        (
            "not this one",
            NEW_PASSWORD,
            403,
            "current-password",
            "No es la contraseña",
        ),
    ] {
        let html = answer(change(current, new).await, status).await;
        assert!(help(&html, field).contains(error), "{html}");
        assert!(!html.contains("not this one") && !html.contains(NEW_PASSWORD), "{html}");
    }
    let response = change(PASSWORD, NEW_PASSWORD).await;
    assert_eq!(target(&response), "/account?done=password_changed");
    let page = shown(&server, &response, &browser.cookie).await;
    assert!(page.contains("Contraseña cambiada."), "{page}");
    assert_eq!((browser.me().await, other.me().await), (200, 401));
    let response = change(NEW_PASSWORD, PASSWORD).await;
    assert_eq!(target(&response), "/account?done=password_changed");
}

#[tokio::test]
async fn the_address_changes_by_email() {
    let mut sink = Sink::start().await;
    let server = TestServer::with(|settings| by_smtp(settings, sink.port)).await;
    server.add_user("ana").await;
    let browser = server.browser("ana").await;
    let change = async |email: &str, password: &str| {
        let fields = [("form", "email"), ("email", email), ("password", password)];
        submit(&server, "/account", &browser.cookie, &fields).await
    };
    for (email, password, status, field, error) in [
        ("nobody", PASSWORD, 400, "new-email", "no está completa"),
        ("new@example.com", "", 400, "email-password", "Falta la contraseña"),
        (
            "new@example.com",
            "not this one",
            403,
            "email-password",
            "No es la contraseña",
        ),
        ("admin@example.com", PASSWORD, 409, "new-email", "Ya hay una cuenta"),
    ] {
        let html = answer(change(email, password).await, status).await;
        assert!(help(&html, field).contains(error), "{html}");
        assert!(html.contains(&format!("value=\"{email}\"")), "{html}");
    }
    let response = change(" new@example.com ", PASSWORD).await;
    assert_eq!(target(&response), "/account?done=email_requested");
    let page = shown(&server, &response, &browser.cookie).await;
    assert!(page.contains("Hemos enviado un enlace al correo nuevo."), "{page}");
    let mail = sink.next().await;
    assert_eq!(mail.to, ["new@example.com"]);
    // In the session that goes on, and without a session.
    let path = format!("/confirm/{}", mail.token(&server, "confirm"));
    let response = submit(&server, &path, &browser.cookie, &[]).await;
    assert_eq!(target(&response), "/login?done=email_changed");
    for cookie in [browser.cookie.as_str(), ""] {
        let page = shown(&server, &response, cookie).await;
        assert!(page.contains("El correo de tu cuenta ha cambiado."), "{page}");
        assert!(!page.contains("tu cuenta está completa"), "{page}");
    }
    assert_eq!(server.row("ana").await.email, "new@example.com");
}

#[tokio::test]
async fn the_account_is_deleted() {
    let server = TestServer::start().await;
    server.add_user("ana").await;
    let browser = server.browser("ana").await;
    let delete = async |password: &str, cookie: &str| {
        let fields = [("form", "delete"), ("password", password)];
        submit(&server, "/account", cookie, &fields).await
    };
    for (password, status, error) in [
        ("", 400, "Falta la contraseña"),
        ("not this one", 403, "No es la contraseña"),
    ] {
        let html = answer(delete(password, &browser.cookie).await, status).await;
        assert!(help(&html, "delete-password").contains(error), "{html}");
        let (_, deletion) = html.split_once("id=\"delete-title\"").unwrap();
        assert!(deletion.contains("<details open"), "{html}");
    }
    let response = delete(PASSWORD, &browser.cookie).await;
    assert_eq!(target(&response), "/?done=deleted");
    assert!(set_cookie(&response).contains("Max-Age=0"));
    let notice = "Tu cuenta se ha eliminado.";
    assert!(shown(&server, &response, &browser.cookie).await.contains(notice));
    assert_eq!(browser.me().await, 401);
    // Those who are logged in aren't told so, whatever the address says.
    let admin = server.browser("admin").await;
    let page = admin.get("/?done=deleted").await.text().await.unwrap();
    assert!(page.contains("user-name") && !page.contains(notice), "{page}");
    let html = answer(delete(PASSWORD, &admin.cookie).await, 409).await;
    assert!(html.contains("Es el único administrador que queda."), "{html}");
}

#[tokio::test]
async fn a_form_without_a_session_leads_to_the_login() {
    let server = TestServer::start().await;
    for form in ["password", "email", "delete"] {
        let fields = [("form", form), ("password", PASSWORD)];
        let response = submit(&server, "/account", "", &fields).await;
        assert_eq!(target(&response), "/login?next=/account", "{form}");
    }
}

#[tokio::test]
async fn an_account_with_a_second_factor_is_asked_for_a_code() {
    let clock = Clock::mock();
    let server = TestServer::with_clock(clock.clone(), |_| ()).await;
    let post = async |path: &str, body: Value| {
        let request = server.by(&server.token, Method::POST, path).json(&body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json::<Value>().await.unwrap()
    };
    let secret = post("/api/me/totp", json!({ "password": PASSWORD })).await["secret"].clone();
    let code = totp::code(secret.as_str().unwrap(), clock.now());
    let codes = post("/api/me/totp/activate", json!({ "code": code })).await;
    let recovery_code = codes["recovery_codes"][0].as_str().unwrap();
    let page = server.get("/login").await.text().await.unwrap();
    assert!(!page.contains("name=\"code\""), "{page}");
    let login = async |code: &str| {
        let fields = [("username", "admin"), ("password", PASSWORD), ("code", code)];
        submit(&server, "/login?next=/account", "", &fields).await
    };
    for (code, error) in [("", "Falta el código"), ("123456789", "Ese código no vale")] {
        let html = answer(login(code).await, 401).await;
        assert!(help(&html, "code").contains(error), "{html}");
        assert!(input(&html, "username").contains("value=\"admin\""), "{html}");
        assert!(!input(&html, "code").contains("value="), "{html}");
        assert!(!html.contains("error-message"), "{html}");
    }
    let response = login(recovery_code).await;
    assert_eq!(target(&response), "/account");
    // The account page doesn't know of it before the server asks.
    let cookie = set_cookie(&response).split(';').next().unwrap().to_owned();
    let fields = [("form", "delete"), ("password", PASSWORD)];
    let html = answer(submit(&server, "/account", &cookie, &fields).await, 403).await;
    assert!(help(&html, "delete-code").contains("Falta el código"), "{html}");
}
