//! `POST /api/predict/number`.

use api::{History, Notice, Number};
use image::{GrayImage, ImageFormat, Luma, imageops};
use reqwest::{
    Method, Response,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::limits::limited;
use crate::support::{
    TestServer,
    log::lines_of,
    pictures::{drawn, encoded},
    server::refused,
};

/// Lines of digits by their names in `end2end/strokes`; `-` is a dash, and each sign is `pitch` pixels from the next.
fn written(lines: &[&[&str]], pitch: u32) -> Vec<u8> {
    let columns = u32::try_from(lines.iter().map(|line| line.len()).max().unwrap_or(0)).unwrap();
    let (width, height) = (columns * pitch + 80, 40 + u32::try_from(lines.len()).unwrap() * 180);
    let mut page = GrayImage::from_pixel(width.max(100), height.max(100), Luma([255]));
    for (row, line) in (0_u32..).zip(lines) {
        for (column, name) in (0_u32..).zip(*line) {
            let sign = if *name == "-" { dash() } else { drawn(name) };
            let (left, top) = (20 + column * pitch, 20 + row * 180);
            for (x, y, pixel) in sign.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] < 128) {
                page.put_pixel(left + x, top + y, *pixel);
            }
        }
    }
    encoded(page, ImageFormat::Png)
}

fn dash() -> GrayImage {
    let mut dash = GrayImage::from_pixel(140, 140, Luma([255]));
    let ink = GrayImage::from_pixel(40, 10, Luma([0]));
    imageops::overlay(&mut dash, &ink, 50, 65);
    dash
}

async fn post(server: &TestServer, token: &str, image: Vec<u8>) -> Response {
    let form = Form::new().part("file", Part::bytes(image).file_name("a.png"));
    let request = server.by(token, Method::POST, "/api/predict/number");
    request.multipart(form).send().await.unwrap()
}

async fn read(server: &TestServer, image: Vec<u8>) -> Number {
    let response = post(server, &server.token, image).await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

#[tokio::test]
async fn digits_beside_each_other_are_a_number() {
    let server = TestServer::shipped().await;
    for (signs, number) in [
        (&["4-open", "2-plain"][..], "42"),
        (&["2-plain", "0-round", "2-plain", "7-plain"], "2027"),
        (&["3-round"], "3"),
    ] {
        let answer = read(&server, written(&[signs], 120)).await;
        assert_eq!((answer.number.as_str(), answer.notice), (number, None), "{answer:?}");
        let digits: Vec<String> = answer
            .parts
            .iter()
            .map(|part| part.digit.unwrap().to_string())
            .collect();
        assert_eq!(digits.concat(), number);
        assert!(answer.parts.is_sorted_by_key(|part| part.area[0]), "{answer:?}");
        assert!(answer.parts.iter().all(|part| part.line == 1 && part.probability > 0.5));
        assert!(answer.probability > 0.5, "{answer:?}");
        assert_eq!(answer.model, classifier::model_version());
    }
}

#[tokio::test]
async fn each_line_of_writing_is_a_number() {
    let server = TestServer::shipped().await;
    let answer = read(&server, written(&[&["4-open", "2-plain"], &["7-plain"]], 120)).await;
    assert_eq!(answer.number, "42\n7");
    let lines: Vec<usize> = answer.parts.iter().map(|part| part.line).collect();
    assert_eq!(lines, [1, 1, 2]);
}

#[tokio::test]
async fn what_is_no_digit_is_shown_as_such() {
    let server = TestServer::shipped().await;
    let answer = read(&server, written(&[&["4-open", "-", "2-plain"]], 120)).await;
    assert_eq!(answer.number, "4?2");
    assert_eq!(answer.parts[1].digit, None);
    let blank = read(&server, written(&[], 120)).await;
    assert_eq!(
        (blank.number.as_str(), blank.parts.len(), blank.probability),
        ("", 0, 0.0)
    );
    assert_eq!(blank.notice, Some(Notice::EmptyImage));
}

#[tokio::test]
async fn the_response_has_exactly_the_documented_fields() {
    let server = TestServer::shipped().await;
    let response = post(&server, &server.token, written(&[&["4-open", "2-plain"]], 120)).await;
    let body: Value = response.json().await.unwrap();
    let fields: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["cached", "digitos", "modelo", "numero", "probabilidad"]);
    let of_digit: Vec<_> = body["digitos"][0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(of_digit, ["caja", "digito", "linea", "probabilidad"]);
}

#[tokio::test]
async fn a_number_is_cached_logged_counted_and_kept() {
    let server = TestServer::shipped().await;
    let token = server.user("ana").await;
    let image = written(&[&["4-open", "2-plain"]], 120);
    let first = post(&server, &token, image.clone()).await;
    let line = lines_of(&first);
    let number: Number = first.json().await.unwrap();
    let probability = number.probability;
    assert_eq!(
        line,
        [format!(
            "INFO - Predicción realizada: Número 42 con probabilidad {probability:.2}."
        )]
    );
    let second = post(&server, &token, image.clone()).await;
    assert_eq!(lines_of(&second), ["INFO - Predicción obtenida desde la cache."]);
    assert_eq!(
        second.json::<Number>().await.unwrap(),
        Number { cached: true, ..number }
    );
    // The same file read as one digit is another answer.
    let digit: Value = server
        .upload_by(&token, "a.png", image)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&digit["cached"], &digit["aviso"]),
        (&json!(false), &json!("varios_digitos"))
    );
    let metrics = server.get("/metrics").await.text().await.unwrap();
    for source in ["model", "cache"] {
        for digit in [4, 2] {
            let labels = format!(
                "digit=\"{digit}\",source=\"{source}\",model=\"{}\"",
                classifier::model_version()
            );
            let sample = format!("predictions_total{{{labels}}}");
            assert!(metrics.contains(&sample), "{sample}");
        }
    }
    let history = server.by(&token, Method::GET, "/api/predictions").send().await.unwrap();
    let history: History = history.json().await.unwrap();
    let kept: Vec<_> = history.predictions.iter().map(|past| past.number.as_deref()).collect();
    assert_eq!(kept, [None, Some("42"), Some("42")]);
    assert_eq!(history.predictions[2].digit, 4);
    // A digit can't correct a number.
    let path = format!("/api/predictions/{}/correction", history.predictions[1].id);
    let correction = server.by(&token, Method::POST, &path).json(&json!({ "digito": 3 }));
    refused(correction.send().await.unwrap(), 404, "not_found", "msg").await;
}

#[tokio::test]
async fn it_shares_the_quota_and_the_errors_of_predict() {
    let server = limited(|settings| settings.limits.ratelimit_predict = "2 per day".parse().unwrap()).await;
    let image = written(&[&["4-open", "2-plain"]], 120);
    refused(
        post(&server, "no token", image.clone()).await,
        401,
        "token_invalid",
        "error",
    )
    .await;
    let empty = server.by(&server.token, Method::POST, "/api/predict/number");
    refused(
        empty.multipart(Form::new()).send().await.unwrap(),
        400,
        "file_missing",
        "error",
    )
    .await;
    assert_eq!(post(&server, &server.token, image.clone()).await.status(), 200);
    refused(
        post(&server, &server.token, image.clone()).await,
        429,
        "rate_limited",
        "error",
    )
    .await;
    refused(server.predict("a.png", image).await, 429, "rate_limited", "error").await;
}
