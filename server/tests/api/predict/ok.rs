//! Successful predictions.

use api::{Notice, Prediction};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgba, RgbaImage};
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::support::{
    TestServer,
    pictures::{drawn, encoded, inverted, numbered_png},
};

#[tokio::test]
async fn a_drawn_digit_is_predicted_in_any_format_and_polarity() {
    let server = TestServer::shipped().await;
    for (name, digit) in [
        ("0-round", 0),
        ("2-plain", 2),
        ("3-round", 3),
        ("4-open", 4),
        ("7-plain", 7),
    ] {
        for (polarity, image) in [("light", drawn(name)), ("dark", inverted(drawn(name)))] {
            for (extension, format) in [
                ("png", ImageFormat::Png),
                ("jpg", ImageFormat::Jpeg),
                ("gif", ImageFormat::Gif),
            ] {
                let file = encoded(for_format(image.clone(), format), format);
                let response = server.predict(&format!("{name}.{extension}"), file).await;
                assert_eq!(response.status(), 200);
                let answer: Prediction = response.json().await.unwrap();
                assert_eq!(answer.digit, digit, "{name} {polarity} {extension}: {answer:?}");
                assert!(answer.probability > 0.5, "{name} {polarity} {extension}: {answer:?}");
                assert!((answer.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-4);
                assert_eq!(answer.model, classifier::model_version());
                assert_eq!(answer.notice, None);
            }
        }
    }
}

/// The GIF encoder only accepts RGBA.
fn for_format(image: GrayImage, format: ImageFormat) -> DynamicImage {
    let image = DynamicImage::from(image);
    if format == ImageFormat::Gif {
        image.into_rgba8().into()
    } else {
        image
    }
}

#[tokio::test]
async fn the_response_has_exactly_the_documented_fields() {
    let server = TestServer::start().await;
    let always = ["prediccion", "probabilidad", "cached", "probabilidades", "modelo", "id"];
    let paper = encoded(GrayImage::from_pixel(28, 28, Luma([255])), ImageFormat::Png);
    for (image, beside) in [(numbered_png(0), "caja"), (paper, "aviso")] {
        let body: Value = server.predict("a.png", image).await.json().await.unwrap();
        let fields: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
        let mut expected = [&always[..], &[beside]].concat();
        expected.sort_unstable();
        assert_eq!(fields, expected);
    }
}

#[tokio::test]
async fn both_paths_share_the_cache() {
    let server = TestServer::start().await;
    let post = |path: &str| {
        let form = Form::new().part("file", Part::bytes(numbered_png(1)).file_name("a.PNG"));
        server
            .client
            .post(server.url(path))
            .bearer_auth(&server.token)
            .multipart(form)
            .send()
    };
    let first: Prediction = post("/predict").await.unwrap().json().await.unwrap();
    let second: Prediction = post("/api/predict").await.unwrap().json().await.unwrap();
    assert!(!first.cached);
    assert!(second.cached);
    let expected = Prediction {
        cached: true,
        id: second.id,
        ..first.clone()
    };
    assert_eq!(second, expected);
    assert!(second.id > first.id, "each is a prediction of its own");
}

#[tokio::test]
async fn the_cache_key_is_the_bytes_and_not_the_file_name() {
    let server = TestServer::start().await;
    let cached = async |name: &str, bytes: Vec<u8>| {
        let answer: Prediction = server.predict(name, bytes).await.json().await.unwrap();
        answer.cached
    };
    assert!(!cached("a.png", numbered_png(1)).await);
    assert!(!cached("a.png", numbered_png(2)).await);
    assert!(cached("b.gif", numbered_png(1)).await);
}

#[tokio::test]
async fn a_blank_image_has_a_notice() {
    let server = TestServer::shipped().await;
    for image in [
        GrayImage::from_pixel(28, 28, Luma([255])),
        GrayImage::from_pixel(28, 28, Luma([0])),
    ] {
        let answer: Prediction = server
            .predict("test.png", encoded(image, ImageFormat::Png))
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(answer.notice, Some(Notice::EmptyImage));
        let even = |probability: &f32| (probability - 0.1).abs() < 1e-6;
        assert!(
            answer.probabilities.iter().all(even),
            "no digit is likelier than another"
        );
    }
    let clear = RgbaImage::from_pixel(28, 28, Rgba([0, 0, 0, 0]));
    let answer: Prediction = server
        .predict("test.png", encoded(clear, ImageFormat::Png))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(answer.notice, Some(Notice::EmptyImage));
}

#[tokio::test]
async fn the_first_file_is_used_and_text_fields_are_ignored() {
    let server = TestServer::start().await;
    let file = |number| Part::bytes(numbered_png(number)).file_name("a.png");
    let form = Form::new()
        .text("file", "no file")
        .text("other", "x")
        .part("file", file(1))
        .part("file", file(2));
    let response = server
        .client
        .post(server.url("/predict"))
        .bearer_auth(&server.token)
        .multipart(form)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    for (number, cached) in [(1, true), (2, false)] {
        let answer: Prediction = server
            .predict("a.png", numbered_png(number))
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(answer.cached, cached, "{number}");
    }
}
