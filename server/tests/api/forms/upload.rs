//! Uploads without JavaScript.

use reqwest::{
    Method, Response,
    multipart::{Form, Part},
};
use sea_orm::ActiveValue::Set;

use super::{answer, navigate};
use crate::{
    limits::{limited, standing},
    support::{
        TestServer,
        log::lines_of,
        pictures::{Kind, black_png, drawn, encoded, numbered_png},
        server::file,
    },
};

async fn upload(server: &TestServer, cookie: &str, form: Form) -> Response {
    let request = navigate(server, Method::POST, "/", cookie).header("origin", server.url(""));
    request.multipart(form).send().await.unwrap()
}

/// The digit that a page shows.
fn digit(html: &str) -> &str {
    let (_, rest) = html.split_once("data-testid=\"reading\"").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split('<').next().unwrap()
}

#[tokio::test]
async fn the_form_is_on_the_drawing_page_of_who_is_signed_in() {
    let server = TestServer::start().await;
    let form = "action=\"/\" enctype=\"multipart/form-data\"";
    let visitor = server.get("/").await.text().await.unwrap();
    assert!(!visitor.contains(form), "{visitor}");
    assert!(
        visitor.contains("El servidor solo lee imágenes de quien tiene cuenta."),
        "{visitor}"
    );
    let browser = server.browser("admin").await;
    let page = browser.get("/").await.text().await.unwrap();
    assert!(page.contains("name=\"file\"") && page.contains(form), "{page}");
    assert!(
        !browser
            .get("/login")
            .await
            .text()
            .await
            .unwrap()
            .contains("name=\"file\"")
    );
}

#[tokio::test]
async fn the_answer_shows_the_digit_its_certainty_and_what_is_left() {
    let server = limited(|_| ()).await;
    let browser = server.browser("admin").await;
    let response = upload(&server, &browser.cookie, file("a.png", numbered_png(1))).await;
    assert_eq!(standing(&response), (100, 99));
    assert_eq!(response.headers()["cache-control"], "no-store");
    let lines = lines_of(&response);
    assert!(
        lines[0].starts_with("INFO - Predicción realizada: Dígito 3 con probabilidad "),
        "{lines:?}"
    );
    let html = answer(response, 200).await;
    assert_eq!(digit(&html), "3");
    assert!(html.contains("seguro, ") && html.contains("Quedan 99 de 100"), "{html}");
    assert!(html.contains("name=\"file\""), "another picture can follow: {html}");
    assert_eq!(server.row("admin").await.predictions, 1, "it is in the history");
    let request = navigate(
        &server,
        Method::POST,
        "/",
        &format!("{}; trazo_lang=en", browser.cookie),
    );
    let html = answer(
        request.multipart(file("a.png", numbered_png(2))).send().await.unwrap(),
        200,
    )
    .await;
    assert!(html.contains("sure, ") && html.contains("98 of 100 left"), "{html}");
}

#[tokio::test]
async fn a_notice_is_part_of_the_answer() {
    let server = TestServer::shipped().await;
    let browser = server.browser("admin").await;
    let blank = black_png(28, 28, Kind::Grey8);
    let html = answer(upload(&server, &browser.cookie, file("a.png", blank)).await, 200).await;
    assert_eq!(digit(&html), "–");
    assert!(html.contains("No veo ningún trazo."), "{html}");
    let seven = encoded(drawn("7-plain"), image::ImageFormat::Png);
    let html = answer(upload(&server, &browser.cookie, file("a.png", seven)).await, 200).await;
    assert_eq!(digit(&html), "7");
    assert!(html.contains("Sin límite"), "{html}");
}

#[tokio::test]
async fn an_unconfirmed_account_sees_what_is_left_and_then_what_to_do() {
    let server = TestServer::with(|settings| settings.accounts.unconfirmed_predictions = 2).await;
    server.add_user("ana").await;
    server.change_row("ana", |row| row.email_confirmed = Set(false)).await;
    let browser = server.browser("ana").await;
    let send = async |number| upload(&server, &browser.cookie, file("a.png", numbered_png(number))).await;
    assert!(
        answer(send(1).await, 200)
            .await
            .contains("Te queda 1 antes de confirmar el correo.")
    );
    answer(send(2).await, 200).await;
    let html = answer(send(3).await, 403).await;
    assert!(
        html.contains("confirma tu correo") && html.contains("href=\"/account\""),
        "{html}"
    );
}

#[tokio::test]
async fn without_a_session_the_answer_leads_to_the_login() {
    let server = TestServer::start().await;
    for (cookie, reason) in [
        ("", "solo lee imágenes de quien tiene cuenta"),
        ("trazo_session=0123456789abcdef", "Tu sesión se ha cerrado."),
    ] {
        let html = answer(upload(&server, cookie, file("a.png", numbered_png(1))).await, 401).await;
        assert!(
            html.contains("href=\"/login\"") && (html.contains("href=\"/register\"") == cookie.is_empty()),
            "{html}"
        );
        assert!(html.contains(reason) && !html.contains("name=\"file\""), "{html}");
    }
}

#[tokio::test]
async fn every_refused_file_is_explained() {
    let server = TestServer::with(|settings| settings.upload.max_upload_bytes = 1_000_000).await;
    let browser = server.browser("admin").await;
    let unnamed = Form::new().part("file", Part::bytes(Vec::new()).file_name(""));
    for (form, status, text) in [
        (file("a.txt", "hola"), 400, "El servidor no admite ese tipo de archivo."),
        (unnamed, 400, "No has elegido ninguna imagen."),
        (Form::new().text("other", "x"), 400, "No has elegido ninguna imagen."),
        (file("a.png", "hola"), 422, "Esa imagen no se puede leer"),
        (
            file("a.png", black_png(10_000, 10_000, Kind::Grey8)),
            422,
            "Esa imagen tiene demasiados píxeles.",
        ),
        (
            file("a.png", vec![0; 1_500_000]),
            413,
            "Ese archivo es demasiado grande.",
        ),
    ] {
        let html = answer(upload(&server, &browser.cookie, form).await, status).await;
        assert!(html.contains(text), "{text}: {html}");
        assert!(html.contains("name=\"file\"") && !html.contains("Tu dibujo"), "{html}");
    }
}

#[tokio::test]
async fn the_quota_holds() {
    let server = limited(|settings| settings.limits.ratelimit_predict = "1 per day".parse().unwrap()).await;
    let browser = server.browser("admin").await;
    answer(
        upload(&server, &browser.cookie, file("a.png", numbered_png(1))).await,
        200,
    )
    .await;
    let response = upload(&server, &browser.cookie, file("a.png", numbered_png(1))).await;
    assert_eq!(standing(&response), (1, 0));
    let html = answer(response, 429).await;
    assert!(
        html.contains("Has preguntado muchas veces seguidas.") && html.contains("24 horas"),
        "{html}"
    );
}
