//! Sign-in, sign-out and the language.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use server::util::Clock;

use super::{answer, form, help, input, navigate, shown, submit, target};
use crate::support::{
    TestServer,
    accounts::set_cookie,
    log::lines_of,
    metrics::scrape,
    server::{PASSWORD, refused},
    totp::code,
};

const ADMIN: [(&str, &str); 2] = [("username", "admin"), ("password", PASSWORD)];

#[tokio::test]
async fn a_session_begins_and_ends() {
    let server = TestServer::start().await;
    let response = submit(&server, "/login", "", &ADMIN).await;
    assert_eq!(target(&response), "/");
    assert_eq!(
        lines_of(&response),
        ["INFO - Usuario 'admin' inició sesión exitosamente."]
    );
    assert_eq!(response.headers()["cache-control"], "no-store");
    let cookie = set_cookie(&response).split(';').next().unwrap().to_owned();
    let page = shown(&server, &response, &cookie).await;
    assert!(page.contains("class=\"user-name\">admin<"), "{page}");
    for path in ["/logout", "/logout/everywhere"] {
        assert!(page.contains("action=\"/logout\""), "{page}");
        let cookie = server.browser("admin").await.cookie;
        let response = submit(&server, path, &cookie, &[]).await;
        assert_eq!(target(&response), if path == "/logout" { "/" } else { "/login" });
        assert!(set_cookie(&response).contains("Max-Age=0"));
        assert!(!shown(&server, &response, &cookie).await.contains("user-name"));
        // Without a session there is nothing to end.
        assert_eq!(target(&submit(&server, path, &cookie, &[]).await), target(&response));
    }
    let request = server.client.get(server.url("/api/me")).header("cookie", cookie);
    assert_eq!(request.send().await.unwrap().status(), 401, "everywhere");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_have_the_same_answer() {
    let server = TestServer::start().await;
    for name in ["admin", "nobody"] {
        let fields = [("username", name), ("password", "wrong password")];
        let response = submit(&server, "/login?next=/account", "", &fields).await;
        assert!(!response.headers().contains_key("set-cookie"));
        let line = format!("WARNING - Inicio de sesión fallido para el username '{name}'.");
        assert_eq!(lines_of(&response), [line]);
        let html = answer(response, 401).await;
        assert!(html.contains("El nombre o la contraseña no son correctos."), "{html}");
        assert!(
            input(&html, "username").contains(&format!("value=\"{name}\"")),
            "{html}"
        );
        assert!(!html.contains("wrong password"), "{html}");
        assert!(html.contains("href=\"/register?next=/account\""), "{html}");
    }
    let html = answer(submit(&server, "/login", "", &[("username", "admin")]).await, 400).await;
    assert!(help(&html, "password").contains("Falta la contraseña"), "{html}");
    assert!(!help(&html, "username").contains("Falta"), "{html}");
}

#[tokio::test]
async fn a_second_factor_is_asked_for() {
    let clock = Clock::mock();
    let server = TestServer::with_clock(clock.clone(), |_| ()).await;
    let ask = async |path: &str, body: Value| {
        let request = server.by(&server.token, Method::POST, path).json(&body);
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let secret = ask("/api/me/totp", json!({ "password": PASSWORD })).await;
    let secret = secret["secret"].as_str().unwrap();
    ask("/api/me/totp/activate", json!({ "code": code(secret, clock.now()) })).await;
    clock.advance(TimeDelta::seconds(30));
    let now = code(secret, clock.now());
    for given in ["", "12345"] {
        let fields = [ADMIN[0], ADMIN[1], ("code", given)];
        let response = submit(&server, "/login?next=/account", "", &fields).await;
        assert!(!response.headers().contains_key("set-cookie"));
        let html = answer(response, 401).await;
        assert!(!html.contains(PASSWORD), "{html}");
    }
    // With the space that a keyboard appends.
    let typed = format!("{now} ");
    let fields = [ADMIN[0], ADMIN[1], ("code", typed.as_str())];
    let response = submit(&server, "/login?next=/account", "", &fields).await;
    assert_eq!(target(&response), "/account");
    set_cookie(&response);
}

#[tokio::test]
async fn the_answer_is_in_the_visitors_language() {
    let server = TestServer::start().await;
    let fields = [("username", "admin"), ("password", "wrong password")];
    let html = answer(submit(&server, "/login", "trazo_lang=en", &fields).await, 401).await;
    assert!(html.contains("The name or the password is wrong."), "{html}");
}

#[tokio::test]
async fn after_the_login_only_pages_of_this_site_follow() {
    let server = TestServer::start().await;
    for (next, page) in [
        ("/account", "/account"),
        ("/admin/users?search=a%20b", "/admin/users?search=a%20b"),
        ("/ñ", "/%C3%B1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/a\r\nset-cookie: a=b", "/"),
    ] {
        let path = format!("/login?next={}", api::access::percent_encode(next));
        assert_eq!(target(&submit(&server, &path, "", &ADMIN).await), page, "{next:?}");
        let registration = [("username", "x"), ("email", "x"), ("password", "x")];
        let path = format!("/register?next={}", api::access::percent_encode(next));
        let html = answer(submit(&server, &path, "", &registration).await, 400).await;
        assert!(!html.contains("evil.example"), "{next:?}: {html}");
    }
}

#[tokio::test]
async fn the_message_after_a_form_is_one_of_fixed_texts() {
    let server = TestServer::start().await;
    for done in ["", "<script>alert(1)</script>", "Tu cuenta fue borrada", "REGISTERED"] {
        let request = server.client.get(server.url("/login")).query(&[("done", done)]);
        let html = request.send().await.unwrap().text().await.unwrap();
        let (_, page) = html.split_once("<main").unwrap();
        assert!(!page.contains("role=\"status\"") && !page.contains("borrada"), "{html}");
    }
}

#[tokio::test]
async fn the_language_is_chosen_and_the_page_stays() {
    let server = TestServer::start().await;
    let choose = async |referer: &str, language: &str| {
        let request = navigate(&server, Method::POST, "/language", "").header("sec-fetch-site", "same-origin");
        let mut request = form(request, &[("lang", language)]).build().unwrap();
        request.headers_mut().insert("referer", referer.parse().unwrap());
        let client = reqwest::Client::builder().no_proxy();
        let client = client.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        client.execute(request).await.unwrap()
    };
    for page in ["/login?next=/account", "/", "/confirm/a-token"] {
        let response = choose(&server.url(page), "en").await;
        assert_eq!(target(&response), page);
        assert_eq!(
            set_cookie(&response),
            "trazo_lang=en; Path=/; Max-Age=31536000; SameSite=Lax"
        );
        let html = shown(&server, &response, "trazo_lang=en").await;
        assert!(
            html.contains("<html lang=\"en\"") && html.contains("value=\"es\""),
            "{html}"
        );
    }
    // A page of this origin whose path reads as another host.
    for page in ["//evil.example", "/\\evil.example"] {
        assert_eq!(target(&choose(&server.url(page), "es").await), "/");
    }
    for referer in ["", "nonsense"] {
        assert_eq!(target(&choose(referer, "es").await), "/");
    }
    let response = choose(&server.url("/"), "<script>").await;
    assert_eq!(target(&response), "/");
    assert!(!response.headers().contains_key("set-cookie"));
}

#[tokio::test]
async fn programs_see_the_api_where_browsers_see_pages() {
    let server = TestServer::start().await;
    for path in ["/login", "/register", "/forgot", "/"] {
        let request = server.client.post(server.url(path));
        let response = form(request, &ADMIN).send().await.unwrap();
        refused(response, 415, "request_invalid", "msg").await;
    }
    let request = server.client.post(server.url("/login")).header("accept", "text/html");
    let request = request.json(&serde_json::json!({ "username": "admin", "password": PASSWORD }));
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.status(), 200);
    // Below /api nothing is a page.
    let request = navigate(&server, Method::POST, "/api/login", "");
    refused(
        form(request, &ADMIN).send().await.unwrap(),
        415,
        "request_invalid",
        "msg",
    )
    .await;
}

#[tokio::test]
async fn forms_are_counted_by_the_path_of_their_page() {
    let server = TestServer::start().await;
    submit(&server, "/login", "", &ADMIN).await;
    submit(&server, "/confirm/some-token", "", &[]).await;
    submit(&server, "/logout", "", &[]).await;
    let scrape = scrape(&server).await;
    for (endpoint, status) in [("/login", "303"), ("/confirm/{token}", "400"), ("/logout", "303")] {
        let labels = [("method", "POST"), ("endpoint", endpoint), ("status", status)];
        assert_eq!(scrape.get("http_requests_total", &labels), Some(1.0), "{labels:?}");
    }
}
